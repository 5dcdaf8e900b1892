"""A vial's curve: a step where something was drawn, a dot where something happened."""

from datetime import UTC, datetime, timedelta

import pytest

from radiopharm.core import curves
from radiopharm.core.ledger import Entry, Kind, Ledger, following, post, reverse, share
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Happening
from tests.core.test_states import HELD, HOUR, NOON, happened, vial


def half_drawn() -> list[Entry]:
    """Received at noon, half drawn at three."""
    arrived = post(Ledger(), Kind.RECEIVED, HELD, occurred_at=NOON, recorded_at=NOON)
    at = NOON + 3 * HOUR
    half = -share(HELD, HELD.volume_ul // 2)
    drawn = post(following(arrived), Kind.DRAWN, half, occurred_at=at, recorded_at=at)
    return [arrived, drawn]


def test_a_draw_is_a_step_at_its_instant(reference: Reference) -> None:
    points = curves.curve(vial(), half_drawn(), NOON + 10 * HOUR, reference)
    before, after = [p for p in points if p.at == NOON + 3 * HOUR]
    assert before.activity_bq == pytest.approx(2 * after.activity_bq)
    assert [p.at for p in points] == sorted(p.at for p in points)
    assert (points[0].at, points[-1].at) == (NOON, NOON + 10 * HOUR)


def test_what_was_undone_leaves_neither_step_nor_dot(reference: Reference) -> None:
    entries = half_drawn()
    at = NOON + 4 * HOUR
    entries.append(reverse(following(entries[-1]), entries[-1], recorded_at=at, reason="slip"))
    points = curves.curve(vial(), entries, NOON + 10 * HOUR, reference)
    before, after = [p for p in points if p.at == NOON + 3 * HOUR]
    assert before == after
    assert curves.happenings(vial(), entries, reference) == ()


def test_dots_stand_where_something_happened(reference: Reference) -> None:
    opened = vial(happened(Happening.OPENED, 2), happened(Happening.MOVED, 1, place="Safe"))
    dots = curves.happenings(opened, half_drawn(), reference)
    assert [(dot.at, dot.label) for dot in dots] == [
        (NOON + 2 * HOUR, "opened"),
        (NOON + 3 * HOUR, "drawn"),
    ]


def test_a_curve_leaves_out_what_cannot_have_been(reference: Reference) -> None:
    late = vial(reference_at=datetime(2070, 1, 1, tzinfo=UTC))
    points = curves.curve(late, half_drawn(), NOON + timedelta(days=1), reference)
    assert points == ()
