"""The audit trail: searched, and proved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core.actions import Action
from radiopharm.core.audit import Head
from radiopharm.core.audit_check import Fault, walk
from radiopharm.core.audit_views import View
from radiopharm.core.flags import UNCLOSED
from radiopharm.core.people import Site
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.working_hours import WorkingHours, outside
from radiopharm.services import attestation
from radiopharm.store import Connection, audit_search, audit_trail, flags
from radiopharm.store.acts import Act
from radiopharm.store.audit_search import Filters
from radiopharm.store.audit_trail import Stretch

Witnessed = Mapping[str, Mapping[int, str]]
JOB = "audit-verify"
"""The job that walks the chain; the page shows its last run."""
MOST_EXPORTED = 20_000
USUAL_SPAN, LONGEST_SPAN = timedelta(days=92), timedelta(days=366)
"""How far back the view of what was done after hours looks when nothing is said, and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event for people: who, what, old → new, why, when and from where."""

    number: int
    at: datetime
    actor: str
    action: str
    hash: str
    said: Mapping[str, Any]

    @property
    def reason(self) -> str:
        """Why, as its author wrote it."""
        return str(self.said.get("reason", ""))

    @property
    def subjects(self) -> list[str]:
        """What it is about: ``vial:17``."""
        return list(self.said.get("subjects", ()))

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """Each fact with what it was before (None when it is new) and what it is."""
        facts = dict(self.said.get("facts", {}))
        old = facts.pop("old", {})
        return [(name, old.get(name), facts.get(name)) for name in sorted({*facts, *old})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was walked: where each stream ends, how many events, and the first that does not hold.

    A stream with a fault ends at its last good event.
    """

    streams: tuple[Head, ...]
    first_bad: Fault | None = None

    @property
    def events(self) -> int:
        """How many events hold."""
        return sum(end.number for end in self.streams)


def search(
    db: Connection, stream: str, filters: Filters, before: int | None, size: int
) -> tuple[list[Recorded], int | None]:
    """A page of *stream*, newest first, below number *before*; and where the next one begins."""
    rows, following = audit_search.page(db, stream, filters, before, size)
    return [_recorded(row) for row in rows], following


def viewed(
    db: Connection,
    asked: Filters,
    view: View | None,
    site: Site,
    hours: WorkingHours,
    now: datetime,
) -> Filters:
    """*asked*, narrowed by a saved view; `Invalid` when the view cannot reach over the window."""
    if view is None:
        return asked
    found = replace(
        asked,
        actions=asked.actions or tuple(map(str, view.actions)),
        marks=tuple(map(str, view.marks)),
    )
    if view.open_deviations:
        found = replace(found, about_any=_open_deviations(db, site.id))
    return _after_hours(found, site, hours, now) if view.after_hours else found


def export(act: Act, stream: str, filters: Filters, asked: Mapping[str, str]) -> list[Recorded]:
    """Every event that *filters* find, newest first; that it was taken out is an event itself.

    Raises `Refused` when there are more than a spreadsheet bears.
    """
    found, following = search(act.db, stream, filters, None, MOST_EXPORTED)
    if following is not None:
        said = f"More than {MOST_EXPORTED} events are found. Narrow the time window."
        raise Refused([Refusal(code="too_many", field="from", message=said)])
    act.record(Action.EXPORTED, export="audit", stream=stream, asked=asked, rows=len(found))
    return found


def _open_deviations(db: Connection, site_id: int) -> tuple[str, ...]:
    rows = (row for kind in sorted(UNCLOSED) for row in flags.of_kind(db, site_id, kind))
    return tuple(f"{row.subject}:{row.subject_id}" for row in rows)


def _after_hours(asked: Filters, site: Site, hours: WorkingHours, now: datetime) -> Filters:
    end = asked.end or now
    start = asked.start or end - USUAL_SPAN
    if end - start > LONGEST_SPAN:
        said = f"This view looks at {LONGEST_SPAN.days} days at most."
        raise Invalid([Refusal(code="window_too_long", field="from", message=said)])
    spans = tuple(outside(hours, ZoneInfo(site.zone), start, end))
    return replace(asked, start=start, end=end, spans=spans)


def verify(
    db: Connection, key: bytes, *streams: str, witnessed: Witnessed | None = None
) -> Verification:
    """Walk *streams*, or every one; `witnessed` are heads kept elsewhere: stream → number → hash.

    Reads in chunks, writes nothing, and stops at the first record that does not hold. When every
    stream holds, the rows of fact are compared with what the events say was written.
    """
    known = witnessed or {}
    ends = []
    for name in streams or sorted({*audit_trail.streams(db), *known}):
        found = walk(
            name,
            audit_trail.events(db, Stretch(name)),
            audit_trail.subjects(db, Stretch(name)),
            audit_trail.heads(db, name),
            key=key,
            witnessed=known.get(name),
        )
        ends.append(found.end)
        if found.fault:
            return Verification(streams=tuple(ends), first_bad=found.fault)
    row_fault = None if streams else attestation.first_fault(db)
    return Verification(streams=tuple(ends), first_bad=row_fault)


def _recorded(row: Any) -> Recorded:
    return Recorded(
        number=row.number,
        at=row.at,
        actor=row.actor,
        action=row.action,
        hash=row.hash,
        said=json.loads(row.canonical),
    )
