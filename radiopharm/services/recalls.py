"""Doses that their directive no longer wants, and the flag that says so from the same act on."""

from radiopharm.core import recall as rules
from radiopharm.core.directives import Directive
from radiopharm.core.doses import Dose
from radiopharm.core.flags import FlagKind
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refusal
from radiopharm.services import dose_flags
from radiopharm.services.drawn import activity_of
from radiopharm.store import Connection, directives, doses
from radiopharm.store.acts import Act


def of_dose(
    db: Connection, reference: Reference, directive: Directive, dose: Dose
) -> Refusal | None:
    """Why a dose must not be given any more; None where the directive wants it, or it is past."""
    if not dose.is_live or dose.administration_id is not None:
        return None
    product = reference.products[dose.product]
    return rules.recall(directive, dose, product, activity_of(db, reference, dose))


def of_directive(db: Connection, reference: Reference, directive: Directive) -> Refusal | None:
    """Why the dose that waits to be given must not be; None without such a dose."""
    if directive.live_dose_id is None:
        return None
    dose = doses.get(db, directive.site_id, directive.live_dose_id)
    return of_dose(db, reference, directive, dose)


def settle(act: Act, directive_id: int) -> bool:
    """Flag the directive's dose, or clear its flag, as the directive now stands: is it recalled?"""
    directive = directives.get(act.db, act.actor.site.id, directive_id)
    if directive.live_dose_id is None or directive.administered_at is not None:
        return False
    dose = doses.get(act.db, directive.site_id, directive.live_dose_id)
    if of_dose(act.db, act.reference, directive, dose) is None:
        dose_flags.clear(act, dose, FlagKind.RECALL)
        return False
    dose_flags.raise_(act, dose, FlagKind.RECALL, rules.WORDS)
    return True
