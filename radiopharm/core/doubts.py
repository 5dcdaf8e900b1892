"""What a release check cannot refuse, but a thoughtful person would ask about before signing.

A reading at background says little of a nuclide whose dose rate nobody knows here. The threshold
is no invention of ours: it is the activity above which a pack's own table of exemption applies.
"""

from dataclasses import dataclass
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.release import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A warning with its ground: what the book says is there, and the figure it is compared to."""

    nuclide: str
    activity_bq: float
    limit: str
    source: str
    status: Status

    @property
    def message(self) -> str:
        """The warning in words."""
        return (
            f"The book says {fmt.activity_auto(self.activity_bq)} of {self.nuclide} is still "
            f"inside, more than the exempt {self.limit}; a reading equal to background is not "
            "what one would expect. Measure again, unshielded and close to it."
        )

    def as_dict(self) -> dict[str, object]:
        """The doubt for JSON, as the check answers it."""
        return {
            "nuclide": self.nuclide,
            "activity_bq": self.activity_bq,
            "limit": self.limit,
            "source": self.source,
            "status": str(self.status),
            "message": self.message,
        }


def doubts(check: Check, exempt: LimitTable, data: NuclearData) -> tuple[Doubt, ...]:
    """A doubt for each nuclide above its exempt activity though the survey has passed."""
    if not any(leg.kind == "survey" and leg.passed for leg in check.legs):
        return ()
    found = ((symbol, bq, exempt.of(symbol, data)) for symbol, bq in check.contents_bq.items())
    return tuple(
        Doubt(
            nuclide=symbol,
            activity_bq=bq,
            limit=fmt.activity_auto(float(limit.value)),
            source=f"{limit.clause}, {limit.source}",
            status=limit.status,
        )
        for symbol, bq, limit in found
        if limit is not None and Fraction(bq) > Fraction(limit.value)
    )
