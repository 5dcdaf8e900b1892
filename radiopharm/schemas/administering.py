"""An administration on its way in: who was there, when it ran, and what was left where."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from radiopharm.core.administering import AddResidues, Administer, Interruption
from radiopharm.core.checklists import Answer
from radiopharm.core.readings import ReadingId
from radiopharm.core.reconciling import MeasuredGiven, ReadResidue, Residue
from radiopharm.schemas.fields import Activity, Id, Line
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.measuring import require_once
from radiopharm.schemas.signing import SigningSchema

_PATIENT = re.compile(r"P-[0-9A-Z]{8}", re.ASCII)
_DOSE = re.compile(r"D-0*([1-9]\d{0,11})", re.ASCII)


class PatientCode(Line):
    """The code of a wristband, as scanned; empty is not scanned."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, *args, **kwargs).upper()
        if code and not _PATIENT.fullmatch(code):
            raise ValidationError("This is no patient's code. Scan the wristband.")
        return code


class DoseCode(Line):
    """The code of a dose's label, as scanned; empty is not scanned."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, *args, **kwargs).upper()
        match = _DOSE.fullmatch(code)
        if code and match is None:
            raise ValidationError("This is no dose's code. Scan the label on the dose.")
        return f"D-{int(match[1]):06d}" if match else ""


class ResidueSchema(Schema):
    """One residue: vial, syringe, tubing, pad, capsule or other, as read at its own time, or the
    device reading that says it."""

    item = Line(required=True, most=64)
    activity = Activity(allow_zero=True)
    measured_at = Instant()
    instrument_id = Id(allow_none=True)
    reading_id = Id()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def is_measured_once(self, _data: Any, original: Any, **_: Any) -> None:
        """A device reading says activity, time and instrument; else activity and time are typed."""
        if isinstance(original, Mapping):  # else it is said of the whole already
            typed = ("activity", "measured_at", "instrument_id")
            require_once(original, needed=typed[:2], typed=typed)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Residue | ReadResidue:
        if "reading_id" in data:
            return ReadResidue(item=data["item"], reading_id=ReadingId(data["reading_id"]))
        activity = data.pop("activity")
        return Residue(measured_bq=activity.amount, measured_text=activity.text, **data)


class InterruptionSchema(Schema):
    """From when to when the flow stood still, and why."""

    from_at = Instant(required=True)
    to_at = Instant(required=True)
    reason = Line(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Interruption:
        return Interruption(**data)


class AnswerSchema(Schema):
    """A line of the product's checklist by its code: `done_at`, or the `reason` why not done."""

    code = Line(required=True, most=64)
    done_at = Instant(load_default=None, allow_none=True)
    reason = Line(load_default="")

    @validates_schema
    def _is_one_of_two(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("done_at") is None) == (not data.get("reason")):
            said = "Say when it was done, or why it was not: one of the two."
            raise ValidationError({"done_at": [said]})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Answer:
        return Answer(**data)


class GivenSchema(Schema):
    """What was measured as given, and how: a syringe before and after, an infusion's counter."""

    activity = Activity(required=True, allow_zero=True)
    measured_at = Instant(required=True)
    how = Line(required=True, most=64)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> MeasuredGiven:
        activity = data.pop("activity")
        return MeasuredGiven(measured_bq=activity.amount, measured_text=activity.text, **data)


def _at_most(most: int, schema: type[Schema], least: int = 0) -> fields.List:
    length = validate.Length(min=least, max=most)
    if least:
        return fields.List(fields.Nested(schema), required=True, validate=length)
    return fields.List(fields.Nested(schema), load_default=list, validate=length)


class AdministerSchema(Schema):
    """Start, end, residues; who and what was scanned, the checklist, what interrupted it."""

    started_at = Instant(required=True)
    ended_at = Instant(required=True)
    residues = _at_most(20, ResidueSchema)
    interruptions = _at_most(20, InterruptionSchema)
    checklist = _at_most(20, AnswerSchema)
    given = fields.Nested(GivenSchema, load_default=None, allow_none=True)
    patient = PatientCode(load_default="")
    dose = DoseCode(load_default="")
    route = Line(load_default="", most=64)
    site_of_administration = Line(load_default="", most=64)
    performed_by = Line(load_default="", most=64)
    notes = Line(load_default="", most=1000)
    reason = Line(load_default="")
    already_given = fields.Boolean(load_default=False)
    second = fields.Nested(SigningSchema, load_default=None, allow_none=True)

    def command(self, data: dict[str, Any], dose_id: int) -> Administer:
        """The command for one dose; the second person stands beside it."""
        lists = {name: tuple(data[name]) for name in ("interruptions", "checklist")}
        told = {name: value for name, value in data.items() if name != "second"}
        return Administer(dose_id=dose_id, **{**told, **lists, **_left(data)})


class AddResiduesSchema(Schema):
    """Residues found later, and why they come only now."""

    residues = _at_most(20, ResidueSchema, least=1)
    reason = Line(required=True)

    def command(self, data: dict[str, Any], dose_id: int) -> AddResidues:
        """The command for one dose."""
        return AddResidues(dose_id=dose_id, reason=data["reason"], **_left(data))


def _left(data: dict[str, Any]) -> dict[str, Any]:
    """The residues, those typed apart from those that a meter said."""
    found = data["residues"]
    return {
        "residues": tuple(each for each in found if isinstance(each, Residue)),
        "read": tuple(each for each in found if isinstance(each, ReadResidue)),
    }
