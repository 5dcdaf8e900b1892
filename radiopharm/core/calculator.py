"""Decay on its own: an amount at one instant, its contents at another, with the working."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from radiopharm.core.decay import UndefinedBefore, require_in_range, seconds
from radiopharm.core.nuclides import NuclearData, UnknownNuclide
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.working import Working, explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is left at `to` of an activity (Bq) and its declared impurities at `from`."""

    nuclide: str
    activity_bq: int
    reference_at: datetime
    at: datetime
    ratios: dict[str, Decimal]


def answer(question: Question, data: NuclearData) -> Working:
    """The contents at `question.at`; raises `Invalid` where they are not known or not defined.

    Raises `OutOfRange` beyond 1,000 half-lives.
    """
    try:
        principal = data.get(question.nuclide)
        require_in_range(seconds(question.reference_at, question.at), principal.half_life_s)
        return explain(
            amount_bq=question.activity_bq,
            ratios=question.ratios,
            principal=question.nuclide,
            reference_at=question.reference_at,
            at=question.at,
            data=data,
        )
    except UnknownNuclide as unknown:
        refusal = Refusal(code="unknown_nuclide", field="nuclide", message=unknown.message)
        raise Invalid([refusal]) from unknown
    except UndefinedBefore as early:
        message = (
            f"So early this composition cannot have been: {early.nuclide} would be negative "
            f"earlier than {-early.elapsed_s:.0f} s before the reference."
        )
        raise Invalid([Refusal(code="undefined_before", field="to", message=message)]) from early
