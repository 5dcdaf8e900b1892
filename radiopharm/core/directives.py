"""A directive: what a physician wants given to a patient, in versions of which the newest counts.

Only the newest version, signed and not cancelled, may be dispensed against, once; a change is a new
version with its reason, and unsigned until a physician signs that one.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveSignature:
    """Who signed a version, when, and what that meant."""

    signer_id: int
    signer_name: str
    meaning: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveVersion:
    """One text of a directive; the activity is for the instant `planned_for`.

    `lowest_bq` and `highest_bq` are the prescribed range, both or neither; `reason` says why this
    version follows the one before it.
    """

    number: int
    product: str
    prescribed_bq: int
    prescribed_text: str
    lowest_bq: int | None
    highest_bq: int | None
    planned_for: datetime
    route: str
    indication: str
    cycle: int | None
    notes: str
    reason: str
    prescriber_id: int | None
    recorded_at: datetime
    recorded_by: int
    signature: DirectiveSignature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """That a directive is not to be carried out, and why."""

    at: datetime
    actor_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A directive with its versions, oldest first, and what was dispensed against it.

    `patient` is the reference, never the identity. `live_dose_id` is the dose that is not void;
    `last_voided_dose_id` the void one that no other dose has replaced yet.
    """

    id: int
    site_id: int
    patient: str
    versions: tuple[DirectiveVersion, ...]
    cancellation: Cancellation | None = None
    live_dose_id: int | None = None
    last_voided_dose_id: int | None = None
    administered_at: datetime | None = None

    @property
    def code(self) -> str:
        """What its label and the scanner say."""
        return f"R-{self.id:06d}"

    @property
    def newest(self) -> DirectiveVersion:
        """The version that counts."""
        return self.versions[-1]

    @property
    def signed(self) -> DirectiveVersion | None:
        """The newest version if a physician signed it and nobody cancelled; else None."""
        if self.cancellation is not None or self.newest.signature is None:
            return None
        return self.newest
