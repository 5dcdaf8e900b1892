"""The rules of dispensing: tolerances at their limits, near misses, and plans against facts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from radiopharm.core import dispensing_rules as rules
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.dispensing import DispenseDose, DrawWish, Situation, Source
from radiopharm.core.dose_tolerance import meets_event_percentage, near_miss
from radiopharm.core.instruments import Instrument, InstrumentKind
from radiopharm.core.ledger import Amount, Ledger
from radiopharm.core.readings import Measured
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Happening, Vial, VialEvent, nuclear_data
from tests.core.test_directives import SIGNATURE

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
METER = Instrument(
    id=1,
    name="Calibrator A",
    kind=InstrumentKind.ACTIVITY_METER,
    serial="1",
    calibration_due_at=None,
    retired_at=None,
)


@pytest.fixture
def situation(reference: Reference) -> Callable[..., Situation]:
    """A whole accepted Lutathera vial, measured at noon for noon, against 7,400 MBq."""

    def make(measured_bq: int = 7_400_000_000, **changes: Any) -> Situation:
        product = reference.products["lutathera"]
        vial = _vial(**changes.pop("vial", {}))
        version = _version(**changes.pop("version", {}))
        typed = Measured(bq=measured_bq, text="typed", at=NOON, instrument_id=1)
        command = DispenseDose(
            directive_id=1,
            draws=(DrawWish(vial_id=1, after_sequence=1),),
            measured=typed,
            **changes.pop("command", {}),
        )
        source = Source(
            vial=vial,
            product=reference.products[vial.product],
            data=nuclear_data(vial, reference),
            wish=command.draws[0],
        )
        usual = {
            "command": command,
            "measured": command.measured,
            "directive": Directive(id=1, site_id=1, patient="P-1", versions=(version,)),
            "product": product,
            "sources": (source,),
            "instrument": METER,
            "has_second": False,
            "now": NOON,
        }
        return Situation(**{**usual, **changes})

    return make


def _vial(**changes: Any) -> Vial:
    accepted = VialEvent(kind=Happening.ACCEPTED, occurred_at=NOON, recorded_at=NOON, actor_id=2)
    usual: dict[str, Any] = {
        "id": 1,
        "site_id": 1,
        "product": "lutathera",
        "nuclide": "Lu-177",
        "lot": "L",
        "reference_at": NOON,
        "reference_zone": "UTC",
        "half_life_s": 574300.8,
        "half_life_text": "6.647 d",
        "half_life_source": "label",
        "data_set": "ICRP-107",
        "expires_at": NOON + timedelta(hours=72),
        "received_at": NOON - timedelta(hours=1),
        "received_by": 1,
        "impurities": (),
        "events": (accepted,),
        "ledger": Ledger(sequence=1, balance=Amount(volume_ul=20_500, reference_bq=7_585_000_000)),
    }
    return Vial(**{**usual, **changes})


def _version(**changes: Any) -> DirectiveVersion:
    usual: dict[str, Any] = {
        "number": 1,
        "product": "lutathera",
        "prescribed_bq": 7_400_000_000,
        "prescribed_text": "7.4 GBq",
        "lowest_bq": None,
        "highest_bq": None,
        "planned_for": NOON,
        "route": "",
        "indication": "",
        "cycle": None,
        "notes": "",
        "reason": "",
        "prescriber_id": 3,
        "recorded_at": NOON,
        "recorded_by": 3,
        "signature": SIGNATURE,
    }
    return DirectiveVersion(**{**usual, **changes})


def codes(situation: Situation) -> set[str]:
    return {refusal.code for refusal in rules.refusals(situation)}


@pytest.mark.requirement("RQ-27")
@pytest.mark.case("TOL-35.63")
@pytest.mark.parametrize(
    ("measured", "usable"),
    [
        ("5919.9", False),
        ("5920", True),
        ("6660", True),
        ("8140", True),
        ("8880", True),
        ("8880.1", False),
    ],
)
def test_more_than_twenty_percent_needs_a_second_person(
    situation: Callable[..., Situation], measured: str, usable: bool
) -> None:
    judged = situation(int(Decimal(measured) * 10**6))
    assert ("deviation_needs_second_person" not in codes(judged)) is usable


@pytest.mark.case("TOL-FLOAT-TRAP")
def test_a_limit_is_judged_exactly_where_floats_would_err(
    situation: Callable[..., Situation],
) -> None:
    judged = situation(4_800_000_000, version={"prescribed_bq": 6_000_000_000})
    assert "deviation_needs_second_person" not in codes(judged)
    assert meets_event_percentage(judged.figures.deviation)


@pytest.mark.case("TOL-LABEL10")
@pytest.mark.parametrize(
    ("measured", "within"),
    [("6659", False), ("6660", True), ("8140", True), ("8141", False)],
)
def test_ten_percent_is_still_within_the_tolerance(
    situation: Callable[..., Situation], measured: str, within: bool
) -> None:
    judged = situation(int(measured) * 10**6)
    assert ("deviation_needs_reason" not in codes(judged)) is within


def test_a_prescribed_range_decides_alone(situation: Callable[..., Situation]) -> None:
    bounds = {"lowest_bq": 5_000_000_000, "highest_bq": 8_000_000_000}
    assert codes(situation(5_000_000_000, version=bounds)) == set()
    assert codes(situation(4_999_999_999, version=bounds)) == {"outside_range"}


def test_a_vial_expires_at_its_instant_not_after_it(
    situation: Callable[..., Situation],
) -> None:
    at = NOON + timedelta(hours=1)
    inside = situation(
        vial={"expires_at": at + timedelta(microseconds=1)}, version={"planned_for": at}
    )
    outside = situation(vial={"expires_at": at}, version={"planned_for": at})
    assert "expired" not in codes(inside)
    assert "expired" in codes(outside)


def test_a_thawed_vial_is_not_in_date_again_for_an_instant_before_it_was_thawed(
    situation: Callable[..., Situation],
) -> None:
    accepted, begun = _vial().events[0], NOON - timedelta(hours=5)
    thawed = replace(
        accepted,
        kind=Happening.THAWED,
        occurred_at=begun,
        use_by_at=begun + timedelta(hours=4),
    )
    before = {"administer_at": begun - timedelta(hours=1)}
    assert "expired" in codes(situation(vial={"events": (accepted, thawed)}, command=before))


def test_an_unsigned_directive_and_an_unaccepted_vial_are_both_named(
    situation: Callable[..., Situation],
) -> None:
    judged = situation(vial={"events": ()}, version={"signature": None})
    assert codes(judged) == {"directive_not_signed", "not_accepted"}


def test_a_drawn_dose_is_recordable_with_reason_and_second_person(
    situation: Callable[..., Situation],
) -> None:
    late = {"already_drawn": True, "reason": "power cut"}
    judged = situation(vial={"events": ()}, command=late, has_second=True)
    assert codes(judged) == set()
    assert {refusal.code for refusal in rules.overridden(judged)} == {"not_accepted"}


def test_a_reading_is_carried_by_the_decay_of_what_was_drawn(
    situation: Callable[..., Situation],
) -> None:
    judged = situation(command={"administer_at": NOON + timedelta(days=6.647)})
    assert judged.figures.measured_bq == pytest.approx(3_700_000_000, rel=1e-12)
    assert judged.figures.calculated_bq == pytest.approx(3_792_500_000, rel=1e-12)


def test_a_dose_drawn_from_what_the_book_calls_empty_says_how_much_it_was(
    situation: Callable[..., Situation],
) -> None:
    late = {"already_drawn": True, "reason": "power cut"}
    empty = {"ledger": Ledger(sequence=2, balance=Amount(volume_ul=0, reference_bq=0))}
    assert codes(situation(vial=empty, command=late, has_second=True)) == {"volume"}


def test_a_source_that_is_empty_has_nothing_to_share(
    situation: Callable[..., Situation],
) -> None:
    judged = situation(
        vial={"ledger": Ledger(sequence=2, balance=Amount(volume_ul=0, reference_bq=0))}
    )
    assert "insufficient" in codes(judged)
    assert judged.figures.calculated_bq == 0


@pytest.mark.parametrize(
    ("measured_bq", "said"),
    [
        (7.4e12, "about 1,000 times what was calculated. Is it MBq and not GBq"),
        (273.8e9, "about 37 times what was calculated. Is it MBq and not mCi?"),
        (200_000_000, "about 37 times less than what was calculated. Is it mCi and not MBq?"),
        (
            0.74e9,
            "about 10 times less than what was calculated. Is the decimal point in its place?",
        ),
    ],
)
def test_a_reading_off_by_a_known_factor_is_named(
    situation: Callable[..., Situation], measured_bq: float, said: str
) -> None:
    judged = situation(round(measured_bq))
    assert said in (near_miss(judged) or "")
    assert any(said in refusal.message for refusal in rules.refusals(judged))


def test_a_reading_that_is_merely_off_is_no_slip(situation: Callable[..., Situation]) -> None:
    assert near_miss(situation(5_000_000_000)) is None


def test_replacing_the_wish_changes_the_share(situation: Callable[..., Situation]) -> None:
    source = situation().sources[0]
    half = replace(source, wish=DrawWish(vial_id=1, after_sequence=1, volume_ul=10_250))
    assert half.share == Amount(volume_ul=10_250, reference_bq=3_792_500_000)
