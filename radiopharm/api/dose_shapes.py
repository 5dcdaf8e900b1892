"""Doses and proposals as the API writes them."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields, validate

from radiopharm.api.access import actor
from radiopharm.api.schemas import PageQuery, Said
from radiopharm.api.signature_shapes import SignedOut, signed
from radiopharm.core.doses import Dose
from radiopharm.core.drawing import Proposal
from radiopharm.core.presence import Presence
from radiopharm.core.states import dose_state
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out

Number = fields.Float


class DoseQuery(PageQuery):
    """Which doses, by when they are to be given."""

    since = Instant(data_key="from")
    until = Instant(data_key="to")
    directive_id = Id()


class LabelQuery(Schema):
    """How labels are printed: on paper, or by a label printer."""

    format = fields.String(load_default="pdf", validate=validate.OneOf(["pdf", "zpl"]))


class DrawOut(Schema):
    """One draw that made the dose."""

    vial_id = Id()
    sequence = fields.Integer()
    volume_ul = fields.Integer()
    volume_ml = Number()
    reference_bq = fields.Integer()


class SecondCheckOut(Schema):
    """The second person of a dose, with their own reading where they took one."""

    signature = fields.Nested(SignedOut)
    measured_activity = fields.String(allow_none=True)
    measured_bq = fields.Integer(allow_none=True)
    measured_at = Instant(allow_none=True)
    instrument_id = Id(allow_none=True)
    difference = fields.String(allow_none=True)


class DoseOut(Schema):
    """A dose: prescribed, calculated and measured at the one instant `administer_at`."""

    id = Id()
    code = fields.String()
    state = fields.String()
    directive_id = Id()
    directive_version = fields.Integer()
    patient = fields.String()
    product = fields.String()
    nuclide = fields.String()
    administer_at = Instant()
    prescribed_bq = fields.Integer()
    prescribed_mbq = Number()
    calculated_bq = fields.Integer()
    calculated_mbq = Number()
    measured_bq = fields.Integer()
    measured_mbq = Number()
    measured_at = Instant()
    measured_activity = fields.String()
    measured_by = fields.String()
    reading_id = Id(allow_none=True)
    measured_at_administration_bq = Number()
    measured_at_administration_mbq = Number()
    deviation = Number()
    deviation_percent = Number()
    meets_event_percentage = fields.Boolean()
    instrument_id = Id()
    volume_ul = fields.Integer()
    volume_ml = Number()
    pieces = fields.Integer(allow_none=True)
    draws = fields.List(fields.Nested(DrawOut))
    already_drawn = fields.Boolean()
    overridden = fields.List(fields.String())
    reason = fields.String()
    recorded_at = Instant()
    void = fields.Dict(allow_none=True)
    reassigned_from = Id(allow_none=True)
    reassigned_to = Id(allow_none=True)
    signature = fields.Nested(SignedOut)
    second_check = fields.Nested(SecondCheckOut, allow_none=True)
    working = fields.Dict()


class PresenceOut(Schema):
    """Who else has the vial open for dispensing, and since when; never a lock."""

    by = fields.String()
    since = Instant()


class ProposalOut(Schema):
    """What to draw, in whole microlitres; `limits` are the volumes at −10 % and +10 %.

    `working.volume` is how the volume follows, with its mL before they are rounded.
    """

    volume_ul = fields.Integer(allow_none=True)
    volume_ml = Number(allow_none=True)
    wanted_bq = fields.Integer()
    wanted_mbq = Number()
    activity_bq = Number(allow_none=True)
    at = Instant(data_key="for")
    sequence = fields.Integer()
    limits = fields.Dict()
    working = fields.Dict(allow_none=True)
    refusals = fields.List(fields.Nested(Said))
    in_use = fields.List(fields.Nested(PresenceOut))


def dose(it: Dose) -> dict[str, Any]:
    """A dose."""
    deviation = it.working["deviation"]
    return {
        "id": it.id,
        "code": it.code,
        "state": str(dose_state(it)),
        "directive_id": it.directive_id,
        "directive_version": it.version,
        "patient": it.patient,
        "product": it.product,
        "nuclide": it.nuclide,
        "administer_at": instant_out(it.administer_at),
        "prescribed_bq": it.prescribed_bq,
        "prescribed_mbq": it.prescribed_bq / 1e6,
        "calculated_bq": it.calculated_bq,
        "calculated_mbq": it.calculated_bq / 1e6,
        "measured_bq": it.measured_bq,
        "measured_mbq": it.measured_bq / 1e6,
        "measured_at": instant_out(it.measured_at),
        "measured_activity": it.measured_text,
        "measured_by": it.measured_by,
        "reading_id": it.reading_id,
        "measured_at_administration_bq": it.measured_then_bq,
        "measured_at_administration_mbq": it.measured_then_bq / 1e6,
        "deviation": deviation,
        "deviation_percent": deviation * 100,
        "meets_event_percentage": it.working["meets_event_percentage"],
        "instrument_id": it.instrument_id,
        "volume_ul": it.volume_ul,
        "volume_ml": it.volume_ul / 1000,
        "pieces": it.pieces,
        "draws": [
            {
                "vial_id": draw.vial_id,
                "sequence": draw.sequence,
                "volume_ul": draw.share.volume_ul,
                "volume_ml": draw.share.volume_ul / 1000,
                "reference_bq": draw.share.reference_bq,
            }
            for draw in it.draws
        ],
        "already_drawn": it.is_late,
        "overridden": it.working["overridden"],
        "reason": it.reason,
        "recorded_at": instant_out(it.recorded_at),
        "void": _void(it),
        "reassigned_from": it.reassigned_from_id,
        "reassigned_to": it.reassigned_to_id,
        "signature": signed(it.signature, it.signature_void(ZoneInfo(actor().site.zone))),
        "second_check": _second_check(it),
        "working": dict(it.working),
    }


def _second_check(it: Dose) -> dict[str, Any] | None:
    check = it.second_check
    if check is None:
        return None
    return {
        "signature": signed(check.signature, it.signature_void(ZoneInfo(actor().site.zone))),
        "measured_activity": check.measured_text,
        "measured_bq": check.measured_bq,
        "measured_at": check.measured_at and instant_out(check.measured_at),
        "instrument_id": check.instrument_id,
        "difference": check.difference,
    }


def _void(it: Dose) -> dict[str, Any] | None:
    if it.void is None:
        return None
    return {
        "drawn": it.void.was_drawn,
        "at": instant_out(it.void.at),
        "reason": it.void.reason,
        "needs_a_place": it.needs_a_place,
    }


def proposal(it: Proposal, in_use: Iterable[Presence]) -> dict[str, Any]:
    """A proposal."""
    return {
        "volume_ul": it.volume_ul,
        "volume_ml": None if it.volume_ul is None else it.volume_ul / 1000,
        "wanted_bq": it.wanted_bq,
        "wanted_mbq": it.wanted_bq / 1e6,
        "activity_bq": it.activity_bq,
        "at": instant_out(it.seen.at),
        "sequence": it.seen.vial.ledger.sequence,
        "limits": {"minus_10_percent_ul": it.low_ul, "plus_10_percent_ul": it.high_ul},
        "working": it.working,
        "refusals": [refusal.as_dict() for refusal in it.refusals],
        "in_use": [{"by": each.name, "since": instant_out(each.since)} for each in in_use],
    }
