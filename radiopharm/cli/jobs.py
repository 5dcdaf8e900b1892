"""`flask scheduler` and `flask jobs`: what the clock starts, and starting it by hand."""

from datetime import datetime

import click
from flask.cli import AppGroup, with_appcontext
from marshmallow import ValidationError

from radiopharm.cli.acting import operator, runtime
from radiopharm.cli.safety import require_safe
from radiopharm.core.refusals import Conflict, NotFound
from radiopharm.jobs import scheduler
from radiopharm.jobs.overview import overview
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import JobFailed
from radiopharm.jobs.running import run as run_job
from radiopharm.schemas.instants import instant_out, parse_instant

group = AppGroup("jobs", help="What the clock starts.")


@click.command("scheduler")
@with_appcontext
def scheduler_command() -> None:
    """Start jobs on time until told to stop; a second one waits and takes over."""
    require_safe()
    scheduler.serve(runtime())


@group.command("list")
def index() -> None:
    """How each job stands."""
    for it in overview(runtime(), runtime().clock()):
        last = instant_out(it.last.started_at) if it.last else "never"
        click.echo(f"{it.job.name:20} {it.state:10} last {last:28} next {instant_out(it.next_at)}")


@group.command("run")
@click.argument("name")
@click.option("--at", "at", metavar="INSTANT", help="2026-06-01T12:00:00Z; now without it.")
def run(name: str, at: str | None) -> None:
    """Run NAME now, or for a slot that was missed."""
    here = runtime()
    try:
        job = find(here.settings, name)
        changed = run_job(here, job, _instant(at) or here.clock(), by=operator())["changed"]
    except NotFound as missing:
        raise click.ClickException(f"There is no job {name}; see: flask jobs list") from missing
    except Conflict as conflict:
        raise click.ClickException(conflict.message) from conflict
    except JobFailed as failed:
        raise click.ClickException(f"{failed}; nothing was changed") from failed
    click.echo(f"{name}: {changed} changed")


def _instant(text: str | None) -> datetime | None:
    try:
        return parse_instant(text) if text is not None else None
    except ValidationError as error:
        raise click.BadParameter(str(error.messages[0]), param_hint="--at") from error
