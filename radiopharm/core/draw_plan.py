"""The plan of a dose: which volume to draw from which vial, so that together they hold it.

Vials give in turn: the first what it can, the next what is still missing. A whole-vial product is
drawn whole, vial by vial until no more than the product's tolerance is missing, whatever it comes
to; a part of such a vial is an ordinary draw, but never the first proposal.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from radiopharm.core.dispensing import Source
from radiopharm.core.products import Product


def plan(
    sources: Sequence[Source], wanted_bq: int, at: datetime, *, in_part: bool = False
) -> tuple[Source, ...]:
    """Each source with the volume it gives of *wanted_bq* at *at*; 0 where nothing is missing.

    *in_part* takes from a whole-vial product too only what is missing.
    Raises as `core.decay.contents` where there is no figure at that instant.
    """
    planned: list[Source] = []
    missing = Fraction(wanted_bq)
    for source in sources:
        whole = replace(source, wish=replace(source.wish, volume_ul=None))
        held_bq = Fraction(whole.activity_at(at))
        is_whole = whole.product.is_whole_vial and not in_part
        if is_whole and missing <= wanted_bq * forgiven(whole.product):
            missing = Fraction(0)
        volume = _volume(whole, held_bq, missing, is_whole)
        planned.append(replace(source, wish=replace(source.wish, volume_ul=volume)))
        if held_bq:
            missing -= held_bq * volume / whole.volume_ul
    return tuple(planned)


def missing_bq(planned: Sequence[Source], wanted_bq: int, at: datetime) -> float:
    """The activity (Bq) that the planned draws leave missing at *at*; 0 when they hold enough.

    The rounding to whole microlitres, and what a tolerance forgives, is not missing.
    """
    drawn = [source for source in planned if source.volume_ul]
    if any(source.volume_ul < source.vial.ledger.balance.volume_ul for source in drawn):
        return 0.0
    return max(0.0, wanted_bq - sum(source.activity_at(at) for source in drawn))


def forgiven(product: Product) -> Fraction:
    """The part of a prescription that may be missing without a word."""
    tolerance = product.dose_tolerance
    return tolerance.reason_above if tolerance else Fraction(0)


def _volume(whole: Source, held_bq: Fraction, missing_bq: Fraction, is_whole: bool) -> int:
    if not held_bq or missing_bq <= 0:
        return 0
    if is_whole:
        return whole.volume_ul
    return min(whole.volume_ul, round(whole.volume_ul * missing_bq / held_bq))
