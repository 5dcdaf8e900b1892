"""A directive: what a physician wants given to a patient, in versions of which the newest counts.

Only the newest version counts, once a physician has signed it, or has given it orally and will; a
change is a new version with its reason, which nobody has signed or verified yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from radiopharm.core.signing import Signature, void_line

WRITTEN_WITHIN = timedelta(hours=48)
"""After an oral directive a signed one must follow in that time: 10 CFR 35.40(a)(1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OralOrder:
    """A version given by word of mouth: by whom, when, why it could not wait, who wrote it down."""

    given_by: int
    given_at: datetime
    reason: str
    signature: Signature

    @property
    def due_at(self) -> datetime:
        """The last instant at which the physician's signature is in time."""
        return self.given_at + WRITTEN_WITHIN

    def is_overdue(self, at: datetime) -> bool:
        """Whether the 48 hours are over; exactly 48 hours is still in time."""
        return at > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveVersion:
    """One text of a directive; the activity is for the instant `planned_for`.

    `lowest_bq` and `highest_bq` are the prescribed range, both or neither; `reason` says why this
    version follows the one before it, `interval_reason` why it and another directive of the patient
    both stand although they lie close together. `verification` is a pharmacist's.
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
    interval_reason: str = ""
    signature: Signature | None = None
    verification: Signature | None = None
    oral: OralOrder | None = None


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

    @property
    def standing(self) -> DirectiveVersion | None:
        """The newest version if a physician stands behind it, signed or oral; else None."""
        given = self.newest.signature is not None or self.newest.oral is not None
        return self.newest if given and self.cancellation is None else None

    @property
    def is_live(self) -> bool:
        """Whether it stands and its patient has not been treated by it yet."""
        return self.standing is not None and self.administered_at is None

    @property
    def unwritten(self) -> OralOrder | None:
        """The first oral order that no signature has followed; a cancelled one needs none."""
        if self.cancellation is not None and self.administered_at is None:
            return None
        for place, version in enumerate(self.versions):
            if version.oral and not any(later.signature for later in self.versions[place:]):
                return version.oral
        return None

    def signature_void(self, version: DirectiveVersion, zone: ZoneInfo) -> str | None:
        """What stands beside the signatures under a version that counts no longer."""
        after = next((each for each in self.versions if each.number > version.number), None)
        if after is not None:
            written = f"version {after.number} written"
            return void_line(written, after.recorded_at, after.reason, zone)
        if self.cancellation is not None:
            said = self.cancellation
            return void_line("directive cancelled", said.at, said.reason, zone)
        return None
