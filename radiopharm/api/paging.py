"""Keyset pages: `next` is an opaque key to send back as `after`."""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import UnprocessableEntity

Answer = dict[str, Any]


def page(items: Iterable[Answer], following: tuple[Any, ...] | None) -> Answer:
    """A page with the key of the next one; null on the last."""
    return {"items": list(items), "next": _written(following) if following else None}


def key_of(text: str | None, *kinds: Callable[[Any], Any]) -> Any:
    """The key that `after` stands for, each part of its kind; None without one."""
    if not text:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(text.encode()))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise ValueError("not a key")
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError) as error:
        raise UnprocessableEntity("`after` must be the `next` of an earlier page.") from error


def _written(key: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode()
