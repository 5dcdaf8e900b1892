"""What the clock starts: how each job stands, and starting one by hand."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from radiopharm.core.refusals import Conflict
from radiopharm.jobs.overview import overview
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import JobFailed, run
from radiopharm.web import access

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
def show() -> str:
    """Every job: last run, duration, what it changed, when it is due again."""
    return render_template("jobs/page.html", jobs=overview(access.runtime(), g.now))


@bp.post("/jobs/<name>/run")
def start(name: str) -> Any:
    """Run a job now; a run by hand is a slot of its own, at this very instant."""
    runtime = access.runtime()
    job = find(runtime.settings, name)
    try:
        changed = run(runtime, job, g.now, by=access.actor())["changed"]
        flash(f"{name} has run: {changed} changed.", "ok")
    except Conflict as conflict:
        flash(conflict.message, "warn")
    except JobFailed as failed:
        flash(f"{failed}. Nothing was changed; the log says why.", "stop")
    return redirect(url_for("jobs.show"), 303)
