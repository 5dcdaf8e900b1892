"""Patients and directives as the API writes them."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields, validate

from radiopharm.api import signature_shapes
from radiopharm.api.access import actor
from radiopharm.api.schemas import PageQuery, Said
from radiopharm.api.signature_shapes import SignedOut
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.patients import Patient
from radiopharm.core.refusals import Refusal
from radiopharm.core.signing import Signature
from radiopharm.core.states import DirectiveState, directive_state, version_state
from radiopharm.schemas.fields import Id, Line
from radiopharm.schemas.instants import Instant, instant_out

Names = Mapping[int, str]


class ReferenceOut(Schema):
    """A patient's random reference."""

    reference = fields.String()


class PatientOut(ReferenceOut):
    """A patient's identity, for the roles that need it."""

    hospital_number = fields.String()
    family_name = fields.String()
    given_name = fields.String()
    birth_date = fields.String(allow_none=True)
    erased = fields.String(allow_none=True)


class DirectivesQuery(PageQuery):
    """Which directives: of a state, planned from an instant on and before another."""

    state = fields.String(validate=validate.OneOf([str(state) for state in DirectiveState]))
    start = Instant(data_key="from")
    end = Instant(data_key="to")
    patient = Line(most=16)


class SignatureOut(SignedOut):
    """A signature, and the version it stands under."""

    version = fields.Integer()


class OralOut(Schema):
    """A version given by word of mouth; the physician's signature is due by `due_at`."""

    given_by = fields.String()
    given_at = Instant()
    due_at = Instant()
    reason = fields.String()
    signature = fields.Nested(SignatureOut)


class RangeOut(Schema):
    """The prescribed range."""

    lowest_bq = fields.Integer()
    highest_bq = fields.Integer()


class VersionOut(Schema):
    """One version of a directive."""

    version = fields.Integer()
    state = fields.String()
    product = fields.String()
    prescribed = fields.String()
    prescribed_bq = fields.Integer()
    prescribed_mbq = fields.Float()
    range = fields.Nested(RangeOut, allow_none=True)
    planned_for = Instant()
    route = fields.String()
    indication = fields.String()
    cycle = fields.Integer(allow_none=True)
    notes = fields.String()
    reason = fields.String()
    prescriber = fields.String(allow_none=True)
    recorded_at = Instant()
    recorded_by = fields.String()
    interval_reason = fields.String()
    signature = fields.Nested(SignatureOut, allow_none=True)
    verification = fields.Nested(SignatureOut, allow_none=True)
    oral = fields.Nested(OralOut, allow_none=True)


class CancellationOut(Schema):
    """Why a directive is not to be carried out."""

    at = Instant()
    by = fields.String()
    reason = fields.String()


class DirectiveOut(Schema):
    """A directive: what its newest version says, and every version."""

    id = Id()
    code = fields.String()
    patient = fields.String()
    state = fields.String()
    version = fields.Integer()
    product = fields.String()
    prescribed_bq = fields.Integer()
    prescribed_mbq = fields.Float()
    planned_for = Instant()
    versions = fields.List(fields.Nested(VersionOut))
    signatures = fields.List(fields.Nested(SignatureOut))
    cancelled = fields.Nested(CancellationOut, allow_none=True)
    dispensing_id = Id(allow_none=True)
    administered_at = Instant(allow_none=True)
    verified = fields.Boolean()
    signature_due_at = Instant(allow_none=True)
    conflicts = fields.List(fields.Nested(Said))
    warnings = fields.List(fields.Nested(Said))


def patient(it: Patient) -> dict[str, Any]:
    """A patient with identity."""
    return {
        "reference": it.reference,
        "hospital_number": it.hospital_number,
        "family_name": it.family_name,
        "given_name": it.given_name,
        "birth_date": it.birth_date.isoformat() if it.birth_date else None,
        "erased": it.erased.words if it.erased else None,
    }


def directive(
    it: Directive,
    names: Names,
    warnings: Iterable[Refusal] = (),
    conflicts: Iterable[Refusal] = (),
) -> dict[str, Any]:
    """A directive with its versions, oldest first."""
    newest, cancelled = it.newest, it.cancellation
    return {
        "id": it.id,
        "code": it.code,
        "patient": it.patient,
        "state": str(directive_state(it)),
        "version": newest.number,
        "product": newest.product,
        "prescribed_bq": newest.prescribed_bq,
        "prescribed_mbq": newest.prescribed_bq / 1e6,
        "planned_for": instant_out(newest.planned_for),
        "versions": [_version(it, version, names) for version in it.versions],
        "signatures": [_signature(it, v, v.signature) for v in it.versions if v.signature],
        "cancelled": cancelled
        and {
            "at": instant_out(cancelled.at),
            "by": names.get(cancelled.actor_id),
            "reason": cancelled.reason,
        },
        "dispensing_id": it.live_dose_id,
        "administered_at": it.administered_at and instant_out(it.administered_at),
        "verified": newest.verification is not None,
        "signature_due_at": it.unwritten and instant_out(it.unwritten.due_at),
        "conflicts": [conflict.as_dict() for conflict in conflicts],
        "warnings": [warning.as_dict() for warning in warnings],
    }


def _version(it: Directive, version: DirectiveVersion, names: Names) -> dict[str, Any]:
    has_range = version.lowest_bq is not None
    return {
        "version": version.number,
        "state": str(version_state(it, version)),
        "product": version.product,
        "prescribed": version.prescribed_text,
        "prescribed_bq": version.prescribed_bq,
        "prescribed_mbq": version.prescribed_bq / 1e6,
        "range": {"lowest_bq": version.lowest_bq, "highest_bq": version.highest_bq}
        if has_range
        else None,
        "planned_for": instant_out(version.planned_for),
        "route": version.route,
        "indication": version.indication,
        "cycle": version.cycle,
        "notes": version.notes,
        "reason": version.reason,
        "prescriber": names.get(version.prescriber_id or 0),
        "recorded_at": instant_out(version.recorded_at),
        "recorded_by": names.get(version.recorded_by),
        "interval_reason": version.interval_reason,
        "signature": version.signature and _signature(it, version, version.signature),
        "verification": version.verification and _signature(it, version, version.verification),
        "oral": _oral(it, version, names),
    }


def _oral(it: Directive, version: DirectiveVersion, names: Names) -> dict[str, Any] | None:
    oral = version.oral
    return oral and {
        "given_by": names.get(oral.given_by),
        "given_at": instant_out(oral.given_at),
        "due_at": instant_out(oral.due_at),
        "reason": oral.reason,
        "signature": _signature(it, version, oral.signature),
    }


def _signature(it: Directive, version: DirectiveVersion, made: Signature) -> dict[str, Any]:
    void = it.signature_void(version, ZoneInfo(actor().site.zone))
    return {"version": version.number, **signature_shapes.signed(made, void)}
