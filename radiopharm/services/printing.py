"""Print a document: every print is an event, and a reprint knows its number."""

from radiopharm.core.actions import Action
from radiopharm.store import audit, doses
from radiopharm.store.acts import Act


def dose_label(act: Act, dose_id: int) -> int:
    """Record that a dose's label is printed; returns which print of it this is, from 1."""
    dose = doses.get(act.db, act.actor.site.id, dose_id)
    subject = f"dose:{dose.id}"
    before = audit.times(act.db, act.actor.site.stream, Action.DOCUMENT_PRINTED, subject)
    act.record(Action.DOCUMENT_PRINTED, subject, document="dose label", print=before + 1)
    return before + 1
