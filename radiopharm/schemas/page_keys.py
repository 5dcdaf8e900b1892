"""Where the next page begins, as the opaque text that an address carries.

Opaque is not secret: anyone may write one, so each part is read as strictly as any other field.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from radiopharm.schemas.fields import MAX_ID
from radiopharm.schemas.instants import EARLIEST, LATEST

Part = Callable[[Any], Any]
MAX_WORD = 64


def written(key: tuple[Any, ...]) -> str:
    """A key as text."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode()


def read(text: str, *parts: Part) -> tuple[Any, ...]:
    """The key of a text, each part of its kind; raises `ValueError`."""
    if len(text) > 400:  # no key of ours is, and a deeper one would not be read to its end
        raise ValueError("too long for a key")
    found = json.loads(base64.urlsafe_b64decode(text.encode()))
    if not isinstance(found, list) or len(found) != len(parts):
        raise ValueError("not a key")
    return tuple(part(each) for part, each in zip(parts, found, strict=True))


def number(value: Any) -> int:
    """A record's number."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_ID:
        raise ValueError("no number of a record")
    return value


def word(value: Any) -> str:
    """A short printable word."""
    if not isinstance(value, str) or not value.isprintable() or len(value) > MAX_WORD:
        raise ValueError("no word")
    return value


def instant(value: Any) -> datetime:
    """An instant with its offset."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None or not EARLIEST <= at < LATEST:
        raise ValueError("no instant")
    return at
