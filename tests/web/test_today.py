"""Today: patients by planned time, what to draw for the planned minute, the next act in one tap."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa

from radiopharm.core.ledger import Amount
from radiopharm.core.stock import seen
from radiopharm.core.vials import Happening, VialEvent
from radiopharm.runtime import Runtime
from radiopharm.store import acts, vials
from tests import hospital
from tests.doors import Pages

MIBG = {
    "product": "i-131-mibg",
    "activity_bq": 12_487_500_000,
    "activity_text": "12487.5 MBq",
    "volume_ul": 22_500,
    "volume_text": "22.5 mL",
}


def today(runtime: Runtime, *, signed: bool = True, **changes: object) -> int:
    """A directive planned two hours ahead."""
    planned = runtime.clock() + timedelta(hours=2)
    return hospital.directive(runtime, signed=signed, **{"planned_for": planned, **changes})


def keep(runtime: Runtime, vial_id: int, directive_id: int | None) -> None:
    """Keep a vial for a directive."""
    now = runtime.clock()
    event = VialEvent(
        kind=Happening.ALLOCATED,
        occurred_at=now,
        recorded_at=now,
        actor_id=1,
        directive_id=directive_id,
    )
    with acts.writing(runtime.engine) as db:
        vials.add_event(db, vial_id, event)


@contextmanager
def counted(runtime: Runtime) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(runtime.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(runtime.engine, "before_cursor_execute", note)


@pytest.fixture
def bench(pages: Callable[[str], Pages]) -> Pages:
    return pages("technologist")


def test_the_day_says_what_to_draw_from_the_vial_that_is_kept(
    bench: Pages, runtime: Runtime
) -> None:
    directive_id = today(runtime, product="i-131-mibg", prescribed_bq=5_550_000_000)
    vial_id = hospital.accepted(runtime, **MIBG)
    keep(runtime, vial_id, directive_id)
    planned = runtime.clock() + timedelta(hours=2)
    with runtime.reading() as db:
        vial = vials.get(db, 1, vial_id)
    held = Amount(volume_ul=22_500, reference_bq=12_487_500_000)
    activity = seen(vial, held, planned, runtime.reference).activity_bq
    volume_ul = round(22_500 * Fraction(5_550_000_000) / Fraction(activity or 0))
    assert f"{volume_ul / 1000:.3f}".rstrip("0") in bench.get("/today").text


def test_two_vials_together_make_one_large_dose(bench: Pages, runtime: Runtime) -> None:
    directive_id = today(runtime, product="i-131-mibg", prescribed_bq=18_500_000_000)
    for _ in range(2):
        keep(runtime, hospital.accepted(runtime, **MIBG), directive_id)
    page = bench.get("/today").text
    assert "22.50 mL" in page
    assert len(re.findall(r"<b>[\d.]+ mL</b>", page)) == 2
    assert "Too little kept" not in page


def test_a_vial_that_is_too_small_is_said_so(bench: Pages, runtime: Runtime) -> None:
    directive_id = today(runtime, product="i-131-mibg", prescribed_bq=18_500_000_000)
    keep(runtime, hospital.accepted(runtime, **MIBG), directive_id)
    assert "Too little kept" in bench.get("/today").text


def test_a_whole_vial_that_fits_is_drawn_whole(bench: Pages, runtime: Runtime) -> None:
    directive_id = today(runtime, prescribed_bq=9_300_000_000)
    keep(runtime, hospital.accepted(runtime), directive_id)
    assert "<b>20.50 mL</b>" in bench.get("/today").text


def test_a_whole_vial_that_is_too_much_stands_whole_and_marked(
    bench: Pages, runtime: Runtime
) -> None:
    directive_id = today(runtime, prescribed_bq=3_700_000_000)
    keep(runtime, hospital.accepted(runtime), directive_id)
    page = bench.get("/today").text
    assert "<b>20.50 mL</b>" in page
    assert "Whole vial too much" in page
    assert "A part of it may be drawn" in bench.get(f"/directives/{directive_id}").text


def test_nothing_is_drawn_from_a_vial_that_is_not_accepted(bench: Pages, runtime: Runtime) -> None:
    keep(runtime, hospital.receive(runtime), today(runtime))
    page = bench.get("/today").text
    assert "Not accepted" in page
    assert not re.search(r"<b>[\d.]+ mL</b>", page)


def test_a_vial_kept_for_another_since_is_kept_no_longer(bench: Pages, runtime: Runtime) -> None:
    first, vial_id = today(runtime), hospital.accepted(runtime)
    keep(runtime, vial_id, first)
    keep(runtime, vial_id, None)
    assert "No vial kept" in bench.get("/today").text


@pytest.mark.parametrize(("signed", "act"), [(False, "Sign"), (True, "Keep a vial")])
def test_the_next_act_is_one_tap_away(
    pages: Callable[[str], Pages], runtime: Runtime, signed: bool, act: str
) -> None:
    today(runtime, signed=signed)
    assert f">{act}<" in pages("radiopharmacist").get("/today").text


def test_names_stand_there_only_for_whoever_may_see_a_patient(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    today(runtime)
    assert "Canary, Carla" in pages("technologist").get("/today").text
    assert "Canary" not in pages("physicist").get("/today").text


def test_a_day_ends_at_the_sites_midnight(bench: Pages, runtime: Runtime) -> None:
    late = runtime.clock().replace(hour=21, minute=59)
    today(runtime, planned_for=late)
    today(runtime, planned_for=late + timedelta(minutes=1))
    assert bench.get("/today", day="2026-06-01").text.count("Canary, Carla") == 1
    assert bench.get("/today", day="2026-06-02").text.count("Canary, Carla") == 1


def test_a_day_that_does_not_exist_is_today(bench: Pages, runtime: Runtime) -> None:
    today(runtime)
    assert "Mon 1 Jun 2026" in bench.get("/today", day="2026-06-31").text


def test_the_number_of_queries_does_not_grow_with_the_day(bench: Pages, runtime: Runtime) -> None:
    def load() -> int:
        with counted(runtime) as sent:
            bench.get("/today")
        return len(sent)

    keep(runtime, hospital.accepted(runtime), today(runtime))
    load()  # opens the connection
    few = load()
    for _ in range(5):
        keep(runtime, hospital.accepted(runtime), today(runtime))
    assert load() == few
