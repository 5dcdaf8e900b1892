"""Who a patient is, on the way in."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from radiopharm.core.patients import ALPHABET, REFERENCE_LENGTH, RecordPatient
from radiopharm.schemas.fields import Line

_REFERENCE = re.compile(f"P-[{ALPHABET}]{{{REFERENCE_LENGTH}}}")


class RecordPatientSchema(Schema):
    """Two identifiers with the names they belong to."""

    hospital_number = Line(required=True, most=64)
    family_name = Line(required=True)
    given_name = Line(required=True)
    birth_date = fields.Date(
        required=True, error_messages={"invalid": "Write the birth date as 1958-11-07."}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordPatient:
        return RecordPatient(**data)


class FindPatientSchema(Schema):
    """The number a patient is found by; sent in a body, never in an address."""

    hospital_number = Line(required=True, most=64)


class PatientField(fields.Field[str | RecordPatient]):
    """A patient's reference, or the identifiers of one to find or to record."""

    def __init__(self, **kwargs: Any) -> None:
        identity = {"type": "object", "description": "Identifiers as in POST /patients"}
        kwargs.setdefault("metadata", {"oneOf": [{"type": "string"}, identity]})
        super().__init__(**kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str | RecordPatient:
        if isinstance(value, Mapping):
            claimed: RecordPatient = RecordPatientSchema().load(value)
            return claimed
        if not isinstance(value, str) or not is_reference(value.strip().upper()):
            raise ValidationError("Write a patient's reference such as P-K7M3QX2R.")
        return value.strip().upper()


def is_reference(text: str) -> bool:
    """Whether a text is spelled as a patient's reference."""
    return _REFERENCE.fullmatch(text) is not None
