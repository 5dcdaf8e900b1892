"""The window a balance is asked for in an address: after, up to, and as known at."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, request

from radiopharm.core.actions import Action
from radiopharm.services.balances import Window
from radiopharm.store.acts import Act
from radiopharm.web import access
from radiopharm.web.asked import asked_at
from radiopharm.web.days import bounds, day_of
from radiopharm.web.forms import Form

BACKWARDS = "The period ends before it begins."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWindow:
    """What the address asks for; what cannot be read is said in the form, and left out."""

    form: Form
    window: Window


def asked_window() -> AskedWindow:
    """The site's month until now unless the address says otherwise."""
    month = _month_began(g.now)
    begin, since = asked_at(request.args, month, "since")
    end, until = asked_at(request.args, g.now, "until")
    known, known_at = asked_at(request.args, g.now, "known_at")
    errors = {**begin.by_box, **end.by_box, **known.by_box}
    if since > until:
        errors["until"], since = [BACKWARDS], until
    window = Window(since=since, until=until, known_at=known_at)
    return AskedWindow(form=_together(begin, end, known, errors), window=window)


def note_taken(export: str, window: Window, rows: int) -> None:
    """Record that a balance was taken out of the house as a table."""

    def work(act: Act) -> dict[str, Any]:
        act.record(
            Action.EXPORTED,
            export=export,
            since=window.since,
            until=window.until,
            known_at=window.known_at,
            rows=rows,
        )
        return {}

    access.act(work)


def _together(begin: Form, end: Form, known: Form, errors: dict[str, list[str]]) -> Form:
    forms = (("since", begin), ("until", end), ("known_at", known))
    boxes = {
        f"{name}_{part}": form.value(f"{name}_{part}")
        for name, form in forms
        for part in ("date", "time")
    }
    return Form(boxes, errors)


def _month_began(now: datetime) -> datetime:
    today = day_of(now)
    return bounds(date(today.year, today.month, 1))[0]
