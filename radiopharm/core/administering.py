"""An administration as it happened: who gave what to whom, from when to when, and what was left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from radiopharm.core.checklists import Answer, ChecklistLine
from radiopharm.core.doses import Dose
from radiopharm.core.reconciling import (
    ActivityAt,
    Balance,
    MeasuredGiven,
    ReadResidue,
    Residue,
    reconcile,
)
from radiopharm.core.refusals import Refusal

LATE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """The flow stood still from then to then, and why."""

    from_at: datetime
    to_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Administer:
    """The administration of a dose as it happened.

    `read` are residues that a meter said; they stand among `residues` once they are looked up.
    `patient` and `dose` are the codes scanned beside the patient; empty means not scanned.
    `already_given` says that it is recorded as a fact though it ought not to have been given.
    """

    dose_id: int
    started_at: datetime
    ended_at: datetime
    residues: tuple[Residue, ...] = ()
    read: tuple[ReadResidue, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    checklist: tuple[Answer, ...] = ()
    given: MeasuredGiven | None = None
    patient: str = ""
    dose: str = ""
    route: str = ""
    site_of_administration: str = ""
    performed_by: str = ""
    notes: str = ""
    reason: str = ""
    already_given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResidues:
    """Residues found after the administration was recorded, and why only now."""

    dose_id: int
    residues: tuple[Residue, ...]
    reason: str
    read: tuple[ReadResidue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """A command with its dose, the product's checklist, and `activity_at`: the activity (Bq) of
    what was drawn, at any time.

    `recall` is why the directive no longer wants the dose, None where it does; `has_second` whether
    a second person stands by to sign.
    """

    command: Administer
    dose: Dose
    checklist: tuple[ChecklistLine, ...]
    activity_at: ActivityAt
    now: datetime
    recall: Refusal | None = None
    has_second: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it is entered long after it happened; such entries are flagged."""
        return self.now - self.command.ended_at > LATE_AFTER

    @property
    def balance(self) -> Balance:
        """The reconciliation at the start."""
        command = self.command
        return reconcile(
            self.dose, command.started_at, command.residues, command.given, self.activity_at
        )
