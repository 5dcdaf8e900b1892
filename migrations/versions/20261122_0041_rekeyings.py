"""The site's identity key may be changed: a patient's key is wrapped anew, once for each change.

And what a destroyed or changed key leaves in PostgreSQL's files can be written over by the program,
which owns no table: by a function of the owner's that does nothing else.

Revision ID: 0041
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0035"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
CHANGES = {
    "never": "true",
    "once for each change of the site's key": (
        "NEW.patient <> OLD.patient OR NEW.generation <= OLD.generation OR NEW.generation <> "
        "(SELECT coalesce(max(change.id), 0) FROM identity_rekeyings AS change)"
    ),
}
"""When an update of a patient's key is refused, by how often it may be changed."""
LOST = "NOT EXISTS (SELECT 1 FROM patient_erasures AS gone WHERE gone.patient = OLD.patient)"
COMES_BACK = (
    "EXISTS (SELECT 1 FROM patient_erasures AS gone WHERE gone.patient = NEW.patient)"
    " OR EXISTS (SELECT 1 FROM patient_keys AS kept WHERE kept.patient = NEW.patient"
    " OR kept.number_digest = NEW.number_digest)"
)
SAID = "a key is destroyed by an erasure only, and stays destroyed"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "identity_rekeyings",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("patients", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("rekeyed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "reason <> ''", name=op.f("ck_identity_rekeyings_a_change_of_key_has_a_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_rekeyings")),
    )
    op.add_column(
        "patient_keys",
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
    )
    if _is_postgresql():
        _guard_postgresql("identity_rekeyings")
        _wipe_postgresql()
    else:
        _guard_sqlite("identity_rekeyings")
    _guard_keys("once for each change of the site's key")


def downgrade() -> None:
    _guard_keys("never")
    if _is_postgresql():
        op.execute("DROP FUNCTION wipe_patient_keys()")
    op.drop_column("patient_keys", "generation")
    op.drop_table("identity_rekeyings")


def _guard_keys(how_often: str) -> None:
    refused = CHANGES[how_often]
    if not _is_postgresql():
        op.execute("DROP TRIGGER patient_keys_no_change")
        op.execute(
            f"CREATE TRIGGER patient_keys_no_change BEFORE UPDATE ON patient_keys WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
        return
    asked = " ".join(
        f"IF TG_OP = '{act}' THEN IF {condition} THEN RAISE EXCEPTION '{SAID}' "
        "USING ERRCODE = '42501'; END IF; END IF;"
        for act, condition in (("UPDATE", refused), ("DELETE", LOST), ("INSERT", COMES_BACK))
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION guard_patient_keys() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {asked} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )


def _wipe_postgresql() -> None:
    """CLUSTER writes a table and its indexes into new files, without what was removed."""
    op.execute(
        "CREATE FUNCTION wipe_patient_keys() RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = public, pg_temp SET lock_timeout = '2s' "
        "AS $$ BEGIN CLUSTER patient_keys USING pk_patient_keys; END $$"
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


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


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} AS old WHERE old.id = NEW.id) {refuse}"
    )
