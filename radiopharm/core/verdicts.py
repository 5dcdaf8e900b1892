"""What a leg answers: passed, not passed, or not computable, and then what is missing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from radiopharm.core.figures import Status
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.refusals import Refusal
from radiopharm.core.rule_packs import LegRule
from radiopharm.core.waste import Container

DAY_S = 86_400
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A container to be judged at an instant (aware, UTC) with nuclear data for what grows in."""

    container: Container
    at: datetime
    data: NuclearData


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One nuclide's part in a sum: what there is, what is allowed, and whose figure that is.

    `working` says how what there is was come by, where that is not the container itself.
    """

    nuclide: str
    value: str
    limit: str = ""
    fraction: str = ""
    source: str = ""
    status: Status | None = None
    note: str = ""
    working: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One condition, judged: `value operator limit`, whose rule it is, and what to do about it.

    `earliest_at` is the instant from which the leg holds for good; None when that is never or
    cannot be said yet, and for what is no matter of time (`waits` False): a reading, an entry.
    """

    code: str
    kind: str
    passed: bool | None
    value: str
    limit: str
    operator: str
    clause: str
    source: str
    status: Status
    message: str
    earliest_at: datetime | None = None
    waits: bool = True
    parts: tuple[Part, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The leg for JSON, as the check answers it and a release keeps it."""
        earliest_at = self.earliest_at
        utc = earliest_at and earliest_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return {**asdict(self), "earliest_at": utc, "parts": [asdict(part) for part in self.parts]}


def verdict(
    rule: LegRule,
    passed: bool | None,
    value: str,
    message: str,
    earliest_at: datetime | None = None,
) -> Leg:
    """The answer of *rule*."""
    return Leg(
        code=rule.code,
        kind=rule.kind,
        passed=passed,
        value=value,
        limit=rule.limit_text,
        operator=rule.operator,
        clause=rule.clause,
        source=rule.source,
        status=rule.status,
        message=message,
        earliest_at=earliest_at,
        waits=rule.waits,
    )


def of_leg(leg: Leg) -> Refusal:
    """A leg that has not passed, as what stands in the way."""
    return Refusal(
        code=leg.code,
        message=leg.message,
        value=leg.value,
        limit=leg.limit,
        operator=leg.operator,
        source=f"{leg.source}, {leg.clause}",
    )


def last_to_hold(legs: Iterable[Leg]) -> Leg:
    """The leg that holds last; one without an instant never holds, so it comes last of all."""
    never = datetime.max.replace(tzinfo=UTC)
    return max(legs, key=lambda leg: leg.earliest_at or never)


def exact_seconds(half_life_s: float) -> Fraction:
    """The decimal number that is printed for *half_life_s*, not the binary one nearest to it."""
    return Fraction(repr(half_life_s))


def later(begin: datetime, wait_us: int) -> datetime | None:
    """*begin* and so many microseconds; None beyond the calendar's end."""
    try:
        return begin.astimezone(UTC) + timedelta(microseconds=wait_us)
    except OverflowError:
        return None


def round_down(number: Fraction) -> str:
    """Two decimals, never rounded up to a limit that is not reached."""
    return f"{Decimal(floor(number * 100)) / 100:.2f}"
