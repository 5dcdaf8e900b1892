"""What a page's address asks for: an instant to look at, the page after a key, a look."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request, url_for
from marshmallow import ValidationError

from radiopharm.documents.charts import Theme
from radiopharm.schemas import page_keys
from radiopharm.schemas.instants import parse_instant
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, join

WIDE, NARROW = 680, 340


def asked_at(typed: Mapping[str, str], now: datetime, name: str = "at") -> tuple[Form, datetime]:
    """The instant the page shows: `at` with an offset, or date and time boxes, else *now*.

    A time without its date is today's. What cannot be read is said under the box, and *now* shown.
    """
    zone = site_zone()
    boxes = {it: typed[it] for it in _boxes(name) if typed.get(it, "").strip()}
    if f"{name}_time" in boxes:
        boxes.setdefault(f"{name}_date", f"{now.astimezone(zone):%Y-%m-%d}")
    joined, errors = join({**boxes, f"{name}_zone": zone.key})
    at = now
    try:
        if name in joined:
            at = parse_instant(str(joined[name]))
            local = at.astimezone(zone)
            boxes |= {f"{name}_date": f"{local:%Y-%m-%d}", f"{name}_time": f"{local:%H:%M}"}
    except ValidationError as error:
        errors[name] = list(map(str, error.messages))
    return Form({**typed, **boxes}, errors), at


def asked_key(typed: Mapping[str, str], *parts: page_keys.Part) -> Any:
    """The key after which the page begins; an unreadable one begins at the start."""
    try:
        return page_keys.read(typed.get("after", ""), *parts)
    except ValueError:
        return None


def next_url(endpoint: str, following: tuple[Any, ...] | None, **values: Any) -> str | None:
    """The address of the next page, with everything else that this one asks for."""
    if following is None:
        return None
    kept = {k: v for k, v in request.args.items() if k != "after"}
    return url_for(endpoint, **values, **kept, after=page_keys.written(following))


def asked_look() -> tuple[Theme, int]:
    """The colours and the width that a picture is asked for in."""
    theme: Theme = "dark" if request.args.get("theme") == "dark" else "light"
    return theme, NARROW if "narrow" in request.args else WIDE


def _boxes(name: str) -> tuple[str, ...]:
    return name, f"{name}_date", f"{name}_time"
