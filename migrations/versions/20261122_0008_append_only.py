"""Facts are added, never changed: the database refuses anything else.

On SQLite, REPLACE deletes without firing a delete trigger of an ordinary connection, so an insert
that would hit any unique key of a guarded table is refused too. On PostgreSQL the triggers fire
ALWAYS, also under `session_replication_role = replica`, and TRUNCATE has its own.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ONCE = "kind IN ('accepted', 'opened', 'thawed')"
KEYS = {
    "sign_ins": ["id"],
    "signatures": ["id"],
    "idempotency_keys": ["user_id, key"],
    "audit_events": ["stream, number", "stream, previous", "hash"],
    "audit_subjects": ["subject, stream, number"],
    "patients": ["reference", "site_id, hospital_number"],
    "directives": ["id"],
    "directive_versions": ["id", "directive_id, version"],
    "directive_events": ["id", "directive_id, version, kind", "signature_id"],
    "vials": ["id"],
    "vial_compositions": ["id", "vial_id, version, nuclide"],
    "vial_events": ["id", ("vial_id, kind", ONCE)],
    "ledger_entries": ["id", "vial_id, sequence", "vial_id, reverses_sequence"],
    "assays": ["id"],
    "dispensings": ["id", "replaces_id", "signature_id", ("directive_id", "replaces_id IS NULL")],
    "draws": ["id", "vial_id, sequence"],
    "dispensing_voids": ["id", "dispensing_id"],
    "dose_returns": ["id", "dispensing_id"],
    "administrations": ["id", "dispensing_id"],
    "residues": ["id"],
    "waste_containers": ["id"],
    "waste_events": ["id", ("container_id, kind", "kind <> 'moved'")],
    "waste_items": ["id", "vial_id, sequence", "dispensing_id", "residue_id"],
    "waste_item_contents": ["id", "item_id, nuclide"],
    "waste_measurements": ["id"],
    "waste_releases": ["id", "container_id", "signature_id"],
    "rule_pack_choices": ["id", "signature_id"],
    "licence_conditions": ["id"],
    "limits": ["id"],
    "job_runs": ["job, slot"],
    "job_failures": ["id"],
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$"
        )
        for table in KEYS:
            _guard_postgresql(table)
    else:
        for table, keys in KEYS.items():
            _guard_sqlite(table, keys)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in KEYS:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
    else:
        for table in KEYS:
            for act in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for trigger in ("no_change", "no_truncate"):
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{trigger}")


def _guard_sqlite(table: str, keys: list[str | tuple[str, str]]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    taken = " OR ".join(_taken(table, key) for key in keys)
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")


def _taken(table: str, key: str | tuple[str, str]) -> str:
    """Whether a row with the new row's *key* is there already."""
    columns, condition = key if isinstance(key, tuple) else (key, "")
    names = columns.split(", ")
    same = " AND ".join(f"old.{name} = NEW.{name}" for name in names)
    if not condition:
        return f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"
    old = condition.replace("kind", "old.kind").replace("replaces_id", "old.replaces_id")
    new = condition.replace("kind", "NEW.kind").replace("replaces_id", "NEW.replaces_id")
    return f"({new} AND EXISTS (SELECT 1 FROM {table} AS old WHERE {same} AND {old}))"
