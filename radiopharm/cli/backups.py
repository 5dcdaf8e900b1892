"""`flask backup` and `flask restore`: the database out to a file, and back when it proves sound."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from radiopharm.cli.acting import runtime
from radiopharm.core.actions import Action
from radiopharm.core.backups import BadBackup
from radiopharm.core.people import SYSTEM
from radiopharm.jobs import sealer
from radiopharm.services import backups, erasures
from radiopharm.store.acts import Act, Answer

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Back the database up into FILE, its signed manifest beside it; others may go on writing."""
    here = runtime()
    sealer.tick(here, at_once=True)
    try:
        made = backups.save(here.engine, here.settings.audit_key, file, here.clock())
    except BadBackup as bad:
        raise click.ClickException(str(bad)) from bad

    def work(act: Act) -> Answer:
        act.record(Action.BACKED_UP, sha256=made.sha256)
        return {}

    here.act(work, actor=SYSTEM, now=here.clock())
    click.echo(f"{sum(made.contents.rows.values())} rows in {file}, sha256 {made.sha256}")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Also over a database that holds something.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Restore FILE when it proves sound in every part; else say why, and change nothing."""
    here, now = runtime(), runtime().clock()
    name = f"before-restore-{now:%Y%m%dT%H%M%SZ}.backup"
    safety = here.settings.backup_directory / name if replace else None
    key = here.settings.audit_key
    try:
        erased = erasures.listed(here.settings.backup_directory, key)
        made = backups.restore(
            here.engine, key, file, now, here.reference, safety=safety, erased=erased
        )
    except BadBackup as bad:
        raise click.ClickException(f"Nothing was changed. {bad}") from bad
    click.echo(f"restored the state of {made.made_at.isoformat()}")
    if safety and safety.exists():
        click.echo(f"what was there before lies in {safety}")
