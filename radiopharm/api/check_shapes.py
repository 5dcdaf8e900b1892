"""What checks of instruments look like on the way out."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields

from radiopharm.core.check_plans import CheckPlan
from radiopharm.core.check_standing import Standing
from radiopharm.core.instrument_checks import Check, Point, difference_text
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.store.check_doubts import Measured

Answer = dict[str, Any]


class CheckPlanOut(Schema):
    """How a kind of check is judged."""

    id = Id()
    instrument_id = Id()
    kind = fields.String()
    tolerance = fields.String()
    unit = fields.String()
    operator = fields.String()
    interval_days = fields.Integer(allow_none=True)
    is_required = fields.Boolean()
    source = fields.String()
    recorded_at = Instant()
    by = fields.String()


class CheckPointOut(Schema):
    """A reading beside what was expected, with the working; `measured_by` is device or typed."""

    label = fields.String()
    measured = fields.String()
    measured_bq = fields.Integer()
    measured_at = Instant()
    measured_by = fields.String()
    reading_id = Id(allow_none=True)
    expected_bq = fields.Float(allow_none=True)
    difference = fields.String()
    working = fields.Dict(allow_none=True)


class InstrumentCheckOut(Schema):
    """A check; `passed` is null where no tolerance was entered, so that it cannot be judged."""

    id = Id()
    instrument_id = Id()
    kind = fields.String()
    source_id = Id(allow_none=True)
    nuclide = fields.String(allow_none=True)
    readings = fields.List(fields.Nested(CheckPointOut))
    difference = fields.String()
    passed = fields.Boolean(allow_none=True)
    verdict = fields.String()
    tolerance = fields.String(allow_none=True)
    note = fields.String()
    checked_at = Instant()
    recorded_at = Instant()
    by = fields.String()
    void_reason = fields.String(allow_none=True)
    decision = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)


class MeasuredSinceOut(Schema):
    """A dose or a vial measured since the last passed check."""

    subject = fields.String()
    id = Id()
    measured = fields.String()
    measured_at = Instant()


class InstrumentCheckInDoubtOut(InstrumentCheckOut):
    """A check; if it failed, with what was read between those that passed before and after it."""

    measured_since = fields.List(fields.Nested(MeasuredSinceOut))


class CheckStandingOut(Schema):
    """How one kind of check of an instrument stands."""

    instrument_id = Id()
    kind = fields.String()
    plan = fields.Nested(CheckPlanOut, allow_none=True)
    last = fields.Nested(InstrumentCheckOut, allow_none=True)
    failed_check_ids = fields.List(Id())
    due_on = fields.String(allow_none=True)
    due = fields.Boolean()
    overdue = fields.Boolean()
    locked = fields.Boolean()


def plan(it: CheckPlan) -> Answer:
    """A plan."""
    named = ("id", "instrument_id", "unit", "operator", "interval_days", "is_required")
    return {
        **{name: getattr(it, name) for name in (*named, "source", "by")},
        "kind": str(it.kind),
        "tolerance": f"{it.tolerance:f}",
        "recorded_at": instant_out(it.recorded_at),
    }


def check(it: Check) -> Answer:
    """A check."""
    named = ("id", "instrument_id", "source_id", "nuclide", "passed", "note", "by")
    limit = f"{it.plan.operator} {it.plan.tolerance_text}" if it.plan else None
    return {
        **{name: getattr(it, name) for name in named},
        "kind": str(it.kind),
        "readings": [_point(it, point) for point in it.points],
        "difference": it.worst_text,
        "verdict": it.verdict,
        "tolerance": limit,
        "checked_at": instant_out(it.checked_at),
        "recorded_at": instant_out(it.recorded_at),
        "void_reason": it.voided.reason if it.voided else None,
        "decision": it.decision.reason if it.decision else None,
        "decided_by": it.decision.by if it.decision else None,
    }


def measured_since(found: list[Measured]) -> list[Answer]:
    """What a failed check leaves in doubt."""
    return [
        {
            "subject": it.subject,
            "id": it.subject_id,
            "measured": it.text,
            "measured_at": instant_out(it.at),
        }
        for it in found
    ]


def standing(it: Standing, at: datetime) -> Answer:
    """How one kind of check stands at *at*."""
    return {
        "instrument_id": it.instrument_id,
        "kind": str(it.kind),
        "plan": plan(it.plan) if it.plan else None,
        "last": check(it.last) if it.last else None,
        "failed_check_ids": [each.id for each in it.failed],
        "due_on": it.due_on.isoformat() if it.due_on else None,
        "due": it.is_due(at),
        "overdue": it.is_overdue(at),
        "locked": it.is_locking(at),
    }


def _point(it: Check, point: Point) -> Answer:
    difference: Fraction = point.difference(it.kind)
    return {
        "label": point.label,
        "measured": point.text,
        "measured_bq": point.bq,
        "measured_at": instant_out(point.at),
        "measured_by": point.by,
        "reading_id": point.reading_id,
        "expected_bq": point.expected_bq,
        "difference": difference_text(it.kind, difference),
        "working": point.working,
    }
