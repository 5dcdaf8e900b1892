"""A dose: prescribed, calculated and measured, what it was drawn from, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core.ledger import Amount
from radiopharm.core.signing import Signature, void_line


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDraw:
    """One draw that made the dose: the vial, its ledger entry, and what the entry took."""

    vial_id: int
    sequence: int
    share: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """That a dose was voided: whether it had been drawn, when, by whom, why."""

    id: int
    was_drawn: bool
    at: datetime
    actor_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondCheck:
    """The second person's signature; what they read, where they read it themselves.

    `difference` is second / first − 1 at the common instant, as written when it was judged.
    """

    signature: Signature
    measured_bq: int | None
    measured_text: str | None
    measured_at: datetime | None
    instrument_id: int | None
    difference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """A dispensed dose as recorded, with everything that happened to it since.

    `measured_then_bq` is the reading carried to `administer_at`, the instant of the comparison;
    `reading_id` names the device reading it came from, None where it was typed. `drawn_as_id` is
    the dose whose draws made it: itself, or one that was returned and given a new directive.
    """

    id: int
    site_id: int
    directive_id: int
    version: int
    patient: str
    product: str
    nuclide: str
    prescribed_bq: int
    administer_at: datetime
    calculated_bq: int
    measured_bq: int
    measured_text: str
    measured_at: datetime
    measured_then_bq: float
    instrument_id: int
    reading_id: int | None
    volume_ul: int
    pieces: int | None
    recorded_at: datetime
    actor_id: int
    second_id: int | None
    signature: Signature
    second_check: SecondCheck | None
    reason: str
    is_late: bool
    working: Mapping[str, Any]
    draws: tuple[DoseDraw, ...]
    void: Void | None
    administration_id: int | None
    is_back_in_vial: bool
    drawn_as_id: int
    reassigned_from_id: int | None
    reassigned_to_id: int | None
    waste_item_id: int | None

    @property
    def code(self) -> str:
        """What its label and the scanner say."""
        return f"D-{self.id:06d}"

    @property
    def measured_by(self) -> str:
        """`device` or `typed`."""
        return "typed" if self.reading_id is None else "device"

    @property
    def is_live(self) -> bool:
        """Whether it stands: dispensed and not voided."""
        return self.void is None

    def signature_void(self, zone: ZoneInfo) -> str | None:
        """What stands beside its signatures once the dose is void."""
        if self.void is None:
            return None
        return void_line("record voided", self.void.at, self.void.reason, zone)

    @property
    def needs_a_place(self) -> bool:
        """A voided dose that had been drawn is somewhere, and must be put somewhere."""
        placed = (
            self.is_back_in_vial
            or self.waste_item_id is not None
            or self.reassigned_to_id is not None
        )
        return self.void is not None and self.void.was_drawn and not placed
