"""A patient whose identity must turn up nowhere that it can be read without the site's key."""

import sqlalchemy as sa

from radiopharm.runtime import Runtime
from radiopharm.store.base import metadata
from radiopharm.store.tables import audit

CANARY = {
    "hospital_number": "HN-CANARY-4711",
    "family_name": "Kanarienvogel",
    "given_name": "Tweety Zwölf",
    "birth_date": "1961-04-30",
}


def audit_text(runtime: Runtime) -> str:
    """Every audit event as stored."""
    with runtime.reading() as db:
        return "\n".join(db.scalars(sa.select(audit.audit_events.c.canonical)))


def traces(runtime: Runtime) -> list[str]:
    """`table: value` of every value in the database that carries a part of the identity."""
    found = []
    with runtime.reading() as db:
        for table in metadata.sorted_tables:
            for row in db.execute(sa.select(table)):
                found += [f"{table.name}: {v}" for v in row if betrays(str(v))]
    return found


def betrays(text: str) -> bool:
    """Whether a text carries a part of the identity."""
    return any(part in text for part in CANARY.values())
