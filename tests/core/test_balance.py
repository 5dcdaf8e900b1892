"""Every becquerel leaves by a route, whatever the life of the vials; and a changed figure shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from radiopharm.core.balance import Route, by_nuclide, of_life
from radiopharm.core.ledger import Amount, Entry, Kind, Ledger, following, post, reverse, share
from radiopharm.core.lives import Books, Draw, Given, Placed, Residue, life
from radiopharm.core.vials import Vial

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HALF_LIFE_H = 159.528
END = 400


def factor(at: datetime) -> float:
    return float(2.0 ** (-(at - NOON).total_seconds() / 3600 / HALF_LIFE_H))


def hour(number: float) -> datetime:
    return NOON + timedelta(hours=number)


VIAL = Vial(
    id=1,
    site_id=1,
    product="lutathera",
    nuclide="Lu-177",
    lot="L",
    reference_at=NOON,
    reference_zone="UTC",
    half_life_s=HALF_LIFE_H * 3600,
    half_life_text="",
    half_life_source="",
    data_set="",
    expires_at=hour(72),
    received_at=hour(-48),
    received_by=1,
    impurities=(),
    events=(),
    ledger=Ledger(),
)


class Hand:
    """Someone who does things to one vial, an hour apart."""

    def __init__(self, activity_bq: int) -> None:
        self.hours, self.entries, self.draws, self.placed = -48.0, [], [], {}
        self.post(Kind.RECEIVED, Amount(volume_ul=20_000, reference_bq=activity_bq))

    @property
    def held(self) -> Amount:
        return self.entries[-1].after if self.entries else Amount(volume_ul=0, reference_bq=0)

    def later(self) -> datetime:
        self.hours += 1
        return hour(self.hours)

    def post(self, kind: Kind, change: Amount) -> Entry:
        at = self.later()
        ledger = following(self.entries[-1]) if self.entries else Ledger()
        self.entries.append(
            post(ledger, kind, change, occurred_at=at, recorded_at=at, reason="said")
        )
        return self.entries[-1]

    def take(self, kind: Kind, volume_ul: int) -> Entry | None:
        volume_ul = min(volume_ul, self.held.volume_ul)
        return self.post(kind, -share(self.held, volume_ul)) if volume_ul else None

    def discard(self, volume_ul: int, reading: float) -> None:
        entry = self.take(Kind.DISCARDED, volume_ul)
        if entry and reading < 1:
            held = -entry.change.reference_bq * factor(entry.occurred_at)
            placed = Placed(at=entry.occurred_at, bq=round(held), route=Route.DISCHARGED)
            self.placed[entry.sequence] = placed

    def transfer(self, volume_ul: int, _reading: float) -> None:
        self.take(Kind.TRANSFERRED, volume_ul)

    def dilute(self, volume_ul: int, _reading: float) -> None:
        self.post(Kind.DILUTED, Amount(volume_ul=volume_ul, reference_bq=0))

    def assay(self, _volume_ul: int, reading: float) -> None:
        held = self.held
        if held.volume_ul:
            change = round(held.reference_bq * (reading - 1))
            self.post(Kind.ASSAYED, Amount(volume_ul=0, reference_bq=change))

    def undo(self, _volume_ul: int, _reading: float) -> None:
        last = self.entries[-1]
        if last.kind in (Kind.TRANSFERRED, Kind.DILUTED):
            mirror = reverse(following(last), last, recorded_at=hour(self.hours + 1), reason="slip")
            self.entries.append(mirror)

    def give(self, volume_ul: int, reading: float) -> None:
        draw = self.draw(volume_ul)
        if draw:
            start = self.later()
            dose = draw.booked(start) * reading
            thrown = self.later()
            left = (0.04 * dose, 0.01 * dose)
            placed = Placed(at=thrown, bq=round(left[0] * factor(thrown) / factor(start)))
            residues = (
                Residue(at_start_bq=left[0], placed=placed),
                Residue(at_start_bq=left[1]),
            )
            administered = Given(at=start, dose_bq=dose, net_bq=dose - sum(left), residues=residues)
            self.draws[-1] = replace(draw, given=administered)

    def throw(self, volume_ul: int, _reading: float) -> None:
        draw = self.draw(volume_ul)
        if draw:
            at = self.later()
            self.draws[-1] = replace(draw, thrown=Placed(at=at, bq=round(draw.booked(at))))

    def give_back(self, volume_ul: int, _reading: float) -> None:
        draw = self.draw(volume_ul)
        if draw:
            amount = -self.entries[-1].change
            entry = self.post(Kind.RETURNED, amount)
            self.draws[-1] = replace(draw, returned_at=entry.occurred_at)

    def draw(self, volume_ul: int, _reading: float = 1.0) -> Draw | None:
        entry = self.take(Kind.DRAWN, volume_ul)
        if entry is None:
            return None
        taken = -entry.change.reference_bq
        other = 10**9  # the dose is of another vial too
        booked: Callable[[datetime], float] = lambda at: (taken + other) * factor(at)  # noqa: E731
        draw = Draw(reference_bq=taken, drawn_at=entry.occurred_at, booked=booked)
        self.draws.append(draw)
        return draw

    def books(self, **changes: Any) -> Books:
        return replace(
            Books(
                vial=VIAL,
                entries=tuple(self.entries),
                draws=tuple(self.draws),
                placed=self.placed,
                factor=factor,
            ),
            **changes,
        )


DEEDS = (
    Hand.discard, Hand.transfer, Hand.dilute, Hand.assay, Hand.undo,
    Hand.give, Hand.throw, Hand.give_back, Hand.draw,
)  # fmt: skip
LIVES = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(1, 20_000), st.floats(0.5, 1.5)), max_size=20
)


def lived(activity_bq: int, deeds: list[tuple[Any, int, float]]) -> Hand:
    hand = Hand(activity_bq)
    for deed, volume_ul, reading in deeds:
        deed(hand, volume_ul, reading)
    return hand


@pytest.mark.requirement("RQ-37")
@given(st.integers(1, 10**12), LIVES, st.floats(-50, END), st.floats(-50, END))
def test_any_life_closes_over_any_period(
    activity_bq: int, deeds: list[tuple[Any, int, float]], one: float, other: float
) -> None:
    told = life(lived(activity_bq, deeds).books())
    assert of_life(told, None, hour(END)).balance.closes
    since, until = sorted((one, other))
    assert of_life(told, hour(since), hour(until)).balance.closes


@given(LIVES, st.floats(-50, END))
def test_two_periods_say_together_what_the_whole_says(
    deeds: list[tuple[Any, int, float]], middle: float
) -> None:
    told = life(lived(10**10, deeds).books())
    whole = of_life(told, None, hour(END)).balance
    first, then = of_life(told, None, hour(middle)), of_life(told, hour(middle), hour(END))
    assert first.balance.in_stock_bq == then.balance.opening_bq
    for route in Route:
        parts = first.balance.routes_bq[route] + then.balance.routes_bq[route]
        assert parts == whole.routes_bq[route]


@settings(max_examples=50)
@given(LIVES, st.integers(0, 30), st.integers(1_000, 10**9))
def test_a_changed_entry_never_closes(
    deeds: list[tuple[Any, int, float]], which: int, more: int
) -> None:
    """One that moved nothing, or that another book witnesses, is `ledger-verify`'s to find."""
    hand = lived(10**10, deeds)
    which %= len(hand.entries)
    old = hand.entries[which]
    assume(old.sequence not in hand.placed)
    assume(old.kind in (Kind.RECEIVED, Kind.ASSAYED, Kind.DISCARDED, Kind.TRANSFERRED))
    change = replace(old.change, reference_bq=old.change.reference_bq + more)
    hand.entries[which] = replace(old, change=change)
    assert not of_life(life(hand.books()), None, hour(END // 2)).balance.closes


def test_what_a_container_s_book_says_must_be_what_the_vial_s_says() -> None:
    hand = Hand(10**10)
    hand.discard(5_000, 0.9)
    number, placed = next(iter(hand.placed.items()))
    lied = {number: replace(placed, bq=placed.bq - 1_000_000)}
    found = of_life(life(hand.books(placed=lied)), None, placed.at).balance
    assert (found.unexplained_bq, found.closes) == (pytest.approx(1_000_000, abs=2), False)


def test_a_corrected_certificate_leaves_a_difference_and_no_gap() -> None:
    hand = Hand(10**10)
    hand.discard(5_000, 0.9)
    number, placed = next(iter(hand.placed.items()))
    older = {number: replace(placed, bq=placed.bq - 7_000)}
    books = hand.books(placed=older, recertified=True)
    found = of_life(life(books), None, hour(0)).balance
    assert found.closes
    assert found.routes_bq[Route.DIFFERENCE] == pytest.approx(7_000, abs=2)


def test_a_net_reckoned_anew_after_a_corrected_certificate_closes_where_an_older_one_stands() -> (
    None
):
    hand = Hand(10**10)
    hand.give(5_000, 1.0)
    draw = hand.draws[-1]
    assert draw.given is not None
    anew = replace(draw.given, net_bq=draw.given.net_bq - 7_000)
    for recertified in (False, True):
        told = replace(draw, given=anew, recertified=recertified)
        found = of_life(life(hand.books(draws=(told,))), None, hour(END)).balance
        assert found.closes is recertified


def test_the_site_balances_each_nuclide_apart() -> None:
    one = of_life(life(Hand(10**9).books()), None, hour(0))
    other = replace(one, nuclide="Y-90")
    found = by_nuclide([one, other, one])
    assert {nuclide: it.entries for nuclide, it in found.items()} == {"Lu-177": 2, "Y-90": 1}
