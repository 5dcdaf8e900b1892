"""The least that each role of a PostgreSQL database needs, as SQL made from the tables themselves.

Whoever runs the migrations owns the schema. The program connects as `radiopharm_app`: it may add
facts and never change, remove or truncate one, and no statement of its changes the schema. Backups
and reports read as `radiopharm_reader`.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from radiopharm.store.base import metadata

APP, READER = "radiopharm_app", "radiopharm_reader"
FORGOTTEN = ("sessions", "presences", "drafts", "patient_keys")
"""Tables whose rows go when they are over; they hold no fact."""
WIPING = "wipe_patient_keys()"
"""Writes the table of keys anew as its owner, and does nothing else (store.residues)."""
STEPPED = {"audit_heads": "number, hash, mac"}
"""Where only some columns ever change."""


def statements(database: str) -> Iterator[str]:
    """Roles and grants; to be run again after every migration, by the owner."""
    for role in (APP, READER):
        yield _made(role)
    yield f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC'
    yield f'GRANT CONNECT ON DATABASE "{database}" TO {APP}, {READER}'
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {READER}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {APP}, {READER}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {APP}, {READER}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {READER}"
    for table in metadata.sorted_tables:
        yield f"GRANT {', '.join(_verbs(table))} ON {table.name} TO {APP}"
    yield f"REVOKE ALL ON FUNCTION {WIPING} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {WIPING} TO {APP}"


def apply(engine: sa.Engine) -> None:
    """Make the roles and give them what they need."""
    with engine.begin() as db:
        for statement in statements(engine.url.database or ""):
            db.exec_driver_sql(statement)


def _verbs(table: sa.Table) -> Iterator[str]:
    yield "INSERT"
    if table.info.get("append_only"):
        return
    yield f"UPDATE ({STEPPED[table.name]})" if table.name in STEPPED else "UPDATE"
    if table.name in FORGOTTEN:
        yield "DELETE"


def _made(role: str) -> str:
    """A role that may connect and is nothing else; its password, if any, is the site's to set."""
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT; END IF; END $$"
    )
