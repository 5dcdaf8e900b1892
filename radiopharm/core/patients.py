"""Patients: identity stands in one place, everywhere else is a random reference.

The reference says nothing about the person; identity is left out of every `repr`, so that no log,
message or trace can carry it by accident.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from radiopharm.core.refusals import Refusal, run

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
"""No 0 and O, no 1 and I, no U that reads as V: what a hand copies and a voice spells."""
REFERENCE_LENGTH = 8
EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPatient:
    """Two identifiers (hospital number and birth date) with the names they belong to."""

    hospital_number: str = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False)
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """That an identity was destroyed: when, by whom and why. Nobody can bring it back."""

    at: datetime
    by: str
    reason: str

    @property
    def words(self) -> str:
        """What stands in the place of the name, everywhere."""
        return f"erased on {self.at:%Y-%m-%d} by {self.by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A person under treatment; `reference` alone goes into addresses, audit and labels.

    Of an erased identity nothing is left but that it was `erased`.
    """

    reference: str
    site_id: int
    hospital_number: str = field(default="", repr=False)
    family_name: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    erased: Erased | None = None

    @property
    def name(self) -> str:
        """The name as lists sort it, ``Puig i Roca, Marta``, or that it was erased."""
        return self.erased.words if self.erased else f"{self.family_name}, {self.given_name}"

    def agrees_with(self, claimed: RecordPatient) -> bool:
        """Whether number, birth date and family name are all this person's."""
        return (
            self.hospital_number == claimed.hospital_number
            and self.birth_date == claimed.birth_date
            and self.family_name.casefold() == claimed.family_name.casefold()
        )


def reference(letters: str) -> str:
    """The reference made of eight random letters of `ALPHABET`: ``P-K7M3QX2R``."""
    return f"P-{letters}"


def refusals(command: RecordPatient, now: datetime) -> tuple[Refusal, ...]:
    """Why nobody can have these identifiers."""
    return run(_RULES, (command, now))


def _born_before_now(given: tuple[RecordPatient, datetime]) -> Refusal | None:
    command, now = given
    if EARLIEST_BIRTH <= command.birth_date <= now.date():
        return None
    return Refusal(
        code="birth_date",
        field="birth_date",
        message="The birth date must lie between 1900 and today. Check the year.",
    )


_RULES = (_born_before_now,)
