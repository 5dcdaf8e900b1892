"""Rule packs: under what conditions waste may leave, one jurisdiction a file, as a list of legs.

A leg is one figure with its operator, clause, source and status. What a leg of each kind means is
in `core.legs`; here is what may be said. A pack that says anything else does not come into being:
a rule that was half read is worse than none.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from radiopharm.core.figures import Status
from radiopharm.core.signing import Signing

COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}
AT_MOST = ("<=", "<")
AT_LEAST = (">=", ">")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegKind:
    """What a leg of one kind may say: how it compares, and in which unit its limit stands."""

    operators: tuple[str, ...]
    unit: str


KINDS = {
    "half_life_limit": LegKind(operators=AT_MOST, unit="d"),
    "n_half_lives": LegKind(operators=AT_LEAST, unit="half-lives"),
    "survey": LegKind(operators=AT_MOST, unit="× background"),
    "licence_condition": LegKind(operators=AT_MOST, unit="d"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRule:
    """One condition of a pack; `limit` is exact, `otherwise` says what to do when it fails."""

    code: str
    kind: str
    operator: str
    limit: Decimal
    unit: str
    clause: str
    source: str
    status: Status
    otherwise: str

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind}")
        if self.operator not in kind.operators:
            raise ValueError(f"operator is {' or '.join(kind.operators)}, not {self.operator}")
        if self.unit != kind.unit:
            raise ValueError(f"unit is {kind.unit}, not {self.unit}")
        if not (self.limit.is_finite() and self.limit > 0):
            raise ValueError(f"limit is more than zero, not {self.limit}")
        for name in ("code", "clause", "source", "otherwise"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty")

    def holds(self, value: Fraction, limit: Fraction) -> bool:
        """Whether *value* stands to *limit* as this rule demands; exact."""
        return COMPARE[self.operator](value, limit)

    @property
    def limit_text(self) -> str:
        return f"{self.limit:f} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """The legs a container must pass, all of them, in one jurisdiction from a date on."""

    code: str
    name: str
    jurisdiction: str
    effective_from: date
    legs: tuple[LegRule, ...]

    def __post_init__(self) -> None:
        if not self.legs:
            raise ValueError("a pack without legs would release anything")
        if len({leg.code for leg in self.legs}) < len(self.legs):
            raise ValueError("two legs have the same code")

    @property
    def edition(self) -> str:
        """Which text of the rules this is: the date it is in force from."""
        return self.effective_from.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseRulePack:
    """A safety officer's signed choice of the pack their site clears waste by."""

    pack: str
    reason: str
    signature: Signing
