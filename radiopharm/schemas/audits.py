"""What may be asked of the audit trail, the same for the page and for programs."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from radiopharm.core.actions import Action
from radiopharm.core.audit_views import VIEWS
from radiopharm.schemas.fields import Id, Line
from radiopharm.schemas.instants import Instant
from radiopharm.store.audit_search import Filters

KINDS = {"V": "vial", "D": "dose", "W": "container", "R": "directive", "P": "patient"}
SUBJECTS = ("vial", "dose", "container", "directive", "patient")


class AuditQuery(Schema):
    """Who, about what, which acts, when; `system` is the chain of what belongs to no site."""

    person = Line(most=64)
    vial = Id()
    dose = Id()
    container = Id()
    directive = Id()
    patient = Line(most=32)
    action = fields.String(validate=validate.OneOf([str(action) for action in Action]))
    view = fields.String(validate=validate.OneOf([*VIEWS]))
    stream = fields.String(load_default="site", validate=validate.OneOf(["site", "system"]))
    start = Instant(data_key="from")
    end = Instant(data_key="to")

    @validates_schema
    def _window(self, asked: Mapping[str, Any], **_: Any) -> None:
        if "start" in asked and "end" in asked and asked["start"] >= asked["end"]:
            raise ValidationError("The window ends before it begins.", "to")


def subject_of(code: str) -> tuple[str, str] | None:
    """What a code on a label stands for: ``V-000017`` for ("vial", "17"); None when for nothing."""
    letter, _, rest = code.strip().upper().partition("-")
    if letter == "P" and rest:
        return KINDS[letter], f"P-{rest}"
    return (KINDS[letter], str(int(rest))) if letter in KINDS and _is_number(rest) else None


def filters(asked: Mapping[str, Any]) -> Filters:
    """The store's filters of a loaded query, its view left aside (services.audits.viewed)."""
    return Filters(
        actor=asked.get("person"),
        subjects=tuple(f"{kind}:{asked[kind]}" for kind in SUBJECTS if kind in asked),
        actions=(asked["action"],) if "action" in asked else (),
        start=asked.get("start"),
        end=asked.get("end"),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
