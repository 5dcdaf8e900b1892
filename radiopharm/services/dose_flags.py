"""Flags on doses: raised by the act that finds something, not by a job."""

from radiopharm.core.doses import Dose
from radiopharm.core.flags import FlagKind
from radiopharm.store import flags
from radiopharm.store.acts import Act


def raise_(act: Act, dose: Dose, kind: FlagKind, message: str) -> None:
    """Raise a flag on a dose; one of this kind that is open already stays as it is."""
    if _open(act, dose, kind):
        return
    row = {
        "site_id": dose.site_id,
        "subject": "dose",
        "subject_id": dose.id,
        "kind": str(kind),
        "message": message,
        "raised_at": act.now,
    }
    flags.add(act.db, [row])


def clear(act: Act, dose: Dose, kind: FlagKind) -> None:
    """Clear a dose's flag of one kind, where it is open."""
    flags.clear(act.db, _open(act, dose, kind), act.now)


def _open(act: Act, dose: Dose, kind: FlagKind) -> list[int]:
    rows = flags.of_subjects(act.db, dose.site_id, "dose", [dose.id])
    return [row.id for row in rows if row.kind == str(kind)]
