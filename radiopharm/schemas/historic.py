"""Lines of old registers on their way in: one by one, or a whole register as CSV.

An empty box, an empty cell and "not recorded" all say that the register does not say it.
"""

import csv
import io
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_load

from radiopharm.core.historic import NOT_RECORDED, HistoricRelease
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.schemas.fields import Line

COLUMNS = tuple(HistoricRelease.__dataclass_fields__)
FIRST_LINE = 2  # under the names of the columns
MOST_LINES = 2_000
LOST = "\ufffd"
"""What stands for a letter that was not UTF-8."""


class LineSchema(Schema):
    """A line of a register, its words as they stand there."""

    book = Line(required=True)
    page = Line(required=True, most=40)
    number = Line(required=True, most=64)
    kind = Line(load_default=None, allow_none=True)
    contents = Line(load_default=None, allow_none=True)
    stored_on = fields.Date(load_default=None, allow_none=True)
    released_on = fields.Date(load_default=None, allow_none=True)
    background = Line(load_default=None, allow_none=True)
    reading = Line(load_default=None, allow_none=True)
    instrument = Line(load_default=None, allow_none=True)
    released_by = Line(load_default=None, allow_none=True)
    destination = Line(load_default=None, allow_none=True)

    @pre_load
    def leave_gaps(self, data: Any, **_: Any) -> Any:
        return {name: value for name, value in data.items() if not _is_gap(value)}


class HistoricSchema(LineSchema):
    """One line, and why it is entered."""

    reason = Line(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Register":
        reason = data.pop("reason")
        return Register(entries=(HistoricRelease(**data),), reason=reason)


class RegisterSchema(Schema):
    """A whole register as CSV with the names of its columns in the first line."""

    reason = Line(required=True)
    csv = fields.String(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Register":
        return Register(entries=read(data["csv"]), reason=data["reason"], first=FIRST_LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Lines to enter, why, and the line of the first where they stood in a file."""

    entries: tuple[HistoricRelease, ...]
    reason: str
    first: int = 0


def read(text: str) -> tuple[HistoricRelease, ...]:
    """The lines of a register; `Invalid` with everything that cannot be read, by line, at once."""
    rows = _rows(text)
    if not rows or tuple(name.strip() for name in rows[0]) != COLUMNS:
        raise Invalid([_fault(1, "", f"The first line names the columns: {','.join(COLUMNS)}")])
    if not 1 < len(rows) <= MOST_LINES + 1:
        said = f"A register has 1 to {MOST_LINES:,} lines; divide a longer one."
        raise Invalid([_fault(len(rows), "", said)])
    found, wrong = [], []
    for number, row in enumerate(rows[1:], FIRST_LINE):
        try:
            found.append(_line(row))
        except ValidationError as error:
            wrong += [_fault(number, name, each) for name, each in _said(error)]
    if wrong:
        raise Invalid(wrong)
    return tuple(found)


def _rows(text: str) -> list[list[str]]:
    """The cells of each line that has any, the names of the columns first."""
    if LOST in text:
        raise Invalid([_fault(1, "", "Some letters cannot be read. Save the file as UTF-8.")])
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    try:
        rows = list(reader)
    except csv.Error as error:
        said = "It cannot be read from here on. Is a quotation mark missing?"
        raise Invalid([_fault(reader.line_num, "", said)]) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _line(row: list[str]) -> HistoricRelease:
    if len(row) != len(COLUMNS):
        raise ValidationError(f"It has {len(row)} cells; {len(COLUMNS)} are needed.")
    return HistoricRelease(**LineSchema().load(dict(zip(COLUMNS, row, strict=True))))


def _said(error: ValidationError) -> list[tuple[str, str]]:
    messages = error.normalized_messages()
    return [(name, each) for name, them in messages.items() for each in them]


def _fault(line: int, name: str, message: str) -> Refusal:
    column = "" if name in ("", "_schema") else f": {name}"
    return Refusal(code="unreadable_line", field=f"line {line}{column}", message=message)


def _is_gap(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in ("", NOT_RECORDED))
