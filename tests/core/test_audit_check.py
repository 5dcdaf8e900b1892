"""No clean history raises an alarm, wherever and in whatever language the machine stands."""

import locale
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from radiopharm.core import audit as chain
from radiopharm.core.audit import Event, Head
from radiopharm.core.audit_check import Kept, KeptHead, Walk, walk

KEY = b"k" * 32
PLACES = (
    ("UTC", "C"),
    ("America/St_Johns", "en_US.UTF-8"),
    ("Europe/Berlin", "de_DE.UTF-8"),
    ("Asia/Kolkata", "tr_TR.UTF-8"),
    ("Pacific/Chatham", "ar_EG.UTF-8"),
)
WORDS = ("", "ok", "¿µ\n\"'\\", "\u200f١٢", "İıß", "7,40", "\U0001f9ea", "a" * 300)


@pytest.fixture(params=PLACES, ids=lambda place: place[0])
def somewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine elsewhere; a language that is not installed counts as plain."""
    zone, language = request.param
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, language)
    except locale.Error:
        locale.setlocale(locale.LC_ALL, "C")
    yield
    locale.setlocale(locale.LC_ALL, before)
    os.environ["TZ"] = "UTC"
    time.tzset()


def written(seed: int) -> tuple[list[Event], list[dict[str, Any]]]:
    """An honest history of up to a dozen events."""
    draw, head, events, said = random.Random(seed), Head(stream="site:1"), [], []
    at = datetime(2026, 3, 29, tzinfo=UTC)
    for _ in range(draw.randrange(12)):
        at += timedelta(microseconds=draw.randrange(10**11))
        facts = {
            "at": at,
            "actor": draw.choice(WORDS),
            "action": draw.choice(WORDS),
            "subjects": sorted({draw.choice(WORDS) for _ in range(draw.randrange(3))}),
            "facts": {"n": draw.random(), "big": draw.randrange(2**70), "none": None},
        }
        events.append(chain.link(head, chain.canonical(facts)))
        said.append(facts)
        head = Head(stream="site:1", number=events[-1].number, hash=events[-1].hash)
    return events, said


def walked(events: list[Event], said: list[dict[str, Any]], *, stored: bool = True) -> Walk:
    kept = [
        Kept(
            event=event,
            at=chain.instant_text(facts["at"]),
            actor=facts["actor"],
            action=facts["action"],
        )
        for event, facts in zip(events, said, strict=True)
    ]
    subjects = [(e.number, s) for e, f in zip(events, said, strict=True) for s in f["subjects"]]
    end = Head(stream="site:1", number=len(events), hash=events[-1].hash) if events else None
    heads = [KeptHead(head=end, mac=chain.head_mac(KEY, end))] if end and stored else []
    return walk("site:1", kept, subjects, heads, key=KEY)


@pytest.mark.requirement("RQ-49")
def test_two_hundred_clean_histories_raise_no_alarm(somewhere: None) -> None:
    for seed in range(200):
        assert walked(*written(seed)).fault is None, seed


def test_a_history_hashes_alike_wherever_it_is_written(somewhere: None) -> None:
    assert written(3)[0][-1].hash.startswith("e68545b2e0423b0e")


def test_any_letter_of_any_event_changed_is_found_at_that_event() -> None:
    events, said = next(it for it in map(written, range(99)) if len(it[0]) > 8)
    for number, event in enumerate(events):
        text = event.canonical
        for place in range(0, len(text), 7):
            other = "0" if text[place] != "0" else "1"
            forged = Event(
                stream=event.stream,
                number=event.number,
                canonical=text[:place] + other + text[place + 1 :],
                previous=event.previous,
                hash=event.hash,
            )
            found = walked([*events[:number], forged, *events[number + 1 :]], said).fault
            assert found is not None
            assert found.number == event.number


def test_any_two_events_exchanged_are_found_at_the_first() -> None:
    events, said = next(it for it in map(written, range(99)) if len(it[0]) > 8)
    for first in range(len(events)):
        for second in range(first + 1, len(events)):
            order = list(range(len(events)))
            order[first], order[second] = second, first
            found = walked([events[it] for it in order], [said[it] for it in order]).fault
            assert found is not None
            assert found.number == first + 1
