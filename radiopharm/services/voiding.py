"""Void a dose: was it drawn? If not, the book is restored; if so, the dose needs a place."""

from radiopharm.core import ledger
from radiopharm.core.actions import Action
from radiopharm.core.doses import Dose
from radiopharm.core.flags import FlagKind
from radiopharm.core.ledger import Kind
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.core.reversals import posted_by
from radiopharm.services import dose_flags
from radiopharm.store import doses, ledgers, vials
from radiopharm.store.acts import Act


def void(act: Act, dose_id: int, *, was_drawn: bool, reason: str) -> None:
    """Void a dose that has not been given; its draws are mirrored when it was never drawn."""
    dose = doses.get(act.db, act.actor.site.id, dose_id)
    if broken := void_refusals(dose, reason, was_drawn=was_drawn):
        raise Refused(broken)

    doses.add_void(
        act.db,
        dispensing_id=dose.id,
        was_drawn=was_drawn,
        at=act.now,
        actor_id=act.actor.id,
        reason=reason,
    )
    dose_flags.clear(act, dose, FlagKind.RECALL)
    if not was_drawn:
        _restore(act, dose, reason)
    act.record(Action.DOSE_VOIDED, *_subjects(dose), reason=reason, was_drawn=was_drawn)


def put_back(act: Act, dose_id: int, *, reason: str) -> None:
    """Return a drawn, voided dose to the vials it came from: each gets its share again."""
    dose = doses.get(act.db, act.actor.site.id, dose_id)
    if broken := return_refusals(dose, reason) + _gone(act, dose):
        raise Refused(broken)

    doses.add_return(
        act.db, dispensing_id=dose.id, at=act.now, actor_id=act.actor.id, reason=reason
    )
    for draw in dose.draws:
        vial = vials.get(act.db, act.actor.site.id, draw.vial_id)
        entry = ledger.post(
            vial.ledger,
            Kind.RETURNED,
            draw.share,
            occurred_at=act.now,
            recorded_at=act.now,
            reason=f"{dose.code}: {reason}"[:200],
        )
        ledgers.append(act.db, vial.id, entry, actor_id=act.actor.id)
    act.record(Action.DOSE_RETURNED, *_subjects(dose), reason=reason)


def void_refusals(dose: Dose, reason: str, *, was_drawn: bool) -> list[Refusal]:
    """Everything that stands in the way of voiding a dose."""
    found = []
    if not dose.is_live:
        found.append(Refusal(code="void_already", message=f"{dose.code} is void already."))
    if dose.administration_id is not None:
        message = f"{dose.code} has been given. What was given cannot be voided."
        found.append(Refusal(code="administered", message=message))
    if dose.drawn_as_id != dose.id and not was_drawn:
        message = f"It is made of D-{dose.drawn_as_id:06d}, which was drawn. Say that it was drawn."
        found.append(Refusal(code="was_drawn", field="drawn", message=message))
    if not reason:
        found.append(Refusal(code="reason", field="reason", message="Say why it is voided."))
    return found


def return_refusals(dose: Dose, reason: str) -> list[Refusal]:
    """Everything that stands in the way of putting a dose back into its vials."""
    found = []
    if not dose.needs_a_place:
        message = f"{dose.code} is not a returned dose that waits for a place."
        found.append(Refusal(code="not_returned", message=message))
    if not reason:
        found.append(Refusal(code="reason", field="reason", message="Say why it goes back."))
    return found


def _gone(act: Act, dose: Dose) -> list[Refusal]:
    return [
        Refusal(
            code="vial_gone",
            message=f"V-{draw.vial_id:06d} is not here any more. Put the dose in waste.",
        )
        for draw in dose.draws
        if ledger.has_left(ledgers.entries(act.db, draw.vial_id))
    ]


def _restore(act: Act, dose: Dose, reason: str) -> None:
    for draw in dose.draws:
        book = vials.get(act.db, act.actor.site.id, draw.vial_id).ledger
        entries = ledgers.entries(act.db, draw.vial_id)
        drawn = next(e for e in entries if e.sequence == draw.sequence)
        for entry in posted_by(drawn, entries):
            mirrored = ledger.reverse(
                book, entry, recorded_at=act.now, reason=f"{dose.code}: {reason}"[:200]
            )
            ledgers.append(act.db, draw.vial_id, mirrored, actor_id=act.actor.id)
            book = ledger.following(mirrored)


def _subjects(dose: Dose) -> list[str]:
    return [
        f"dose:{dose.id}",
        f"directive:{dose.directive_id}",
        f"patient:{dose.patient}",
        *(f"vial:{draw.vial_id}" for draw in dose.draws),
    ]
