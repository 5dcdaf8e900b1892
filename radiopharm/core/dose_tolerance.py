"""How far a dose may be from its prescription, and what it takes to go further.

Tolerances are the product's, a prescribed range goes before them; exactly at a limit is still
within it (10 CFR 35.63: "more than 20 percent"). Every comparison is exact.
"""

from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.directives import DirectiveVersion
from radiopharm.core.dispensing import Situation
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.slips import slip

NEAR_A_READING = Fraction(25, 100)  # what was drawn may itself be off
EVENT_PERCENTAGE = Fraction(20, 100)  # 10 CFR 35.3045: "20 percent or more"


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """What the reading lacks: a reason, a second person."""
    return run(_RULES, situation)


def limits(version: DirectiveVersion, product: Product) -> tuple[Fraction, Fraction | None]:
    """The least and the most (Bq) that need no word; no most where nothing sets one."""
    if version.lowest_bq is not None and version.highest_bq is not None:
        return Fraction(version.lowest_bq), Fraction(version.highest_bq)
    prescribed, tolerance = Fraction(version.prescribed_bq), product.dose_tolerance
    if tolerance is None:
        return prescribed, None
    return prescribed * (1 - tolerance.reason_above), prescribed * (1 + tolerance.reason_above)


def meets_event_percentage(deviation: Fraction) -> bool:
    """Whether the deviation is as large as a reportable event's: 20 percent or more."""
    return abs(deviation) >= EVENT_PERCENTAGE


def near_miss(s: Situation) -> str | None:
    """That the reading is off the calculated activity by a well-known factor, in words."""
    found = slip(s.figures.measured_bq, s.figures.calculated_bq, NEAR_A_READING)
    if found is None:
        return None
    less = "" if found.is_more else " less than"
    return f"The reading is about {found.times:,} times{less} what was calculated. {found.question}"


def _is_within_the_range(s: Situation) -> Refusal | None:
    low, high = s.version.lowest_bq, s.version.highest_bq
    measured = s.figures.measured_bq
    if low is None or high is None or low <= measured <= high or s.has_second:
        return None
    return _deviation(
        s,
        "outside_range",
        f"{fmt.mbq(measured)} is outside the prescribed range. A second person or the physician "
        "must sign too.",
        f"{fmt.mbq(low)} to {fmt.mbq(high)}",
    )


def _is_within_tolerance(s: Situation) -> Refusal | None:
    tolerance = s.product.dose_tolerance
    if tolerance is None or s.version.lowest_bq is not None:
        return None
    deviation, limit = s.figures.deviation, fmt.percent(float(tolerance.second_person_above))
    if abs(deviation) > tolerance.second_person_above and not s.has_second:
        return _deviation(
            s,
            "deviation_needs_second_person",
            f"The dose is {fmt.deviation(deviation)} from the prescription. A second person or "
            "the physician must sign too.",
            limit,
        )
    return None


def _deviation_has_its_reason(s: Situation) -> Refusal | None:
    tolerance = s.product.dose_tolerance
    if tolerance is None or s.version.lowest_bq is not None or s.command.reason:
        return None
    deviation = s.figures.deviation
    if abs(deviation) <= tolerance.reason_above:
        return None
    return _deviation(
        s,
        "deviation_needs_reason",
        f"The dose is {fmt.deviation(deviation)} from the prescription. Say why it may be given.",
        fmt.percent(float(tolerance.reason_above)),
        field="reason",
    )


def _deviation(
    s: Situation, code: str, message: str, limit: str, field: str = "second.username"
) -> Refusal:
    found = s.figures
    near = near_miss(s) if field == "second.username" else None  # said once
    return Refusal(
        code=code,
        field=field,
        message=f"{message} {near}" if near else message,
        value=fmt.deviation(found.deviation),
        operator="<=",
        limit=limit,
        source="product's dose tolerance",
    )


_RULES = (_is_within_the_range, _is_within_tolerance, _deviation_has_its_reason)
