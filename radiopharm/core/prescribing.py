"""Prescribing: what a directive must say before it is written or changed.

What merely looks wrong (a unit slip by 10, 37 or 1,000, a dose outside the product's range) is said
loudly and left to the physician who signs; only what cannot be meant is refused.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from radiopharm.core import formatting as fmt
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.figures import Figure
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.slips import slip

FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveText:
    """What one version says. `route` left empty means the product's; `prescriber` a user name."""

    product: str
    prescribed_bq: int
    prescribed_text: str
    planned_for: datetime
    lowest_bq: int | None = None
    highest_bq: int | None = None
    route: str = ""
    indication: str = ""
    cycle: int | None = None
    notes: str = ""
    prescriber_id: int | None = None
    interval_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """A text beside what is known of its product, at the instant it is judged."""

    text: DirectiveText
    product: Product
    now: datetime


def text_of(version: DirectiveVersion) -> DirectiveText:
    """What a version says, to change from."""
    return DirectiveText(**{f.name: getattr(version, f.name) for f in fields(DirectiveText)})


def version_of(
    text: DirectiveText, *, number: int, reason: str, recorded_at: datetime, recorded_by: int
) -> DirectiveVersion:
    """A text as the version it becomes."""
    return DirectiveVersion(
        **asdict(text),
        number=number,
        reason=reason,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )


def refusals(prescription: Prescription) -> tuple[Refusal, ...]:
    """Everything that makes the text impossible as written."""
    return run(_TEXT_RULES, prescription)


def warnings(prescription: Prescription) -> tuple[Refusal, ...]:
    """Everything worth a second look before a physician signs."""
    return run(_WARNINGS, prescription) + tuple(_slips(prescription))


def shown(directive: Directive) -> dict[str, Any]:
    """Exactly what is put under a signature: every word of the newest version."""
    said = asdict(text_of(directive.newest))
    return {
        **said,
        "directive": directive.id,
        "version": directive.newest.number,
        "patient": directive.patient,
    }


def _is_a_therapy(p: Prescription) -> Refusal | None:
    if p.product.is_dispensable:
        return None
    return Refusal(
        code="not_a_therapy",
        field="product",
        message=f"{p.product.name} is not given as therapy. Choose the product to be given.",
    )


def _range_holds_the_prescribed(p: Prescription) -> Refusal | None:
    low, high = p.text.lowest_bq, p.text.highest_bq
    if low is None or high is None or low <= p.text.prescribed_bq <= high:
        return None
    return Refusal(
        code="outside_range",
        field="prescribed",
        message="The prescribed activity must lie within its own range. Check all three figures.",
        value=fmt.mbq_exact(p.text.prescribed_bq),
        limit=f"{fmt.mbq_exact(low)} to {fmt.mbq_exact(high)}",
    )


def _has_a_route(p: Prescription) -> Refusal | None:
    if p.text.route or p.product.route:
        return None
    return Refusal(code="route", field="route", message="Enter the route of administration.")


def _is_planned_near(p: Prescription) -> Refusal | None:
    if abs(p.text.planned_for - p.now) <= FARTHEST:
        return None
    return Refusal(
        code="planned_far",
        field="planned_for",
        message="The planned time is more than a year away. Check the date.",
    )


def _cycle_counts_from_one(p: Prescription) -> Refusal | None:
    if p.text.cycle is None or p.text.cycle >= 1:
        return None
    return Refusal(code="cycle", field="cycle", message="Cycles are counted from 1.")


_TEXT_RULES = (
    _is_a_therapy,
    _range_holds_the_prescribed,
    _has_a_route,
    _is_planned_near,
    _cycle_counts_from_one,
)


def _is_not_below_the_usual(p: Prescription) -> Refusal | None:
    least = p.product.dose_min_bq
    if least is None or p.text.prescribed_bq >= least.value:
        return None
    return _unusual(p, least, ">=", "less")


def _is_not_above_the_usual(p: Prescription) -> Refusal | None:
    most = p.product.dose_max_bq
    if most is None or p.text.prescribed_bq <= most.value:
        return None
    return _unusual(p, most, "<=", "more")


def _unusual(p: Prescription, bound: Figure[int], operator: str, much: str) -> Refusal:
    value, limit = fmt.mbq_mci(p.text.prescribed_bq), fmt.mbq_mci(bound.value)
    return Refusal(
        code="dose_unusual",
        field="prescribed",
        message=f"{value} is {much} than one dose of {p.product.name} usually is: {limit}.",
        value=value,
        operator=operator,
        limit=limit,
        source=f"{bound.source} ({bound.status})",
    )


def _is_not_past(p: Prescription) -> Refusal | None:
    if p.text.planned_for >= p.now:
        return None
    return Refusal(
        code="planned_past",
        field="planned_for",
        message="The planned time has passed. Check the date.",
    )


_WARNINGS = (_is_not_below_the_usual, _is_not_above_the_usual, _is_not_past)


def _slips(p: Prescription) -> Iterator[Refusal]:
    """A prescribed activity that is a usual dose times or divided by a well-known factor."""
    for usual in p.product.usual_doses_bq:
        if found := slip(p.text.prescribed_bq, usual.value):
            yield Refusal(
                code="unit_slip",
                field="prescribed",
                message=(
                    f"{fmt.mbq_mci(p.text.prescribed_bq)} is {found.times:,} times "
                    f"{'more' if found.is_more else 'less'} than the usual "
                    f"{fmt.mbq_mci(usual.value)}. {found.question}"
                ),
                source=usual.source,
            )
