"""What the dispensing form says, as commands: the dose alone, or with who signs it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from radiopharm.core.dispensing import DispenseDose
from radiopharm.schemas.dispensing import Dispensing, DispensingSchema, DoseTicketSchema, ToSign
from radiopharm.services.accounts import WrongSecret
from radiopharm.web import forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

Typed = dict[str, str]


def ordered(typed: Typed) -> Dispensing:
    """The dose and its signatures; a volume left empty is asked for, never taken for all."""
    found: Dispensing = _load(DispensingSchema(), typed)
    return found


def command(typed: Typed) -> DispenseDose:
    """The dose alone."""
    found: ToSign = _load(DoseTicketSchema(), typed)
    return found.command


def with_reason(typed: Typed) -> Typed:
    """The chosen reason and the words to it as the one line that is recorded."""
    said = [typed.get("usual_reason", "").strip(), typed.get("reason", "").strip()]
    return {**typed, "reason": ": ".join(filter(None, said))}


def named(typed: Mapping[str, str]) -> list[str]:
    """The vials the form draws from, as typed."""
    return [text for name, text in typed.items() if name.endswith(".vial_id")]


def wrong_secret(wrong: WrongSecret) -> str:
    """What stands under the box of a secret that does not belong to its name, or comes too soon."""
    if wrong.wait_until is None:
        return "Name and password or PIN do not belong together."
    until = wrong.wait_until.astimezone(site_zone())
    return f"Too many wrong tries. The next one counts from {until:%H:%M:%S}."


def _load(schema: Schema, typed: Typed) -> Any:
    empty = [
        box
        for number in range(len(named(typed)))
        if not typed.get(box := f"draws.{number}.volume", "").strip()
    ]
    if empty:
        raise Unreadable(Form(typed, {box: ["Enter the volume drawn."] for box in empty}))
    said = with_reason(typed)
    if said.get("reading_id"):
        said.pop("instrument_id", None)  # the reading names its meter
    return forms.load(schema, said)
