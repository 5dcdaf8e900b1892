"""The tables, one file a noun. Rows have no behaviour; importing this registers them all."""

from radiopharm.store.tables import (
    accounts,
    administrations,
    audit,
    bench,
    derived,
    devices,
    directives,
    discharges,
    doses,
    patients,
    presences,
    releases,
    second_checks,
    surveys,
    vials,
    waste,
)

__all__ = [
    "accounts",
    "administrations",
    "audit",
    "bench",
    "derived",
    "devices",
    "directives",
    "discharges",
    "doses",
    "patients",
    "presences",
    "releases",
    "second_checks",
    "surveys",
    "vials",
    "waste",
]
