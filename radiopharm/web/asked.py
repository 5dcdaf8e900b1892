"""What a page's address asks for: an instant to look at, the page after a key."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import request, url_for
from marshmallow import ValidationError

from radiopharm.schemas.fields import parse_instant
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, join


def asked_at(typed: Mapping[str, str], now: datetime) -> tuple[Form, datetime]:
    """The instant the page shows: `at` with an offset, or date and time boxes, else *now*."""
    joined, errors = join({k: v for k, v in typed.items() if k.startswith("at")})
    try:
        at = parse_instant(str(joined["at"])) if "at" in joined else now
    except ValidationError as error:
        errors["at"], at = list(map(str, error.messages)), now
    local = at.astimezone(site_zone())
    shown = {"at_date": f"{local:%Y-%m-%d}", "at_time": f"{local:%H:%M}", **typed}
    return Form(shown, errors), at


def asked_key(typed: Mapping[str, str], *kinds: Callable[[Any], Any]) -> Any:
    """The key after which the page begins; an unreadable one begins at the start."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(typed.get("after", "").encode()))
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError):
        return None


def next_url(endpoint: str, following: tuple[Any, ...] | None, **values: Any) -> str | None:
    """The address of the next page, with everything else that this one asks for."""
    if following is None:
        return None
    after = base64.urlsafe_b64encode(json.dumps(list(following)).encode()).decode()
    kept = {k: v for k, v in request.args.items() if k != "after"}
    return url_for(endpoint, **values, **kept, after=after)
