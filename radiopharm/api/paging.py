"""Keyset pages: `next` is an opaque key to send back as `after`."""

from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import UnprocessableEntity

from radiopharm.schemas import page_keys

Answer = dict[str, Any]


def page(items: Iterable[Answer], following: tuple[Any, ...] | None) -> Answer:
    """A page with the key of the next one; null on the last."""
    return {"items": list(items), "next": page_keys.written(following) if following else None}


def key_of(text: str | None, *parts: page_keys.Part) -> Any:
    """The key that `after` stands for, each part of its kind; None without one."""
    if not text:
        return None
    try:
        return page_keys.read(text, *parts)
    except ValueError as error:
        raise UnprocessableEntity("`after` must be the `next` of an earlier page.") from error
