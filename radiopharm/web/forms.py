"""A submitted form: its fields joined to what the schema reads, and shown again when refused.

The number box and its unit switch become one quantity ("7.4" and "GBq": "7.4 GBq"; a unit typed in
the box wins); date, time and zone become one instant, and a time that a clock-change night shows
twice or never is refused with what to do.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from marshmallow import Schema, ValidationError

from radiopharm.core.local_time import instants
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.schemas.instants import instant_out


class Form:
    """Values to show in the boxes and errors to show under them.

    `focus` is the box the cursor starts in, unless one is wrong: then it is that.
    """

    def __init__(
        self,
        values: Mapping[str, str] | None = None,
        errors: Mapping[str, list[str]] | None = None,
        *,
        focus: str = "",
    ) -> None:
        self.focus = focus
        self._values = dict(values or {})
        self._errors = dict(errors or {})

    def value(self, name: str) -> str:
        """What stands in the box."""
        return self._values.get(name, "")

    @property
    def names(self) -> list[str]:
        """Every box that something was sent for."""
        return list(self._values)

    def errors(self, name: str) -> list[str]:
        """What is wrong with the box."""
        return self._errors.get(name, [])

    @property
    def by_box(self) -> dict[str, list[str]]:
        """Every error by its box."""
        return dict(self._errors)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error with its box, in the order found."""
        return [(name, said) for name, messages in self._errors.items() for said in messages]


class Unreadable(Exception):
    """The form cannot be loaded; `form` holds what was typed and every error."""

    def __init__(self, form: Form) -> None:
        super().__init__("form")
        self.form = form


def load(schema: Schema, typed: Mapping[str, str]) -> Any:
    """The command of a submitted form; raises `Unreadable` with the form to show again."""
    joined, errors = join(typed)
    names = {field.data_key or name for name, field in schema.load_fields.items()}
    known = {name: value for name, value in joined.items() if name in names}
    try:
        command = schema.load(known)
    except ValidationError as error:
        errors = {**_flat(error.messages), **errors}
    if errors:
        raise Unreadable(Form(typed, errors))
    return command


def readable(schema: Schema, typed: Mapping[str, str]) -> tuple[Any, dict[str, list[str]]]:
    """What can be read of a form still being filled in, and what is wrong with the other boxes."""
    joined, errors = join(typed)
    known = {name: value for name, value in joined.items() if name in schema.load_fields}
    try:
        return schema.load(known), errors
    except ValidationError as error:
        rest = _without(known, error.messages)
        return schema.load(rest), {**_flat(error.messages), **errors}


def refused(typed: Mapping[str, str], why: Unreadable | Invalid | Refused) -> Form:
    """The form again, each reason under the box it names."""
    return why.form if isinstance(why, Unreadable) else again(typed, why.refusals)


def again(typed: Mapping[str, str], refusals: Iterable[Refusal]) -> Form:
    """The form again, refusals under the boxes they name."""
    errors: dict[str, list[str]] = {}
    for refusal in refusals:
        errors.setdefault(refusal.field or "", []).append(refusal.message)
    return Form(typed, errors)


def join(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Boxes joined to quantities, instants and lists; empty boxes are left out, errors kept."""
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, text in typed.items():
        text = text if name.endswith(".secret") else text.strip()
        if not text or name.endswith(("_unit", "_zone")):
            continue
        if name.endswith("_time"):
            stem = name.removesuffix("_time")
            if not typed.get(f"{stem}_date", "").strip():
                errors[stem] = ["Enter the date too; a time alone is not an instant."]
            continue
        if name.endswith("_date") and _is_of_instant(typed, name):
            stem = name.removesuffix("_date")
            try:
                values[stem] = _instant(typed, stem)
            except ValidationError as error:
                errors[stem] = list(map(str, error.messages))
        else:
            values[name] = _quantity(text, typed.get(f"{name}_unit", ""))
    return _nested(values), errors


def _is_of_instant(typed: Mapping[str, str], name: str) -> bool:
    """Whether a date has a time beside it; a birth date has none."""
    stem = name.removesuffix("_date")
    return f"{stem}_time" in typed or f"{stem}_zone" in typed


def closed_up(typed: Mapping[str, str], name: str) -> dict[str, str]:
    """The form with the filled lines of the list *name* moved up over empty ones.

    So a line's number is its place in the list, and an error finds its box.
    """
    lines = [match for key in typed if (match := _ITEM.fullmatch(key)) and match[1] == name]
    written = {int(line[2]) for line in lines if _says_something(line[3], typed[line[0]])}
    place = {number: new for new, number in enumerate(sorted(written))}
    kept = {key: text for key, text in typed.items() if not key.startswith(f"{name}.")}
    moved = {
        f"{name}.{place[int(line[2])]}.{line[3]}": typed[line[0]]
        for line in lines
        if int(line[2]) in place
    }
    return {**kept, **moved}


def _says_something(box: str, text: str) -> bool:
    return bool(text.strip()) and not box.endswith(("_unit", "_zone"))


def _quantity(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit and not re.search(r"[^\W\d_]|%", text) else text


def _instant(typed: Mapping[str, str], stem: str) -> str:
    date, time = typed[f"{stem}_date"], typed.get(f"{stem}_time", "")
    zone = typed.get(f"{stem}_zone", "") or "UTC"
    if not time:
        raise ValidationError("Enter the time too; a date alone is not an instant.")
    try:
        meant = instants(date, time, zone)
    except ValueError as error:
        raise ValidationError("Write the date as 2026-03-14 and the time as 09:30.") from error
    if not meant:
        raise ValidationError(
            f"This time did not exist in {zone}: the clocks went forward. Check the label."
        )
    chosen = typed.get(f"{stem}_fold", "")
    if len(meant) == 2 and chosen not in ("first", "second"):
        said = " or ".join(instant_out(at.astimezone(UTC)) for at in meant)
        raise ValidationError(
            f"{zone} showed this time twice that night ({said}). Choose UTC and write it so."
        )
    return instant_out(meant[chosen == "second"])


_ITEM = re.compile(r"(\w+)\.(\d{1,3})\.(\w+)")
_PART = re.compile(r"(\w+)\.([a-z_]+)")


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """``impurities.0.nuclide`` boxes as a list of objects, ``signature.secret`` ones as one."""
    plain: dict[str, Any] = {}
    objects: dict[str, dict[str, Any]] = {}
    lists: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in values.items():
        if match := _ITEM.fullmatch(name):
            lists.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = value
        elif match := _PART.fullmatch(name):
            objects.setdefault(match[1], {})[match[2]] = value
        else:
            plain[name] = value
    items = {name: [found[number] for number in sorted(found)] for name, found in lists.items()}
    return {**plain, **objects, **items}


def _without(values: Any, messages: Any) -> Any:
    """The values less those that marshmallow's nested *messages* complain of."""
    if isinstance(values, list):
        return [_without(value, messages.get(n, {})) for n, value in enumerate(values)]
    if not isinstance(values, dict):
        return values
    return {
        name: _without(value, messages.get(name, {}))
        for name, value in values.items()
        if name not in messages or (_nests(value) and isinstance(messages[name], dict))
    }


def _nests(value: Any) -> bool:
    return isinstance(value, dict | list)


def _flat(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Marshmallow's nested messages as dotted names."""
    if isinstance(messages, list):
        return {prefix: [str(message) for message in messages]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        found.update(_flat(inner, f"{prefix}.{name}" if prefix else str(name)))
    return found
