"""What the label of a dose says, whichever printer sets it: fields and their words, no layout.

No label carries a patient's identity: a dose at most the patient's random reference.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from radiopharm.core import formatting

PLACES = ("Syringe", "Shield")
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLabel:
    """What the syringe and its shield say: what is in it, how much, when, and who
    drew and checked it.

    `print_number` counts its prints; the first is the original, and later ones say so.
    """

    code: str
    product: str
    nuclide: str
    activity_bq: float
    activity_at: datetime
    volume_ul: int
    lot: str
    expires_at: datetime
    dispensed_by: str
    patient_reference: str | None
    zone: tzinfo
    printed_at: datetime
    pieces: int | None = None
    print_number: int = 1
    checked_by: str | None = None

    @property
    def figure(self) -> str:
        """The activity in both units."""
        return formatting.mbq_mci(self.activity_bq)

    @property
    def reprint(self) -> str:
        """ "Reprint 2" where two have been made of the original, else nothing."""
        return f"Reprint {self.print_number - 1}" if self.print_number > 1 else ""

    def note(self, place: str) -> str:
        """Where the label goes, the nuclide, and the instant of the activity."""
        return f"{place} · {self.nuclide} at {formatting.instant(self.activity_at, self.zone)}"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rest, name and value, the two short ones first."""
        checked = self.checked_by and f"checked by {self.checked_by}"
        pieces = "" if self.pieces is None else f", {self.pieces} pc."
        return (
            ("Volume", formatting.ml(self.volume_ul) + pieces),
            ("Patient ref.", self.patient_reference or "—"),
            ("Lot", self.lot),
            ("Expires", formatting.instant(self.expires_at, self.zone)),
            ("Dispensed by", " · ".join(filter(None, (self.reprint, self.dispensed_by, checked)))),
        )
