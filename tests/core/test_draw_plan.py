"""Which volume from which vial, and the verdict on the reading that follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.dispensing import DispenseDose, DrawWish, Situation, Source
from radiopharm.core.draw_plan import missing_bq, plan
from radiopharm.core.ledger import Amount, Ledger
from radiopharm.core.reading_verdict import Verdict, verdict
from radiopharm.core.readings import Measured
from radiopharm.core.vials import Vial, nuclear_data
from radiopharm.reference import load

REFERENCE = load(Path(__file__).parents[2] / "config")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
GBQ = 10**9


def source(number: int, product: str, bq: int, ul: int) -> Source:
    """A vial calibrated for now that holds that much."""
    known = REFERENCE.products[product]
    data = known.nuclear_data(REFERENCE.default_nuclear_data)
    half_life = data.get(known.nuclide)
    vial = Vial(
        id=number,
        site_id=1,
        product=product,
        nuclide=known.nuclide,
        lot="L",
        reference_at=NOON,
        reference_zone="UTC",
        half_life_s=half_life.half_life_s,
        half_life_text=half_life.half_life_text,
        half_life_source=half_life.source,
        data_set="ICRP-107",
        expires_at=NOON + timedelta(days=3),
        received_at=NOON,
        received_by=1,
        impurities=(),
        events=(),
        ledger=Ledger(sequence=1, balance=Amount(volume_ul=ul, reference_bq=bq)),
    )
    wish = DrawWish(vial_id=number, after_sequence=1)
    return Source(vial=vial, product=known, data=nuclear_data(vial, REFERENCE), wish=wish)


def volumes(*sources: Source, wanted: int) -> list[int]:
    return [each.volume_ul for each in plan(sources, wanted, NOON)]


def test_the_next_vial_gives_what_the_first_leaves_missing() -> None:
    azedra = [source(n, "i-131-mibg-azedra", 12_487_500_000, 22_500) for n in (1, 2, 3)]
    assert volumes(*azedra, wanted=18_500_000_000) == [22_500, 10_833, 0]


def test_what_all_of_them_leave_missing_is_said() -> None:
    planned = plan([source(1, "i-131-mibg-azedra", 12 * GBQ, 22_500)], 18 * GBQ, NOON)
    assert missing_bq(planned, 18 * GBQ, NOON) == 6 * GBQ


@pytest.mark.parametrize("held", [7_400_000_000, 8_140_000_000, 14_800_000_000])
def test_a_whole_vial_is_drawn_whole_whatever_it_comes_to(held: int) -> None:
    assert volumes(source(1, "lutathera", held, 20_500), wanted=7_400_000_000) == [20_500]


def test_a_part_of_a_whole_vial_is_the_second_choice() -> None:
    vial = source(1, "lutathera", 8_200_000_000, 20_500)
    assert [each.volume_ul for each in plan([vial], 7_400_000_000, NOON, in_part=True)] == [18_500]


@pytest.mark.parametrize(("held", "second"), [(6_660_000_000, 0), (6_659_999_999, 20_500)])
def test_a_second_whole_vial_only_where_more_than_the_tolerance_is_missing(
    held: int, second: int
) -> None:
    vials = source(1, "lutathera", held, 20_500), source(2, "lutathera", held, 20_500)
    assert volumes(*vials, wanted=7_400_000_000) == [20_500, second]


def test_a_vial_without_activity_gives_nothing() -> None:
    assert volumes(source(1, "lutathera", 0, 20_500), wanted=GBQ) == [0]


def situation(measured_bq: int, **text: object) -> Situation:
    """A reading at the very instant of administration against 10 GBq prescribed."""
    version = DirectiveVersion(
        number=1,
        product="lutathera",
        prescribed_bq=10 * GBQ,
        prescribed_text="10 GBq",
        lowest_bq=None,
        highest_bq=None,
        planned_for=NOON,
        route="",
        indication="",
        cycle=None,
        notes="",
        reason="",
        prescriber_id=None,
        recorded_at=NOON,
        recorded_by=1,
    )
    versions = (replace(version, **text),)
    typed = Measured(bq=measured_bq, text="", at=NOON, instrument_id=1)
    command = DispenseDose(
        directive_id=1,
        draws=(),
        measured=typed,
    )
    return Situation(
        command=command,
        measured=typed,
        directive=Directive(id=1, site_id=1, patient="P", versions=versions),
        product=REFERENCE.products["lutathera"],
        sources=(source(1, "lutathera", 10 * GBQ, 20_500),),
        instrument=None,
        has_second=False,
        now=NOON,
    )


@pytest.mark.parametrize(
    ("measured_bq", "says"),
    [
        (11 * GBQ, Verdict.WITHIN),
        (11 * GBQ + 1, Verdict.NEEDS_REASON),
        (8 * GBQ, Verdict.NEEDS_REASON),
        (8 * GBQ - 1, Verdict.NEEDS_SECOND),
    ],
)
def test_a_limit_itself_is_within(measured_bq: int, says: Verdict) -> None:
    assert verdict(situation(measured_bq)) is says


def test_a_prescribed_range_decides_instead_of_the_tolerance() -> None:
    wide = {"lowest_bq": 5 * GBQ, "highest_bq": 11 * GBQ}
    assert verdict(situation(5 * GBQ, **wide)) is Verdict.WITHIN
    assert verdict(situation(11 * GBQ + 1, **wide)) is Verdict.NEEDS_SECOND
