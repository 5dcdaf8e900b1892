"""Recall: the directive says something else than when the dose was drawn.

It follows from the directive, the dose and its decay, and ends when the newest version, signed,
wants just this dose, or when the dose is void.
"""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.doses import Dose
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal

WORDS = (
    "The directive changed after this dose was drawn: do not give it; "
    "void or have the newest version confirm it."
)
ActivityAt = Callable[[datetime], float]


def recall(
    directive: Directive, dose: Dose, product: Product, activity_at: ActivityAt
) -> Refusal | None:
    """Why a live dose must not be given any more; None where the directive still wants it.

    *activity_at* is the activity (Bq) of what was drawn at any time; *product* is the dose's.
    """
    newest, cancelled = directive.newest, directive.cancellation is not None
    if newest.number == dose.version and not cancelled:
        return None
    if cancelled:
        why = "It was cancelled."
    elif directive.standing is None:
        why = f"Version {newest.number} is not signed yet."
    elif newest.product != dose.product:
        why = f"Version {newest.number} is for another product."
    elif not _covers(newest, product, _reading_at(dose, newest.planned_for, activity_at)):
        why = f"Version {newest.number} asks for {fmt.mbq(newest.prescribed_bq)}."
    else:
        return None
    return Refusal(code="recalled", message=f"{WORDS} {why}")


def _reading_at(dose: Dose, at: datetime, activity_at: ActivityAt) -> float:
    """The dose's reading carried by its own decay."""
    then = activity_at(dose.measured_at)
    return dose.measured_bq * activity_at(at) / then if then else float(dose.measured_bq)


def _covers(version: DirectiveVersion, product: Product, given_bq: float) -> bool:
    """Whether the version, were it dispensed now, would take the dose without a further word."""
    if version.lowest_bq is not None and version.highest_bq is not None:
        return version.lowest_bq <= given_bq <= version.highest_bq
    if product.dose_tolerance is None:
        return False
    deviation = abs(Fraction(given_bq) / version.prescribed_bq - 1)
    return deviation <= product.dose_tolerance.reason_above
