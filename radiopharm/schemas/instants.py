"""Instants with their offset: from the text of a form or a program to aware UTC, and back."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields

from radiopharm.schemas.fields import NEEDED

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2101, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
_RFC3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)


class Instant(fields.Field[datetime]):
    """An instant with its offset (RFC 3339), between 2000 and 2100: aware UTC."""

    default_error_messages = NEEDED

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "metadata",
            {"type": "string", "format": "date-time", "example": "2026-03-14T09:30:00+01:00"},
        )
        super().__init__(**kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if not isinstance(value, str):
            raise ValidationError('Write an instant such as "2026-03-14T09:30:00+01:00".')
        return parse_instant(value)

    def _serialize(self, value: datetime | str | None, *args: Any, **kwargs: Any) -> str | None:
        return instant_out(value) if isinstance(value, datetime) else value


def parse_instant(text: str) -> datetime:
    """An aware UTC instant of an RFC 3339 text; raises `ValidationError` in words."""
    match = _RFC3339.fullmatch(text.strip())
    if match is None:
        raise ValidationError(_what_is_wrong(text))
    try:
        at = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3].upper()}")
    except ValueError as error:
        raise ValidationError("There is no such date or time.") from error
    offset = at.utcoffset() or timedelta()
    if match[3] == "-00:00":
        raise ValidationError("-00:00 says that the offset is unknown: write Z or +00:00.")
    if not timedelta(hours=-12) <= offset <= timedelta(hours=14) or offset % QUARTER:
        raise ValidationError(
            "The offset must lie between -12:00 and +14:00, in quarters of an hour."
        )
    if not EARLIEST <= at < LATEST:
        raise ValidationError("The year must lie between 2000 and 2100.")
    return at.astimezone(UTC)


def instant_out(at: datetime) -> str:
    """An instant as the API writes it: UTC with Z, seconds unless there is a finer part."""
    utc = at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds").replace(
        "+00:00", "Z"
    )


def _what_is_wrong(text: str) -> str:
    if re.search(r"\d \d{2}:\d{2}$", text):
        return "A plus sign arrived as a blank: write %2B01:00 in an address, or use Z."
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", text):
        return "The offset is missing: write Z or, for example, +01:00."
    return "Write an instant such as 2026-03-14T09:30:00+01:00 (at most 6 decimals of a second)."
