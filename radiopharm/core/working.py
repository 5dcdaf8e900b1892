"""The working of a figure: what went in, by which rule, what came out. Shown wherever it is.

Nothing here is rounded; where people read a figure it is rounded once, on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from radiopharm.core.decay import contents, seconds
from radiopharm.core.nuclides import NuclearData, Nuclide

SINGLE = "A(t) = A0 · exp(−ln 2 · Δt / T½)"
CHAIN = (
    "dA_i/dt = λ_i · (Σ_j b_ji · A_j − A_i), λ = ln 2 / T½, from A0 and the declared ratios at t0; "
    "b_ji is the fraction of decays of j that make i"
)
ROUNDING = "none: computed in double precision, rounded only where it is shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """How the activities at one instant follow from an amount at a reference instant.

    `declared` are the nuclides put in, the principal first; `activities_bq` everything present.
    """

    amount_bq: int | float
    reference_at: datetime
    at: datetime
    elapsed_s: float
    declared: tuple[Nuclide, ...]
    ratios: Mapping[str, Fraction | Decimal]
    nuclear_data: str
    formula: str
    activities_bq: Mapping[str, float]

    @property
    def activity_bq(self) -> float:
        """The result: the principal nuclide's activity at `at`."""
        return self.activities_bq[self.declared[0].symbol]

    def as_dict(self) -> dict[str, object]:
        """The working for JSON: numbers, and strings as a person would write them."""
        principal = self.declared[0]
        return {
            "nuclide": principal.symbol,
            "reference_activity_bq": self.amount_bq,
            "reference_at": _printed(self.reference_at),
            "at": _printed(self.at),
            "elapsed_s": self.elapsed_s,
            "half_life_s": principal.half_life_s,
            "nuclear_data": self.nuclear_data,
            "half_lives": [_half_life(nuclide) for nuclide in self.declared],
            "impurities": [
                {"nuclide": symbol, "ratio": float(ratio)} for symbol, ratio in self.ratios.items()
            ],
            "formula": self.formula,
            "activity_bq": self.activity_bq,
            "rounding": ROUNDING,
        }


def explain(
    *,
    amount_bq: int | float,
    ratios: Mapping[str, Fraction | Decimal],
    principal: str,
    reference_at: datetime,
    at: datetime,
    data: NuclearData,
) -> Working:
    """Compute what *amount_bq* at *reference_at* is at *at*, and keep how; raises as `contents`."""
    elapsed_s = seconds(reference_at, at)
    activities_bq = contents(amount_bq, ratios, principal, elapsed_s, data)
    return Working(
        amount_bq=amount_bq,
        reference_at=reference_at,
        at=at,
        elapsed_s=elapsed_s,
        declared=tuple(data.get(symbol) for symbol in (principal, *ratios)),
        ratios=ratios,
        nuclear_data=data.name,
        formula=CHAIN if len(activities_bq) > 1 else SINGLE,
        activities_bq=activities_bq,
    )


def _half_life(nuclide: Nuclide) -> dict[str, object]:
    return {
        "nuclide": nuclide.symbol,
        "half_life": nuclide.half_life_text,
        "half_life_s": nuclide.half_life_s,
        "source": nuclide.source,
        "edition": nuclide.edition,
        "status": nuclide.status.value if nuclide.status else "",
    }


def _printed(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
