"""Who acts, and where."""

import re
from dataclasses import dataclass

from radiopharm.core.emergency import Emergency

SAFETY_OFFICER = "safety_officer"
BADGE_LENGTH = 10
_BADGE = re.compile(rf"U-[0-9A-Z]{{{BADGE_LENGTH}}}", re.ASCII)


def is_badge(text: str) -> bool:
    """Whether a text is spelled as a badge: ``U-K7M3QX2RT4``. A badge names, it proves nothing."""
    return _BADGE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A hospital's radiopharmacy: its zone is used at the edges only, never in arithmetic."""

    id: int
    name: str
    zone: str

    @property
    def stream(self) -> str:
        """The name of its audit stream."""
        return f"site:{self.id}" if self.id else "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone with an account. `via` says how this act reached us: web, api, job or command.

    `session` is the hash of the session or token they act with, empty where there is neither.
    `workstation_id` is the enrolled computer they act at, None anywhere else. `emergency` is how
    they came in by a sealed envelope, None for everybody with an account of their own.
    """

    id: int
    username: str
    display_name: str
    roles: frozenset[str]
    site: Site
    via: str = "web"
    source: str = ""
    session: str = ""
    workstation_id: int | None = None
    emergency: Emergency | None = None

    def has(self, *roles: str) -> bool:
        """Whether this person holds one of *roles*."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Person(
    id=0,
    username="system",
    display_name="System",
    roles=frozenset(),
    site=Site(id=0, name="System", zone="UTC"),
    via="command",
)
"""Who acts when nobody is signed in; its events go into the system's own stream."""
