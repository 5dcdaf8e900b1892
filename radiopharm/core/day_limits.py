"""What may leave a site in one day, nuclide by nuclide, and what has left today already.

A site sets such a limit itself; without one nothing is asked. Sums are compared exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The limits of a day, and what was in the containers released on it as they left."""

    limits_bq: Mapping[str, int] = field(default_factory=dict)
    gone_bq: Mapping[str, float] = field(default_factory=dict)

    def after(self, contents_bq: Mapping[str, float]) -> "Day":
        """The day once something with *contents_bq* has left too."""
        both = {
            symbol: self.gone_bq.get(symbol, 0.0) + contents_bq.get(symbol, 0.0)
            for symbol in self.gone_bq.keys() | contents_bq.keys()
        }
        return Day(limits_bq=self.limits_bq, gone_bq=both)


def over_the_day(day: Day, contents_bq: Mapping[str, float]) -> tuple[Refusal, ...]:
    """A refusal for each nuclide of which more would leave today than may."""
    return tuple(
        _refusal(symbol, day.gone_bq.get(symbol, 0.0), contents_bq[symbol], limit_bq)
        for symbol, limit_bq in sorted(day.limits_bq.items())
        if symbol in contents_bq
        and Fraction(day.gone_bq.get(symbol, 0.0)) + Fraction(contents_bq[symbol]) > limit_bq
    )


def _refusal(symbol: str, gone_bq: float, more_bq: float, limit_bq: int) -> Refusal:
    gone, more, limit = (fmt.activity_auto(bq) for bq in (gone_bq, more_bq, limit_bq))
    return Refusal(
        code="day_limit",
        message=f"{gone} of {symbol} has gone today; {more} more exceeds the day's {limit}.",
        value=fmt.activity_auto(gone_bq + more_bq),
        limit=limit,
        operator="<=",
    )
