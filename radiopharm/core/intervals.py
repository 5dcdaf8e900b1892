"""Intervals: two treatments of one patient, and the least time that must lie between them.

The interval is a product's figure; of two products the longer one counts, exactly that long is long
enough, and where neither states one nothing can be too close. An unverified figure warns only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from radiopharm.core import formatting as fmt
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.figures import Figure, Status
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One treatment as planned; `reason` says why it and those written by `stands_at` both stand.

    `directive` is its code, empty while it is being drafted.
    """

    directive: str
    product: Product
    planned_for: datetime
    written_at: datetime
    stands_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One administration: its dose and directive, when it began, the net activity in Bq."""

    dose_id: int
    directive_id: int
    product: Product
    started_at: datetime
    net_bq: float

    @property
    def code(self) -> str:
        """What the label of the dose says."""
        return f"D-{self.dose_id:06d}"


def planned(
    directive: Directive, version: DirectiveVersion, product: Product, now: datetime
) -> Planned:
    """A version as planned; its reason speaks of what its signer could see, or can see now."""
    signed = version.signature or (version.oral and version.oral.signature)
    return Planned(
        directive=directive.code,
        product=product,
        planned_for=version.planned_for,
        written_at=version.recorded_at,
        stands_at=signed.signed_at if signed else now,
        reason=version.interval_reason,
    )


def conflicts(one: Planned, others: Iterable[Planned]) -> tuple[Refusal, ...]:
    """Every other treatment that lies too close, unless one of the two says why both stand."""
    return tuple(
        _too_close(one, other)
        for other in others
        if _is_short(one, other.product, other.planned_for)
        and not _excuses(one, other)
        and not _excuses(other, one)
    )


def stops(one: Planned, others: Iterable[Planned]) -> tuple[Refusal, ...]:
    """Those of the conflicts that a verified interval decides; only they stop a dose."""
    return conflicts(_as_verified(one), map(_as_verified, others))


def since_last(one: Planned, given: Iterable[Given]) -> Refusal | None:
    """That the last administration lies too close; a warning, never a stop."""
    last = max(given, key=lambda each: each.started_at, default=None)
    if last is None or not _is_short(one, last.product, last.started_at):
        return None
    return _short(
        one,
        last.product,
        last.started_at,
        code="interval_short",
        said=f"{last.code}, the last dose ({last.product.name}), lies",
        then="Is that meant?",
    )


def cumulative(given: Iterable[Given]) -> Mapping[str, float]:
    """The net activity (Bq) received so far, by the product's name."""
    found: dict[str, float] = {}
    for each in given:
        found[each.product.name] = found.get(each.product.name, 0.0) + each.net_bq
    return found


def _as_verified(one: Planned) -> Planned:
    interval = one.product.interval_min_s
    if interval is None or interval.status is Status.VERIFIED:
        return one
    return replace(one, product=replace(one.product, interval_min_s=None))


def _interval(*products: Product) -> Figure[float] | None:
    figures = [product.interval_min_s for product in products if product.interval_min_s]
    return max(figures, key=lambda figure: figure.value, default=None)


def _is_short(one: Planned, product: Product, at: datetime) -> bool:
    interval = _interval(one.product, product)
    return interval is not None and abs(one.planned_for - at) < timedelta(seconds=interval.value)


def _excuses(one: Planned, other: Planned) -> bool:
    return bool(one.reason) and other.written_at <= one.stands_at


def _too_close(one: Planned, other: Planned) -> Refusal:
    return _short(
        one,
        other.product,
        other.planned_for,
        code="conflict",
        said=f"{other.directive} ({other.product.name}) of the same patient is planned",
        then="Cancel one of the two, or have a version signed that says why both stand.",
    )


def _short(
    one: Planned, product: Product, at: datetime, *, code: str, said: str, then: str
) -> Refusal:
    interval = _interval(one.product, product)
    assert interval is not None
    apart = one.planned_for - at
    where = "before" if apart > timedelta() else "after"
    length = fmt.duration(abs(apart).total_seconds())
    gap = f"{length} {where} this one" if apart else "at the same time"
    return Refusal(
        code=code,
        field="interval_reason",
        message=f"{said} {gap}; at least {interval.text} must lie between. {then}",
        value=length,
        operator=">=",
        limit=interval.text,
        source=f"{interval.source} ({interval.status})",
    )
