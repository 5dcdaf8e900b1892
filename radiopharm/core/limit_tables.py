"""Tables of limits by nuclide: what a rule allows of each, and what it says of one it leaves out.

A nuclide without a figure has the table's own default, waits for the authority's decision, or for
a site that looks its figure up. None of these is "no limit". Which daughters a "+" covers is a
matter of the table, not of the nuclide.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from radiopharm.core.figures import Status
from radiopharm.core.nuclides import NuclearData, atomic_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What is allowed of one nuclide, in the unit of its table; `note` says if it is a default."""

    value: Decimal
    clause: str
    source: str
    status: Status
    note: str = ""

    def __post_init__(self) -> None:
        if not (self.value.is_finite() and self.value > 0):
            raise ValueError(f"a limit is more than zero, not {self.value}")
        if not (self.clause.strip() and self.source.strip()):
            raise ValueError("a limit has a clause and a source")


def _light(symbol: str, _data: NuclearData) -> bool:
    return atomic_number(symbol) <= 81


def _heavy_alpha(symbol: str, data: NuclearData) -> bool:
    return atomic_number(symbol) > 81 and any(
        branch.mode.startswith("α") for branch in data.get(symbol).branches
    )


def _any(_symbol: str, _data: NuclearData) -> bool:
    return True


DEFAULT_FOR: dict[str, Callable[[str, NuclearData], bool]] = {
    "Z ≤ 81": _light,
    "Z > 81 with alpha": _heavy_alpha,
    "any": _any,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTable:
    """The limits of one table of a rule.

    `unlisted` are the nuclides that the table is known to leave out: one of `defaults` holds for
    them, or else its authority decides. Of any other nuclide this copy of the table says nothing;
    what a site has looked up and signed itself is in `entered`, and holds only where nothing else
    does.
    """

    name: str
    unit: str
    clause: str
    limits: Mapping[str, Limit]
    unlisted: frozenset[str] = frozenset()
    defaults: Mapping[str, Limit]
    covers: Mapping[str, frozenset[str]]
    entered: Mapping[str, Limit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.clause.strip():
            raise ValueError("clause is empty")
        if both := self.limits.keys() & self.unlisted:
            raise ValueError(f"both listed and unlisted: {', '.join(sorted(both))}")
        if wrong := self.defaults.keys() - DEFAULT_FOR.keys():
            raise ValueError(f"a default is for {' or '.join(DEFAULT_FOR)}, not {wrong.pop()}")
        if without := self.covers.keys() - self.limits.keys():
            raise ValueError(f"covers daughters without a limit: {', '.join(sorted(without))}")

    def of(self, symbol: str, data: NuclearData) -> Limit | None:
        """The limit of a nuclide; None where somebody has yet to say."""
        return self.own(symbol, data) or self.entered.get(symbol)

    def own(self, symbol: str, data: NuclearData) -> Limit | None:
        """What the table itself says of a nuclide."""
        if symbol not in self.unlisted:
            return self.limits.get(symbol)
        fitting = (name for name in self.defaults if DEFAULT_FOR[name](symbol, data))
        return self.defaults.get(next(fitting, ""))

    def missing(self, symbol: str, authority: str) -> str:
        """What has to happen before a nuclide without a limit can be judged."""
        if symbol in self.unlisted:
            return f"{symbol} is not listed in {self.clause}: it needs a decision by {authority}."
        return f"{symbol} needs a site entry: its figure in {self.clause} is not in this pack."
