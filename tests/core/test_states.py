"""The name of a vial's state, and what it shows, at instants around each boundary."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from radiopharm.core.ledger import Amount, Ledger
from radiopharm.core.reference import Reference
from radiopharm.core.states import VialState, vial_state
from radiopharm.core.stock import seen
from radiopharm.core.vials import Happening, Vial, VialEvent

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HELD = Amount(volume_ul=20_500, reference_bq=7_585_000_000)
EMPTY = Amount(volume_ul=0, reference_bq=0)


def happened(kind: Happening, hours: float, **more: Any) -> VialEvent:
    at = NOON + hours * HOUR
    return VialEvent(kind=kind, occurred_at=at, recorded_at=at, actor_id=1, **more)


def vial(*events: VialEvent, **changes: Any) -> Vial:
    """A vial that came at noon and expires ten hours later."""
    usual: dict[str, Any] = {
        "id": 1,
        "site_id": 1,
        "product": "lutathera",
        "nuclide": "Lu-177",
        "lot": "L",
        "reference_at": NOON,
        "reference_zone": "UTC",
        "half_life_s": 6.647 * 86_400,
        "half_life_text": "6.647 d",
        "half_life_source": "label",
        "data_set": "ICRP-107",
        "expires_at": NOON + 10 * HOUR,
        "received_at": NOON,
        "received_by": 1,
        "impurities": (),
        "events": events,
        "ledger": Ledger(sequence=1, balance=HELD),
    }
    return Vial(**{**usual, **changes})


ACCEPTED = happened(Happening.ACCEPTED, 1)


@pytest.mark.parametrize(
    ("events", "hours", "state"),
    [
        ((), 0, VialState.RECEIVED),
        ((ACCEPTED,), 0.99, VialState.RECEIVED),
        ((ACCEPTED,), 1, VialState.AVAILABLE),
        ((ACCEPTED,), 9.99, VialState.AVAILABLE),
        ((ACCEPTED,), 10, VialState.EXPIRED),
        ((), 10, VialState.EXPIRED),
        ((ACCEPTED, happened(Happening.QUARANTINED, 2)), 2, VialState.QUARANTINED),
        ((happened(Happening.QUARANTINED, 2),), 11, VialState.QUARANTINED),
        (
            (ACCEPTED, happened(Happening.QUARANTINED, 2), happened(Happening.RELEASED, 3)),
            3,
            VialState.AVAILABLE,
        ),
        (
            (ACCEPTED, happened(Happening.OPENED, 2, use_by_at=NOON + 5 * HOUR)),
            5,
            VialState.EXPIRED,
        ),
        (
            (ACCEPTED, happened(Happening.OPENED, 6, use_by_at=NOON + 7 * HOUR)),
            5,
            VialState.AVAILABLE,
        ),
    ],
)
def test_a_state_follows_from_what_had_happened_by_then(
    events: tuple[VialEvent, ...], hours: float, state: VialState
) -> None:
    assert vial_state(vial(*events), HELD, NOON + hours * HOUR) is state


def test_before_it_came_a_vial_is_not_here_and_drawn_out_it_is_empty() -> None:
    quarantined = vial(happened(Happening.QUARANTINED, 0))
    assert vial_state(quarantined, None, NOON) is VialState.NOT_HERE
    assert vial_state(quarantined, EMPTY, NOON) is VialState.EMPTY


def test_of_two_words_at_one_instant_the_later_written_counts() -> None:
    both = (happened(Happening.RELEASED, 2), happened(Happening.QUARANTINED, 2))
    assert vial_state(vial(*both), HELD, NOON + 3 * HOUR) is VialState.QUARANTINED


def test_before_it_came_the_label_is_shown(reference: Reference) -> None:
    early = seen(vial(), None, NOON - 6.647 * 24 * HOUR, reference)
    assert early.activity_bq == pytest.approx(2 * 7.585e9, rel=1e-12)
    assert early.concentration is None


def test_an_empty_vial_has_no_concentration(reference: Reference) -> None:
    assert seen(vial(), EMPTY, NOON, reference).concentration is None


def test_the_place_is_the_last_one_by_then(reference: Reference) -> None:
    moved = vial(
        happened(Happening.MOVED, 0, place="Receiving"),
        happened(Happening.MOVED, 2, place="Safe 1"),
    )
    places = [seen(moved, HELD, NOON + hours * HOUR, reference).place for hours in (-1, 1, 2)]
    assert places == [None, "Receiving", "Safe 1"]


@pytest.mark.parametrize("half_lives", [-1100, 1100])
def test_however_far_away_there_is_an_answer(reference: Reference, half_lives: int) -> None:
    ga = vial(product="ga-68-dotatate", nuclide="Ga-68", half_life_s=4_063.0)
    far = seen(ga, HELD, NOON + timedelta(seconds=half_lives * 4_063.0), reference)
    assert far.activity_bq == (0.0 if half_lives > 0 else None)
    assert (far.undefined is None) is (half_lives > 0)
