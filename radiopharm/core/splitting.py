"""One thing put into several containers at once, by percent that sums to exactly one hundred.

A share is kept in whole millionths, so that a sum is one hundred percent or it is not. Becquerels
go by the largest remainder: every container gets the whole becquerels of its share, and those left
over go one each to the largest remainders, of equals to the container opened first. So the parts
sum to the whole, none is a becquerel away from its share, and naming the containers in another
order changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from radiopharm.core.filling import PutItem
from radiopharm.core.refusals import Refusal
from radiopharm.core.waste import Portion

WHOLE = 1_000_000
PER_PERCENT = 10_000
DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What goes into one container, in percent as typed."""

    container_id: int
    percent: Decimal

    @property
    def millionths(self) -> int:
        """The share of a million; of a percent that `faults` passed, exactly."""
        return int(self.percent * PER_PERCENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An item and the containers it is divided among."""

    item: PutItem
    shares: tuple[Share, ...]


def faults(shares: Sequence[Share]) -> tuple[Refusal, ...]:
    """Everything that cannot be of these shares, each under the box it stands in."""
    named = Counter(share.container_id for share in shares)
    found: list[Refusal] = []
    if len(shares) < 2:
        said = "Name two containers or more; into one it goes whole, from the container's page."
        found.append(Refusal(code="one_container", field="shares", message=said))
    for line, share in enumerate(shares):
        found.extend(_faults_of_percent(share, f"shares.{line}.percent"))
        if named[share.container_id] > 1:
            said = f"W-{share.container_id:06d} is named twice. Write its percent once."
            where = f"shares.{line}.container_id"
            found.append(Refusal(code="named_twice", field=where, message=said))
    return (*found, *_faults_of_sum(shares))


def divided(whole_bq: int, shares: Iterable[Share]) -> dict[int, int]:
    """Whole becquerels of each container, by its id; they sum to *whole_bq*.

    The shares must be free of `faults`.
    """
    floors, remainders = {}, {}
    for share in shares:
        floor, remainder = divmod(whole_bq * share.millionths, WHOLE)
        floors[share.container_id], remainders[share.container_id] = floor, remainder
    left = whole_bq - sum(floors.values())
    largest_first = sorted(remainders, key=lambda number: (-remainders[number], number))
    one_more = set(largest_first[:left])
    return {number: floor + (number in one_more) for number, floor in floors.items()}


def parts(
    portions: Iterable[Portion], shares: Sequence[Share]
) -> Mapping[int, tuple[Portion, ...]]:
    """What goes into each container, nuclide by nuclide.

    A nuclide that is declared is declared of every part, also where it has no whole becquerel.
    """
    found: dict[int, tuple[Portion, ...]] = {share.container_id: () for share in shares}
    for portion in portions:
        for number, activity_bq in divided(portion.activity_bq, shares).items():
            found[number] += (replace(portion, activity_bq=activity_bq),)
    return found


def percent(millionths: int) -> Decimal:
    """A share of a million as percent, without idle zeros."""
    return Decimal(f"{Decimal(millionths) / PER_PERCENT:f}")


def ends(shares: Iterable[Share]) -> list[tuple[int | None, int]]:
    """From where to where in the million each share lies, one after the other from nothing."""
    found: list[tuple[int | None, int]] = []
    end = 0
    for share in shares:
        found.append((end or None, end + share.millionths))
        end += share.millionths
    return found


def _faults_of_percent(share: Share, field: str) -> Iterable[Refusal]:
    if share.percent <= 0:
        said = "Write more than 0 %, or leave the container out."
        yield Refusal(code="no_share", field=field, message=said)
    elif Fraction(share.percent) * PER_PERCENT % 1:
        said = f"{share.percent:f} % is too fine: write at most {DECIMALS} decimals."
        yield Refusal(code="too_fine", field=field, message=said)


def _faults_of_sum(shares: Iterable[Share]) -> Iterable[Refusal]:
    total = sum((Fraction(share.percent) for share in shares), Fraction(0))
    if total == 100:
        return
    named = f"{_exact(total)} %"
    way = "missing" if total < 100 else "too much"
    yield Refusal(
        code="not_whole",
        field="shares",
        message=f"That is {named}; {_exact(abs(100 - total))} % {way}.",
        value=named,
        operator="=",
        limit="100 %",
    )


def _exact(percent: Fraction) -> str:
    """A sum of typed percents in all its decimals."""
    return f"{Decimal(percent.numerator) / Decimal(percent.denominator):f}"
