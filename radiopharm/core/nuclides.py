"""Nuclides, how they decay and who says so.

Nuclear data are versioned data, not constants: every nuclide carries the data set, source and
edition of its own half-life, also where a set borrows it from another.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Self

from radiopharm.core.figures import Status


class UnknownNuclide(LookupError):
    """A symbol that is not a nuclide, or one the data set says nothing about."""

    def __init__(self, symbol: str, message: str) -> None:
        super().__init__(message)
        self.symbol = symbol
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One way a nuclide decays: to which daughter, and in which fraction of its decays."""

    daughter: str
    fraction: float
    mode: str
    is_stable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuclide:
    """A radioactive nuclide: its half-life in seconds and as printed, its branches, its source.

    `half_life_uncertainty_s` is None where the source prints none; `status` is None where the
    half-life was put in by `NuclearData.with_half_life` and only its source speaks for it.
    """

    symbol: str
    half_life_s: float
    half_life_text: str
    half_life_uncertainty_s: float | None
    branches: tuple[Branch, ...]
    branches_from: str
    data_set: str
    source: str
    edition: str
    status: Status | None

    def __post_init__(self) -> None:
        if not 0 < self.half_life_s < math.inf:
            raise ValueError(f"{self.symbol}: a half-life is a positive number of seconds")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NuclearData:
    """A named set of nuclides, complete: every radioactive daughter is itself in the set."""

    name: str
    source: str
    edition: str
    nuclides: Mapping[str, Nuclide]

    def get(self, symbol: str) -> Nuclide:
        """The nuclide of a canonical *symbol*; `UnknownNuclide` when the set has none."""
        try:
            return self.nuclides[symbol]
        except KeyError:
            raise UnknownNuclide(symbol, f"{self.name} has no data for {symbol}.") from None

    def chain(self, *symbols: str) -> tuple[str, ...]:
        """*symbols* and all their radioactive progeny, every parent before its daughters."""
        order: list[str] = []
        for symbol in reversed(symbols):
            self._append_progeny_first(symbol, order)
        return tuple(reversed(order))

    def with_half_life(self, symbol: str, half_life_s: float, text: str, source: str) -> Self:
        """The same data with another half-life for one nuclide: a vial's own copy, or a label's.

        *text* is the half-life as printed and *source* names the document. Branches stay.
        """
        nuclide = replace(
            self.get(symbol),
            half_life_s=half_life_s,
            half_life_text=text,
            half_life_uncertainty_s=None,
            source=source,
            edition="",
            status=None,
        )
        return replace(self, nuclides=MappingProxyType({**self.nuclides, symbol: nuclide}))

    def _append_progeny_first(self, symbol: str, order: list[str]) -> None:
        if symbol in order:
            return
        for branch in self.get(symbol).branches:
            if not branch.is_stable:
                self._append_progeny_first(branch.daughter, order)
        order.append(symbol)


_IN_ORDER = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb "
    "Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm "
    "Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
)
ELEMENTS = tuple(_IN_ORDER.split())
"""Every element by its number of protons, hydrogen first."""

_SYMBOL_FIRST = re.compile(r"(?P<element>[A-Za-z]{1,2})[- ]?(?P<mass>[0-9]{1,3})(?P<state>[mM]?)")
# "99mTc" and "99mtc" are metastable, "99Mo" and "99mo" are molybdenum.
_MASS_FIRST = re.compile(
    r"(?P<mass>[0-9]{1,3})(?P<state>(?:m(?=[- ]?(?:[A-Z]|[a-z]{2}$)))?)"
    r"[- ]?(?P<element>[A-Za-z]{1,2})"
)


def atomic_number(symbol: str) -> int:
    """How many protons: 71 for ``"Lu-177m"``."""
    return ELEMENTS.index(symbol.partition("-")[0]) + 1


def canonical(text: str) -> str:
    """``"Lu-177m"`` for ``"177mLu"``, ``"lu177m"``, ``"LU-177M"``.

    Only the spelling is settled here; whether the nuclide is known is for `NuclearData.get`.
    Raises `UnknownNuclide` when the text is not a nuclide at all.
    """
    stripped = text.strip()
    match = _SYMBOL_FIRST.fullmatch(stripped) or _MASS_FIRST.fullmatch(stripped)
    if match is None:
        raise UnknownNuclide(text, "Write a nuclide such as Lu-177 or Lu-177m.")
    return f"{match['element'].capitalize()}-{match['mass']}{match['state'].lower()}"
