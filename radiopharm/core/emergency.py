"""Emergency access: an account sealed in an envelope, which lives four hours from its opening.

Before it is opened and after its end the account is nobody's. In between it acts for the person who
typed their own name when they broke the seal, and everything it does says so.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from radiopharm.core.refusals import Refusal

LASTS = timedelta(hours=4)
ROLES = ("technologist", "radiopharmacist", "physician", "physicist", "safety_officer")
"""What an envelope may hold. None that makes accounts or derogates: it could outlive itself."""
BARRED = frozenset({"release", "releases", "derogation", "discharge", "erasure"})
"""The kinds of record that can wait for somebody with an account of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """An envelope's opening: who typed their name, why, and when."""

    opener: str
    reason: str
    opened_at: datetime

    @property
    def ends_at(self) -> datetime:
        """The first instant at which it no longer counts."""
        return self.opened_at + LASTS

    @property
    def mark(self) -> str:
        """What stands on everything that is done, as the name of who did it."""
        return f"Emergency access, opened by {self.opener}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEnvelope:
    """Breaking the seal: which account, the secret on the paper, who does it and why."""

    username: str
    secret: str = field(repr=False)
    opener: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What goes on the paper; the secret stands nowhere else."""

    username: str
    secret: str = field(repr=False)
    roles: tuple[str, ...]
    site: str
    zone: str
    sealed_by: str
    sealed_at: datetime


def refusals(opening: OpenEnvelope) -> tuple[Refusal, ...]:
    """What is missing before an envelope is opened."""
    found = []
    if len(opening.opener) < 3:
        found.append(_refusal("opener", "Type your own first name and surname."))
    if not opening.reason:
        found.append(_refusal("reason", "Say why it is opened, without a patient's name."))
    return tuple(found)


def roles_refusals(roles: Iterable[str]) -> tuple[Refusal, ...]:
    """Why an envelope may not hold these roles."""
    chosen = set(roles)
    if chosen and chosen <= set(ROLES):
        return ()
    listed = ", ".join(ROLES).replace("_", " ")
    return (_refusal("roles", f"Choose one or more of: {listed}."),)


def barred(kind: str, *people: Emergency | None) -> tuple[Refusal, ...]:
    """Why a *kind* of record is not signed while one of *people* is in by an envelope."""
    if kind not in BARRED or not any(people):
        return ()
    message = "Emergency access lets no waste leave, does not derogate and erases nothing."
    return (Refusal(code="emergency", message=message),)


def is_one_name(one: str, other: str) -> bool:
    """Whether two names are the same, however they are spaced, cased or composed."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _refusal(field_name: str, message: str) -> Refusal:
    return Refusal(code=field_name, field=field_name, message=message)
