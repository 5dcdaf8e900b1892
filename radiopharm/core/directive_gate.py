"""What a dose needs of its directive: a physician's word, a pharmacist's if asked, no conflict."""

from radiopharm.core import intervals
from radiopharm.core.directives import OralOrder
from radiopharm.core.dispensing import Situation
from radiopharm.core.refusals import Refusal, run


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """Everything about the directive that stands in the way of a dose still to be drawn."""
    return run(_RULES, situation) + conflicts(situation)


def conflicts(situation: Situation) -> tuple[Refusal, ...]:
    """The patient's other live directives that lie too close, by a verified interval."""
    s = situation
    mine = intervals.planned(s.directive, s.version, s.product, s.now)
    return intervals.stops(mine, s.others)


def _is_given(s: Situation) -> Refusal | None:
    if s.directive.standing is not None:
        return None
    if s.directive.cancellation is not None:
        said = "The directive was cancelled."
    else:
        said = f"Version {s.directive.newest.number} of the directive is not signed yet."
    return Refusal(code="directive_not_signed", message=f"{said} Ask the physician.")


def _is_verified_where_the_product_says(s: Situation) -> Refusal | None:
    signed = s.directive.signed
    if not s.product.pharmacist_verifies or signed is None or signed.verification is not None:
        return None
    return Refusal(
        code="not_verified",
        message=f"Version {signed.number} of the directive is not verified by a pharmacist yet.",
    )


def _oral_is_in_time(s: Situation) -> Refusal | None:
    oral = _oral(s)
    if oral is None or not oral.is_overdue(s.now):
        return None
    return Refusal(
        code="oral_overdue",
        message="The 48 hours after the oral directive are over. The physician must sign it first.",
        value=f"{s.now:%Y-%m-%dT%H:%MZ}",
        operator="<=",
        limit=f"{oral.due_at:%Y-%m-%dT%H:%MZ}",
        source="10 CFR 35.40",
    )


def _oral_has_its_second(s: Situation) -> Refusal | None:
    if _oral(s) is None or s.has_second:
        return None
    return Refusal(
        code="second_person",
        field="second.username",
        message="An oral directive is dispensed by two people. Ask a colleague to sign too.",
    )


def _oral(s: Situation) -> OralOrder | None:
    """The order dispensed against while nobody has signed it."""
    given = s.directive.standing
    return given.oral if given is not None and given.signature is None else None


_RULES = (_is_given, _is_verified_where_the_product_says, _oral_is_in_time, _oral_has_its_second)
