"""The verdict on a reading: how far it is from the prescription, and what that asks for.

It says the same as the rules of `core.dispensing_rules`, for a dose that meets them as well.
"""

from enum import StrEnum

from radiopharm.core.dispensing import Situation


class Verdict(StrEnum):
    """What the deviation of a reading asks for."""

    WITHIN = "within"
    NEEDS_REASON = "needs_reason"
    NEEDS_SECOND = "needs_second"
    NO_LIMIT = "no_limit"


def verdict(situation: Situation) -> Verdict:
    """The verdict on measured against prescribed at the common instant; a limit itself is within.

    Where the directive prescribes a range, the range decides and not the tolerance.
    """
    version, found = situation.version, situation.figures
    if version.lowest_bq is not None and version.highest_bq is not None:
        inside = version.lowest_bq <= found.measured_bq <= version.highest_bq
        return Verdict.WITHIN if inside else Verdict.NEEDS_SECOND
    tolerance = situation.product.dose_tolerance
    if tolerance is None:
        return Verdict.NO_LIMIT
    away = abs(found.deviation)
    if away > tolerance.second_person_above:
        return Verdict.NEEDS_SECOND
    return Verdict.NEEDS_REASON if away > tolerance.reason_above else Verdict.WITHIN
