"""What may be asked of a register, the same for the page and for programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from radiopharm.core.people import Site
from radiopharm.core.periods import Period, written
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.registers import Asked
from radiopharm.schemas.fields import Line
from radiopharm.schemas.instants import EARLIEST, LATEST, Instant

POINT, COMMA = "point", "comma"
DAYS = validate.Range(EARLIEST.date(), LATEST.date(), max_inclusive=False)


class RegisterQuery(Schema):
    """For a month (2026-05), quarter (2026-Q2) or year (2026), or from one day to another.

    Without either it is this month. `known_at` asks for what was known then. `decimal` is the
    decimal sign of a CSV.
    """

    period = fields.String(metadata={"example": "2026-05"})
    first = fields.Date(data_key="from", validate=DAYS)
    last = fields.Date(data_key="to", validate=DAYS)
    known_at = Instant()
    lot = Line(most=64, load_default="")
    decimal = fields.String(load_default=POINT, validate=validate.OneOf([POINT, COMMA]))

    @validates_schema
    def _days(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("first" in data) != ("last" in data):
            raise ValidationError("Give both days, the first and the last.", "to")
        if "first" in data and data["first"] > data["last"]:
            raise ValidationError("The last day lies before the first.", "to")
        if "first" in data and "period" in data:
            raise ValidationError("Give a period or two days, not both.", "period")


def asked(query: Mapping[str, Any], site: Site, now: datetime) -> Asked:
    """What a loaded query asks for; `Invalid` where there is no such period, or not yet."""
    known_at = query.get("known_at", now)
    if known_at > now:
        said = "Nobody knows yet what will be known then."
        raise Invalid([Refusal(code="known_at", field="known_at", message=said)])
    period = _period(query, site.zone, now)
    if period.since > known_at:
        said = "Nothing can be known of days that have not begun."
        raise Invalid([Refusal(code="not_begun", field="from", message=said)])
    return Asked(period=period, known_at=known_at, lot=query["lot"])


def _period(query: Mapping[str, Any], zone: str, now: datetime) -> Period:
    if "first" in query:
        return Period(first=query["first"], last=query["last"], zone=zone)
    today = Period.of_instant(now, zone).first
    try:
        return written(query.get("period", f"{today:%Y-%m}"), zone)
    except ValueError as error:
        raise Invalid([Refusal(code="period", field="period", message=str(error))]) from error
