"""Who acts, and where."""

from dataclasses import dataclass


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
    """

    id: int
    username: str
    display_name: str
    roles: frozenset[str]
    site: Site
    via: str = "web"
    source: str = ""
    session: str = ""

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
