"""Rule packs: under what conditions waste may leave, one table of rules a file, as a list of legs.

A leg is one figure with its operator, clause, source and status. What a leg of each kind means is
in `core.legs`; here is what may be said. A pack that says anything else does not come into being:
a rule that was half read is worse than none.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.signing import Signing

COMPARE: dict[str, Callable[[Fraction | float, Fraction], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}
AT_MOST = ("<=", "<")
AT_LEAST = (">=", ">")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegKind:
    """What a leg of one kind may say: how it compares, in which unit its limit stands, what else.

    `table` is the unit of the table it needs. `waits` is False where no waiting makes it pass.
    """

    operators: tuple[str, ...]
    unit: str
    table: str = ""
    needs: frozenset[str] = frozenset()
    allows: frozenset[str] = frozenset()
    waits: bool = True


FRACTIONS = "sum of fractions"
KINDS = {
    "half_life_limit": LegKind(operators=AT_MOST, unit="d"),
    "progeny_half_life": LegKind(operators=AT_MOST, unit="d", needs=frozenset({"progeny_ratio"})),
    "n_half_lives": LegKind(operators=AT_LEAST, unit="half-lives"),
    "concentration": LegKind(
        operators=AT_MOST,
        unit=FRACTIONS,
        table="Bq/g",
        allows=frozenset({"averaging_mass_g", "leave_out"}),
    ),
    "total_activity": LegKind(operators=AT_MOST, unit=FRACTIONS, table="Bq"),
    "liquid_concentration": LegKind(operators=AT_MOST, unit=FRACTIONS, table="Bq/m³"),
    "per_volume": LegKind(operators=AT_MOST, unit="kBq per 0.1 m³"),
    "per_article": LegKind(operators=AT_MOST, unit="kBq"),
    "per_month": LegKind(operators=AT_MOST, unit=FRACTIONS, table="Bq/m³"),
    "per_year": LegKind(operators=AT_MOST, unit="GBq"),
    "survey": LegKind(operators=AT_MOST, unit="× background", waits=False),
    "dose_rate": LegKind(operators=AT_MOST, unit="µSv/h", waits=False),
    "licence_condition": LegKind(operators=AT_MOST, unit="d"),
    "authority_decision": LegKind(operators=AT_LEAST, unit="decision", waits=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRule:
    """One condition of a pack; `limit` is exact, `otherwise` says what to do when it fails.

    `table` has the limits of each nuclide, `authority` decides about one that it leaves out.
    `averaging_mass_g` is the most a concentration may be averaged over. Nuclides whose fractions
    together are at most `leave_out` of the limit are left out of the sum. Progeny that outlives
    its parent so far that their ratio of half-lives is below `progeny_ratio` is not asked for.
    """

    code: str
    kind: str
    operator: str
    limit: Decimal
    unit: str
    clause: str
    source: str
    status: Status
    otherwise: str
    authority: str = ""
    table: LimitTable | None = None
    averaging_mass_g: Decimal | None = None
    leave_out: Decimal | None = None
    progeny_ratio: Decimal | None = None

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind}")
        if self.operator not in kind.operators:
            raise ValueError(f"operator is {' or '.join(kind.operators)}, not {self.operator}")
        if self.unit != kind.unit:
            raise ValueError(f"unit is {kind.unit}, not {self.unit}")
        self._check_table(kind)
        self._check_numbers(kind)
        for name in ("code", "clause", "source", "otherwise"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty")

    def holds(self, value: Fraction | float, limit: Fraction) -> bool:
        """Whether *value* stands to *limit* as this rule demands; exact."""
        return COMPARE[self.operator](value, limit)

    @property
    def limit_text(self) -> str:
        return f"{self.limit:f} {self.unit}"

    @property
    def waits(self) -> bool:
        """Whether time can make it pass, rather than a reading or an entry."""
        return KINDS[self.kind].waits

    def _check_table(self, kind: LegKind) -> None:
        unit = self.table.unit if self.table else ""
        if unit != kind.table:
            needed = f"needs a table in {kind.table}" if kind.table else "takes no table"
            raise ValueError(f"a leg of kind {self.kind} {needed}")

    def _check_numbers(self, kind: LegKind) -> None:
        numbers = {name: getattr(self, name) for name in OPTIONS}
        given = {name for name, number in numbers.items() if number is not None}
        if lacking := kind.needs - given:
            raise ValueError(f"{_named(lacking)} is missing")
        if foreign := given - kind.needs - kind.allows:
            raise ValueError(f"{_named(foreign)} does not belong to a leg of kind {self.kind}")
        for name, number in {"limit": self.limit, **numbers}.items():
            if number is not None and not (number.is_finite() and number > 0):
                raise ValueError(f"{name} is more than zero, not {number}")


def _named(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


OPTIONS = ("averaging_mass_g", "leave_out", "progeny_ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """The legs a container must pass, all of them, in one jurisdiction from a date on.

    One edition of the rules: a later text is another edition of the same code, and what was
    decided under this one stands. `about` says what the pack does not judge. `two_people` asks for
    two signatures under a release; `exempt` names the pack whose activities of exemption say above
    what a reading at background is not what one would expect.
    """

    code: str
    name: str
    jurisdiction: str
    authority: str
    about: str
    effective_from: date
    legs: tuple[LegRule, ...]
    two_people: bool = False
    exempt: str = ""

    def __post_init__(self) -> None:
        if not self.legs:
            raise ValueError("a pack without legs would release anything")
        if len({leg.code for leg in self.legs}) < len(self.legs):
            raise ValueError("two legs have the same code")

    @property
    def edition(self) -> str:
        """Which text of the rules this is: the date it is in force from."""
        return self.effective_from.isoformat()

    @property
    def tables(self) -> tuple[LimitTable, ...]:
        """The tables of its legs."""
        return tuple(leg.table for leg in self.legs if leg.table)


RulePacks = Mapping[str, tuple[RulePack, ...]]
"""Every edition of every pack by code, the oldest first."""


def exempt_activities(packs: RulePacks, pack: RulePack, at: datetime) -> LimitTable | None:
    """The table in becquerels that *pack* names, as in force at *at*; None where it names none."""
    named = edition_at(packs, pack.exempt, at) if pack.exempt else None
    tables = named.tables if named else ()
    return next((table for table in tables if table.unit == KINDS["total_activity"].table), None)


def edition_at(packs: RulePacks, code: str, at: datetime) -> RulePack | None:
    """The edition in force at *at*, each from midnight UTC of its date; None before the first.

    Raises `LookupError` where there is no pack of that code.
    """
    day = at.astimezone(UTC).date()
    return next((each for each in reversed(packs[code]) if each.effective_from <= day), None)


def editions_at(packs: RulePacks, at: datetime) -> tuple[RulePack, ...]:
    """The edition in force at *at* of every pack that has one."""
    return tuple(found for code in packs if (found := edition_at(packs, code, at)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseRulePack:
    """A safety officer's signed choice of the pack their site clears waste by."""

    pack: str
    reason: str
    signature: Signing
    signers: int
