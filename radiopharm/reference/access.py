"""Reads the reviewed table of routes and roles."""

import tomllib
from collections import defaultdict
from pathlib import Path

from radiopharm.core.access import PUBLIC, SIGNED_IN, AccessTable


def read_access(path: Path) -> AccessTable:
    """The table in *path*; a route may stand in several groups, its roles add up."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    routes: dict[str, set[str]] = defaultdict(set)
    for open_to in (PUBLIC, SIGNED_IN):
        for route in table[open_to]:
            routes[route].add(open_to)
    for group in table["group"]:
        for route in group["routes"]:
            routes[route].update(group["roles"])
    return AccessTable(routes={route: frozenset(roles) for route, roles in routes.items()})
