"""The form of an administration: lines nobody filled in are left out, and errors find their boxes.

A line's date stands there before anybody types; what says that a line is meant is its reading, its
time or its reason. Lines left out are closed up for the schema, and errors carried back.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from radiopharm.core.administering import Administer
from radiopharm.core.checklists import ChecklistLine
from radiopharm.core.reconciling import ITEMS
from radiopharm.core.signing import Signing
from radiopharm.schemas.administering import AddResiduesSchema, AdministerSchema
from radiopharm.web import forms
from radiopharm.web.forms import Form, Unreadable

Typed = Mapping[str, str]
Command = TypeVar("Command")
INTERRUPTIONS = range(2)
MEANT_BY = {
    "residues": ("activity", "reading_id"),
    "interruptions": ("from_at_time", "to_at_time", "reason"),
    "checklist": ("done_at_time", "reason"),
}
_LINE = re.compile(r"(\w+)\.(\d{1,3})\.(\w+)")


def blank(today: str, lines: tuple[ChecklistLine, ...], **more: str) -> dict[str, str]:
    """An empty form on *today*: every date is there, no time is."""
    typed = {f"{name}_date": today for name in ("started_at", "ended_at", "given.measured_at")}
    for number, item in enumerate(ITEMS):
        typed |= {f"residues.{number}.item": item, f"residues.{number}.measured_at_date": today}
    for number in INTERRUPTIONS:
        typed |= {f"interruptions.{number}.{end}_date": today for end in ("from_at", "to_at")}
    for number, line in enumerate(lines):
        typed |= {f"checklist.{number}.code": line.code, f"checklist.{number}.done_at_date": today}
    return {**typed, **more}


def administer(typed: Typed, dose_id: int) -> tuple[Administer, Signing | None]:
    """The command and the second person who signs, if one does; raises `Unreadable` with every
    error at the box it was typed in."""
    schema = AdministerSchema()

    def load(closed: dict[str, str]) -> tuple[Administer, Signing | None]:
        data = forms.load(schema, closed)
        return schema.command(data, dose_id), data["second"]

    return _read(typed, load)


def add_residues(typed: Typed, dose_id: int) -> Any:
    """The command; raises `Unreadable` likewise."""
    schema = AddResiduesSchema()
    return _read(typed, lambda closed: schema.command(forms.load(schema, closed), dose_id))


def said(typed: Typed, form: Form) -> Form:
    """What was typed, with the errors of *form* at the boxes they were typed in."""
    places = {place: number for place, number in _places(typed)}
    return Form(typed, {_back(name, places): found for name, found in form.by_box.items()})


def _read(typed: Typed, load: Callable[[dict[str, str]], Command]) -> Command:
    try:
        return load(_closed_up(typed))
    except Unreadable as unreadable:
        raise Unreadable(said(typed, unreadable.form)) from unreadable


def _closed_up(typed: Typed) -> dict[str, str]:
    moved = {number: place for place, number in _places(typed)}
    kept = {}
    for name, text in typed.items():
        line = _LINE.fullmatch(name)
        if name.startswith("given.") and not typed.get("given.activity", "").strip():
            continue
        if line is None or line[1] not in MEANT_BY:
            kept[name] = text
        elif (line[1], line[2]) in moved and not _is_idle_date(typed, name):
            kept[f"{line[1]}.{moved[line[1], line[2]][1]}.{line[3]}"] = text
    return kept


def _is_idle_date(typed: Typed, name: str) -> bool:
    """Whether this is the date of a tick without its time, which nobody meant."""
    time = name.removesuffix("_date") + "_time"
    return name.startswith("checklist.") and name.endswith("_date") and not typed.get(time)


def _places(typed: Typed) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Of every line that is meant: its place when closed up, and the number it was typed under."""
    found = []
    for name, boxes in MEANT_BY.items():
        lines = {match[2] for key in typed if (match := _LINE.fullmatch(key)) and match[1] == name}
        meant = [
            number
            for number in sorted(lines, key=int)
            if any(typed.get(f"{name}.{number}.{box}", "").strip() for box in boxes)
        ]
        found += [((name, str(place)), (name, number)) for place, number in enumerate(meant)]
    return found


def _back(name: str, places: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    line = _LINE.fullmatch(name)
    if line is None or (line[1], line[2]) not in places:
        return name
    return f"{line[1]}.{places[line[1], line[2]][1]}.{line[3]}"
