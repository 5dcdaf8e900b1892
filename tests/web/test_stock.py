"""The stock board: what is held, at any instant, in as many statements for many as for one."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa

from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.jobs import registry, running
from radiopharm.runtime import Runtime
from radiopharm.store import acts, limits
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages

LU_177M = DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0002"))


@contextmanager
def statements(runtime: Runtime) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(runtime.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(runtime.engine, "before_cursor_execute", note)


def iodine(runtime: Runtime) -> int:
    """Frozen I-131 MIBG that came ten hours after its reference time."""
    now = runtime.clock()
    return hospital.receive(
        runtime,
        product="i-131-mibg",
        lot="MB-26-008",
        activity_bq=12_487_500_000,
        volume_ul=22_500,
        reference_at=now - timedelta(hours=10),
        expires_at=now + timedelta(hours=50),
    )


def set_limit(runtime: Runtime, nuclide: str, limit_bq: int) -> None:
    officer = hospital.person(runtime, "safety_officer")
    now = runtime.clock()
    with acts.writing(runtime.engine) as db:
        limits.add(
            db,
            site_id=officer.site.id,
            nuclide=nuclide,
            limit_bq=limit_bq,
            source="Licence 17",
            from_at=now,
            recorded_at=now,
            actor_id=officer.id,
        )


def test_the_board_groups_by_nuclide_and_counts_down(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime, place="Safe 1 · A2")
    iodine(runtime)
    board = pages("technologist").get("/stock").text
    assert board.index('id="g-I-131"') < board.index("MB-26-008") < board.index('id="g-Lu-177"')
    assert "in 5 d" in board
    assert "Safe 1 · A2" in board


def test_a_chosen_time_stands_beside_now(pages: Callable[[str], Pages], runtime: Runtime) -> None:
    hospital.accepted(runtime)
    board = pages("technologist").get("/stock", at_date="2026-06-03", at_time="14:00").text
    assert "At 14:00 CEST" in board
    assert "9.344 GBq" in board  # now, two days before the reference time
    assert "7.585 GBq" in board  # at it


def test_a_time_alone_is_todays(pages: Callable[[str], Pages], runtime: Runtime) -> None:
    hospital.accepted(runtime)
    assert "Mon 1 Jun 2026 18:00" in pages("technologist").get("/stock", at_time="18:00").text


def test_an_unreadable_time_is_said_and_now_is_shown(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    board = pages("technologist").get("/stock", at_date="1 June", at_time="18:00").text
    assert "Shown as it is now." in board
    assert "9.344 GBq" in board


def test_filters_narrow_to_a_nuclide_and_a_state(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    iodine(runtime)
    desk = pages("technologist")
    assert "LT-26-0311" not in desk.get("/stock", nuclide="I-131").text
    assert "MB-26-008" not in desk.get("/stock", state="available").text


def test_pages_follow_one_another_without_losing_a_vial(
    pages: Callable[[str], Pages], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {hospital.receive(runtime) for _ in range(5)}
    monkeypatch.setattr("radiopharm.web.stock.PAGE", 2)
    desk, seen, address = pages("technologist"), set(), "/stock"
    while address:
        path, _, query = address.partition("?")
        page = desk.get(path, **dict(parse_qsl(query))).text
        seen |= {vial_id for vial_id in ids if f"/vials/{vial_id}" in page}
        address = next_page(page)
    assert seen == ids


def next_page(page: str) -> str:
    before, found, _ = page.partition('" rel="next"')
    return before.rpartition('href="')[2].replace("&amp;", "&") if found else ""


def test_a_board_of_many_vials_costs_no_more_statements(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    desk = pages("technologist")
    hospital.accepted(runtime, impurities=(LU_177M,))
    desk.get("/stock")  # the first look also keeps that the session was seen
    with statements(runtime) as for_one:
        desk.get("/stock")
    for _ in range(7):
        hospital.receive(runtime, impurities=(LU_177M,))
    iodine(runtime)
    with statements(runtime) as for_many:
        desk.get("/stock")
    assert len(for_many) == len(for_one)


def test_an_old_vial_of_a_short_lived_nuclide_does_not_stop_the_board(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock
) -> None:
    now = clock.now
    hospital.receive(
        runtime, product="ga-68-dotatate", reference_at=now, expires_at=now + timedelta(hours=4)
    )
    clock.move(days=60)  # far more than 1,000 half-lives
    board = pages("technologist").get("/stock")
    assert board.status_code == 200
    assert "0 MBq" in board.text


def test_the_table_holds_what_the_board_shows(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime, lot="=1+1")
    iodine(runtime)
    answer = pages("auditor").get("/stock.csv", nuclide="Lu-177")
    (row,) = csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
    assert row["Lot"] == "'=1+1"
    assert float(row["Activity now (MBq)"]) == pytest.approx(7585 * 2 ** (2 / 6.647), rel=1e-12)
    assert row["Volume (mL)"] == "20.5"


def test_taking_the_table_is_an_event_of_the_trail(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    pages("auditor").get("/stock.csv", nuclide="Lu-177")
    assert "export:taken" in pages("auditor").get("/audit", view="taken-out").text


@pytest.mark.requirement("RQ-45")
@pytest.mark.parametrize("days", [-1, 0, 3, 200])
def test_the_inventory_is_the_sum_of_the_vials(
    api: Callable[[str], Api], runtime: Runtime, days: int
) -> None:
    hospital.accepted(runtime, impurities=(LU_177M,))
    hospital.receive(runtime, received_at=runtime.clock() - timedelta(days=2))
    iodine(runtime)
    desk, at = api("auditor"), f"{runtime.clock() + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    total: dict[str, float] = {}
    for vial in desk.get("/vials", at=at).json["items"]:
        here = vial["state"] != "not_here"
        for member in vial["contents"] if here else ():
            total[member["nuclide"]] = total.get(member["nuclide"], 0) + member["activity_bq"]
    held = desk.get("/inventory", at=at).json["items"]
    assert {item["nuclide"]: item["activity_bq"] for item in held} == pytest.approx(total, rel=1e-9)


@pytest.mark.requirement("RQ-06")
def test_a_limit_stands_beside_what_is_held_even_of_nothing(
    api: Callable[[str], Api], runtime: Runtime
) -> None:
    set_limit(runtime, "Y-90", 20_000_000_000)
    set_limit(runtime, "Y-90", 10_000_000_000)
    assert api("auditor").get("/inventory").json["items"] == [
        {
            "nuclide": "Y-90",
            "activity_bq": 0,
            "activity_mbq": 0,
            "in_hand_bq": 0,
            "waste_bq": 0,
            "total_bq": 0,
            "limit_bq": 10**10,
            "vials": 0,
            "containers": 0,
        }
    ]


def test_more_than_the_limit_is_red_on_the_board(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    set_limit(runtime, "Lu-177", 9_000_000_000)
    assert "stat tone-stop" in pages("safety_officer").get("/stock").text


def test_a_flag_raised_by_the_job_shows_beside_the_state(
    pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock
) -> None:
    hospital.accepted(runtime)
    clock.move(days=4, hours=20)
    board = pages("radiopharmacist")
    assert "Expires soon" not in board.get("/stock").text
    running.run(runtime, registry.find(runtime.settings, "flags"), clock.now)
    assert "Expires soon" in board.get("/stock").text
