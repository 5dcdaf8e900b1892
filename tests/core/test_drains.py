"""What may go to the drain: excretion by its sources, tanks by their account, the month exactly."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiopharm.core.discharge_figures import EnterFigure, FigureKind, faults
from radiopharm.core.drain_accounts import DrainAccount, Month, Sewage, account, month_of
from radiopharm.core.excretion import parse_excretion
from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import Limit
from radiopharm.core.release import Check, release_check
from radiopharm.core.rule_packs import RulePack
from radiopharm.core.sewer_legs import per_month, per_year
from radiopharm.core.tanks import (
    ExcretionFigure,
    Filling,
    Level,
    Sample,
    Stay,
    Tank,
    TankState,
    container,
    state,
)
from radiopharm.core.tanks import account as tank_account
from radiopharm.core.verdicts import Case
from radiopharm.core.waste import Container, PutIn, contents
from tests.core.making_waste import DATA, DAY, PACKS, REFERENCE, START, make_item, make_portion

LUTATHERA = ExcretionFigure(
    value=parse_excretion("44 % by 5 h; 58 % by 24 h; 65 % by 48 h"),
    text="",
    source="SmPC",
    status=Status.UNVERIFIED,
)
TANK = Tank(id=1, number="A", capacity_l=10_000, rooms=("101",))
HOUR = timedelta(hours=1)
SEWER = (per_month, per_year)
JUNE = Month(year=2026, number=6, zone="Europe/Madrid")


def stay(hours: float = 0, **other: object) -> Stay:
    usual = Stay(
        dose="D-000001",
        room="101",
        product="lutathera",
        given_at=START + hours * HOUR,
        from_at=START + hours * HOUR,
        net=(make_portion("Lu-177", activity_bq=10**10),),
        excretion=LUTATHERA,
    )
    return replace(usual, **other)


def closed(*stays: Stay, after: timedelta = DAY, **other: object) -> Filling:
    level = Level(at=START + after, volume_l=5_000, instrument="float", actor_id=1, closes=True)
    return Filling(id=1, tank=TANK, opened_at=START, levels=(level,), stays=stays, **other)


@pytest.mark.parametrize(
    ("hours", "percent"), [(0, 0), (0.001, 44), (5, 44), (5.001, 58), (24, 58), (48, 65), (999, 65)]
)
def test_excretion_steps_up_to_the_next_sourced_point(hours: float, percent: int) -> None:
    assert LUTATHERA.value.by(hours * 3600) == Fraction(percent, 100)


@pytest.mark.parametrize(
    "text", ["", "44 %", "44 % by 5 h; 40 % by 24 h", "44 % by 5 h; 58 % by 5 h", "101 % by 5 h"]
)
def test_an_excretion_that_does_not_rise_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="44 % by 5 h"):
        parse_excretion(text)


@pytest.mark.requirement("RQ-41")
def test_a_tank_holds_what_was_excreted_until_it_was_closed_and_decays() -> None:
    filling = closed(stay())
    at = START + DAY * 7
    found = contents(container(filling, at, DATA), at, DATA)["Lu-177"]
    half_life = make_portion("Lu-177").half_life_s
    assert found == pytest.approx(10**10 * 0.58 * 2 ** (-(7 * 86400) / half_life))
    assert container(filling, at, DATA).volume_ml == 5_000_000
    states = [state(filling, START + hours * HOUR) for hours in (-1, 0, 23.9, 24)]
    assert states == [
        TankState.NOT_HERE, TankState.FILLING, TankState.FILLING, TankState.DECAYING,
    ]  # fmt: skip
    assert state(replace(filling, discharged_at=at), at) is TankState.DISCHARGED


def test_two_fillings_share_one_stay_and_nothing_counts_twice() -> None:
    first = closed(stay(), after=5 * HOUR)
    second = replace(closed(stay(from_at=START + 5 * HOUR), after=2 * DAY), opened_at=START)
    at = START + 2 * DAY
    held = [contents(container(it, at, DATA), at, DATA)["Lu-177"] for it in (first, second)]
    whole = contents(container(closed(stay(), after=2 * DAY), at, DATA), at, DATA)["Lu-177"]
    assert sum(held) == pytest.approx(whole)


def test_what_a_patient_may_have_kept_until_they_came_counts_into_their_tank() -> None:
    late = closed(stay(from_at=START + HOUR), after=5 * HOUR)
    whole = closed(stay(), after=5 * HOUR)
    at = START + 5 * HOUR
    held = [contents(container(it, at, DATA), at, DATA)["Lu-177"] for it in (late, whole)]
    assert held[0] == held[1] > 4e9


@pytest.mark.parametrize("value", ["1e999999999", "1_000", "٣", "0", "0.0", "-5", "NaN", ""])
def test_a_volume_of_sewage_is_a_plain_number_above_zero(value: str) -> None:
    sewage = EnterFigure(kind=FigureKind.SEWAGE, subject="", value=value, source="x", reason="x")
    assert [fault.field for fault in faults(sewage, REFERENCE)] == ["value"]
    assert not faults(replace(sewage, value="1000.5"), REFERENCE)


def test_without_a_source_the_account_waits_for_the_site_or_a_sample() -> None:
    filling = closed(stay(excretion=None))
    at = START + DAY * 3
    assert "needs a site entry" in tank_account(filling, at).missing[0]
    assert state(filling, at) is TankState.CLOSED
    sample = Sample(
        sampled_at=START + DAY * 2, nuclide="Lu-177", bq_per_l=100, text="", instrument="HPGe",
        actor_id=1,
    )  # fmt: skip
    sampled = replace(filling, samples=(sample,))
    assert tank_account(sampled, at).missing == ()
    found = contents(container(sampled, START + DAY * 2, DATA), START + DAY * 2, DATA)
    assert found["Lu-177"] == 100 * 5_000


def test_a_sample_replaces_the_account_of_its_nuclide_only() -> None:
    both = (make_portion("Lu-177"), make_portion("Lu-177m", activity_bq=10**6))
    sample = Sample(
        sampled_at=START + DAY, nuclide="Lu-177", bq_per_l=0, text="", instrument="HPGe", actor_id=1
    )
    filling = closed(stay(net=both), samples=(sample,))
    symbols = {
        p.symbol for item in container(filling, START + DAY, DATA).items for p in item.portions
    }
    assert symbols == {"Lu-177", "Lu-177m"}
    assert tank_account(filling, START + DAY).items[0].portions[0].symbol == "Lu-177m"


def sewer(limit: str = "1000") -> RulePack:
    """The US pack with a figure of the site's for Lu-177, in Bq/m³."""
    pack = PACKS["us-sewer"]
    entry = Limit(value=Decimal(limit), clause="site", source="site", status=Status.UNVERIFIED)
    month = pack.legs[0]
    assert month.table is not None
    filled = replace(month.table, limits={"Lu-177": entry}, unlisted=frozenset())
    return replace(pack, legs=(replace(month, table=filled), *pack.legs[1:]))


def poured(bq: int, drain: DrainAccount | None) -> Check:
    item = make_item(make_portion("Lu-177", activity_bq=bq))
    going = Container(items=(item,), sealed_at=START, volume_ml=1000, drain=drain)
    return release_check(going, sewer(), START, DATA)


def month(used: int = 0, year: int = 0, sewage: str | None = "1000") -> DrainAccount:
    water = None if sewage is None else Sewage(m3=Decimal(sewage), source="Water bill")
    return DrainAccount(month=JUNE, month_bq={"Lu-177": used}, year_bq=year, sewage=water)


@pytest.mark.requirement("RQ-41")
def test_the_month_says_what_is_used_and_what_this_would_make_of_it() -> None:
    check = poured(250_000, month(used=370_000))
    assert check.legs[1].message == (
        "2026-06: 37 % used, this discharge would make it 62 %; "
        "in 1,000 m³ of sewage (Water bill) the fractions add up to 0.62 of 1."
    )
    assert check.releasable


@pytest.mark.requirement("RQ-41")
def test_the_month_shows_what_each_nuclide_adds_and_in_whose_water() -> None:
    (part,) = poured(250_000, month(used=370_000, sewage="1000")).legs[1].parts
    assert (part.value, part.limit, part.fraction) == ("620 Bq/m³", "1,000 Bq/m³", "0.62")
    assert part.working == "620,000 Bq in 1,000 m³"
    assert part.source == "site, site"


def test_a_month_without_a_discharge_at_hand_speaks_of_what_is_used() -> None:
    nothing = Case(container=Container(items=(), drain=month(370_000, 10**9)), at=START, data=DATA)
    said = [judge(rule, nothing).message for judge, rule in zip(SEWER, sewer().legs, strict=True)]
    assert said == [
        "2026-06: 37 % used; in 1,000 m³ of sewage (Water bill) the fractions add up to 0.37 of 1.",
        "2026: 3 % used; 1,000,000,000 Bq of 37 GBq.",
    ]


@pytest.mark.parametrize(("bq", "passed"), [(629_999, True), (630_000, True), (630_001, False)])
def test_the_month_is_full_at_unity_and_not_above(bq: int, passed: bool) -> None:
    assert poured(bq, month(used=370_000)).legs[1].passed is passed


@pytest.mark.parametrize(("year", "passed"), [(36_999_999_000, True), (36_999_999_001, False)])
def test_the_year_is_full_at_one_curie_and_not_above(year: int, passed: bool) -> None:
    check = poured(1000, month(year=year))
    assert check.legs[2].passed is passed


def test_without_the_sewage_or_the_account_nothing_passes() -> None:
    for drain, said in ((month(sewage=None), "volume of sewage in 2026-06"), (None, "account")):
        leg = poured(1, drain).legs[1]
        assert leg.passed is None
        assert said in leg.message


@pytest.mark.parametrize(
    ("items", "used", "working"),
    [
        ((make_item(make_portion("Lu-177", activity_bq=5)),), {}, "5 Bq in 1,000 m³"),
        ((), {"Lu-177": 7}, "7 Bq in 1,000 m³"),
    ],
)
def test_what_only_one_side_has_is_counted_as_it_is(
    items: tuple[PutIn, ...], used: dict[str, int], working: str
) -> None:
    drain = replace(month(), month_bq=used)
    case = Case(container=Container(items=items, drain=drain), at=START, data=DATA)
    (part,) = per_month(sewer().legs[0], case).parts
    assert part.working == working


def test_a_nuclide_without_a_limit_is_missing_however_much_water_there_is() -> None:
    drain = replace(month(), month_bq={"Y-90": 1})
    leg = poured(1, drain).legs[1]
    assert (leg.passed, leg.value) == (None, "not known")
    assert "Y-90" in leg.message


def test_the_year_says_what_it_would_be_with_this() -> None:
    leg = poured(1000, month(year=10**9)).legs[2]
    assert leg.message.endswith("would make it 3 %; 1,000,001,000 Bq of 37 GBq.")


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_more_activity_never_makes_a_discharge_allowed(one: int, other: int, used: int) -> None:
    less, more = sorted((one, other))
    if poured(more, month(used=used)).releasable:
        assert poured(less, month(used=used)).releasable


def test_a_month_is_the_site_s_own_and_its_year_too() -> None:
    assert JUNE.begins_at.isoformat() == "2026-05-31T22:00:00+00:00"
    assert JUNE.ends_at.isoformat() == "2026-06-30T22:00:00+00:00"
    assert month_of(JUNE.begins_at, JUNE.zone) == JUNE
    assert month_of(JUNE.begins_at - timedelta(microseconds=1), JUNE.zone).name == "2026-05"
    pours = [
        (JUNE.year_begins_at, "Lu-177", 1),
        (JUNE.begins_at - timedelta(seconds=1), "Lu-177", 10),
        (JUNE.begins_at, "Lu-177", 100),
        (JUNE.begins_at, "Y-90", 1000),
        (JUNE.ends_at, "Lu-177", 10_000),
    ]
    found = account(JUNE, pours, None)
    assert (found.month_bq, found.year_bq) == ({"Lu-177": 100, "Y-90": 1000}, 1111)
