"""What something holds when it is put away: portions in whole becquerels, with their half-lives.

The principal nuclide and the declared impurities at the instant it goes in, with the half-lives of
the vial it came from. Progeny that nobody declared is not put in; it grows again from what was.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from radiopharm.core.ledger import Amount
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.vials import Vial, contents, nuclear_data
from radiopharm.core.waste import Portion


def portions(
    vial: Vial, amount: Amount, at: datetime, reference: Reference, scale: float = 1.0
) -> tuple[Portion, ...]:
    """What *amount* of a vial is at *at*: its principal nuclide and its declared impurities.

    *scale* is for what a reading found instead of what the book has. Raises as `vials.contents`.
    """
    data = nuclear_data(vial, reference)
    present = contents(vial, amount, at, data)
    return tuple(
        _portion(symbol, round(present[symbol] * scale), data)
        for symbol in (vial.nuclide, *vial.ratios)
    )


def declared_portions(
    activities_bq: Iterable[tuple[str, int]], data: NuclearData
) -> tuple[Portion, ...]:
    """What somebody declares; raises `UnknownNuclide`."""
    return tuple(_portion(symbol, activity, data) for symbol, activity in activities_bq)


def together(found: Iterable[Portion]) -> tuple[Portion, ...]:
    """One portion a nuclide: activities added, the longest of their half-lives kept."""
    added: dict[str, Portion] = {}
    for portion in found:
        other = added.get(portion.symbol, replace(portion, activity_bq=0))
        longest = max(other, portion, key=lambda each: each.half_life_s)
        total = other.activity_bq + portion.activity_bq
        added[portion.symbol] = replace(longest, activity_bq=total)
    return tuple(added.values())


def _portion(symbol: str, activity_bq: int, data: NuclearData) -> Portion:
    nuclide = data.get(symbol)
    return Portion(
        symbol=symbol,
        activity_bq=activity_bq,
        half_life_s=nuclide.half_life_s,
        half_life_text=nuclide.half_life_text,
        half_life_source=nuclide.source,
    )
