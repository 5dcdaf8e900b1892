"""Jobs by JSON: how each stands."""

from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api.access import runtime
from radiopharm.api.paging import page
from radiopharm.api.schemas import Number, page_of
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.jobs.overview import Failure, Run, Standing, overview
from radiopharm.schemas.instants import Instant, instant_out

blp = JsonBlueprint("jobs", "/jobs", "What the clock starts, and how it stands.")


class RunOut(Schema):
    """The newest run that took effect."""

    slot = Instant()
    started_at = Instant()
    ended_at = Instant()
    duration_s = Number()
    changed = fields.Integer()
    message = fields.String()
    started_by = fields.String()


class FailureOut(Schema):
    """The newest failed try, when nothing has run since."""

    slot = Instant()
    ended_at = Instant()
    message = fields.String()


class JobOut(Schema):
    """A job: `every_s` between slots, of which at most `catch_up` are caught up after downtime."""

    name = fields.String()
    says = fields.String()
    every_s = Number()
    catch_up = fields.Integer()
    state = fields.String()
    next_at = Instant()
    last = fields.Nested(RunOut, allow_none=True)
    failure = fields.Nested(FailureOut, allow_none=True)


@blp.get("")
@blp.response(200, page_of(JobOut, "Job"))
def index() -> dict[str, Any]:
    """Every job: last run, duration, what it changed, next run, state."""
    return page(map(_job, overview(runtime(), g.now)), None)


def _job(it: Standing) -> dict[str, Any]:
    cadence = it.job.cadence
    return {
        "name": it.job.name,
        "says": it.job.says,
        "every_s": cadence.every.total_seconds(),
        "catch_up": cadence.catch_up,
        "state": it.state,
        "next_at": instant_out(it.next_at),
        "last": _run(it.last) if it.last else None,
        "failure": _failure(it.failure) if it.failure else None,
    }


def _run(it: Run) -> dict[str, Any]:
    return {
        "slot": instant_out(it.slot),
        "started_at": instant_out(it.started_at),
        "ended_at": instant_out(it.ended_at),
        "duration_s": it.duration_s,
        "changed": it.changed,
        "message": it.message,
        "started_by": it.started_by,
    }


def _failure(it: Failure) -> dict[str, Any]:
    return {
        "slot": instant_out(it.slot),
        "ended_at": instant_out(it.ended_at),
        "message": it.message,
    }
