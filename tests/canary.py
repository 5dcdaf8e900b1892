"""A patient whose identity must turn up nowhere that it can be read without the site's key."""

import base64
import html
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

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
DAYS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y", "%d %B %Y")


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
    """Whether a text carries a part of the identity, however it was written down on the way."""
    return any(spelling in text for spelling in _spellings())


def tell_everything(runtime: Runtime) -> Path | None:
    """The log of PostgreSQL, told every statement of this database with its parameters."""
    url = runtime.engine.url
    if runtime.engine.dialect.name != "postgresql":
        return None
    with runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        for setting in ("log_statement = 'all'", "log_parameter_max_length_on_error = -1"):
            db.execute(sa.text(f'ALTER DATABASE "{url.database}" SET {setting}'))
    runtime.engine.dispose()
    return Path(str(url.query["host"])) / "log"


@cache
def _spellings() -> frozenset[str]:
    born = date.fromisoformat(CANARY["birth_date"])
    parts = (*CANARY.values(), *(f"{born:{form}}" for form in DAYS))
    return frozenset(spelling for part in parts for spelling in _spelt(part))


def _spelt(part: str) -> Iterator[str]:
    """A part of the identity as logs, addresses, JSON, pages and careless code write it."""
    raw = part.encode()
    yield from (part, part.upper(), part.lower(), unicodedata.normalize("NFD", part))
    yield from (quote(part), quote_plus(part), html.escape(part), repr(part)[1:-1])
    yield from (json.dumps(part)[1:-1], part.encode("ascii", "xmlcharrefreplace").decode())
    yield from (raw.decode("latin-1"), repr(raw)[2:-1], repr(part.encode("latin-1"))[2:-1])
    yield from (raw.hex(), base64.b64encode(raw).decode().rstrip("="))
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
