"""Who may call which route: one reviewed table, kept in config/access.toml."""

from collections.abc import Mapping
from dataclasses import dataclass

PUBLIC = "public"
SIGNED_IN = "signed-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTable:
    """Route endpoint → the roles that may call it, or `public`, or `signed-in` for everyone."""

    routes: Mapping[str, frozenset[str]]

    def is_public(self, endpoint: str) -> bool:
        """Whether nobody need be signed in."""
        return PUBLIC in self.routes.get(endpoint, frozenset())

    def allows(self, endpoint: str, roles: frozenset[str]) -> bool:
        """Whether someone with *roles* may call *endpoint*; a route not in the table is closed."""
        allowed = self.routes.get(endpoint, frozenset())
        return bool(allowed & {PUBLIC, SIGNED_IN}) or not allowed.isdisjoint(roles)
