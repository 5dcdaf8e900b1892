"""Identities sealed, each under a key of its own, and erased by destroying that key.

The plain columns go, and with them every copy the database still held: SQLite overwrites what it
frees, PostgreSQL writes the table anew. Taken back down, what is not erased is plain again. The
vault that seals travels with the connection.

Revision ID: 0031
Revises: 0020
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEY_REFUSED = (
    ("change", "UPDATE", "true"),
    (
        "loss",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM patient_erasures AS gone WHERE gone.patient = OLD.patient)",
    ),
    (
        "return",
        "INSERT",
        "EXISTS (SELECT 1 FROM patient_erasures AS gone WHERE gone.patient = NEW.patient)"
        " OR EXISTS (SELECT 1 FROM patient_keys AS kept WHERE kept.patient = NEW.patient"
        " OR kept.number_digest = NEW.number_digest)",
    ),
)
"""A key is never changed, lost only to an erasure, and never comes back after one."""

Row = dict[str, Any]


def upgrade() -> None:
    plain = _rows("SELECT reference, site_id, hospital_number, family_name, given_name, birth_date")
    sealed, keys = _sealed(plain)
    _swap_columns_postgresql(sealed) if _is_postgresql() else _make_anew_sqlite(_patients(), sealed)
    _create_keys()
    _create_erasures()
    if keys:
        op.bulk_insert(sa.table("patient_keys", *map(sa.column, keys[0])), keys)
    _guard_keys()


def downgrade() -> None:
    plain = _opened()
    for table in ("patient_erasures", "patient_keys"):
        op.drop_table(table)
    if _is_postgresql():
        op.execute("DROP FUNCTION guard_patient_keys()")
        _plain_columns_postgresql(plain)
    else:
        _make_anew_sqlite(_plain_patients(), plain, "site_id, hospital_number")


def _sealed(plain: list[Row]) -> tuple[list[Row], list[Row]]:
    """Each patient's row with its ciphertext, and the row of its key."""
    sealed, keys = [], []
    for row in plain:
        names = ("hospital_number", "family_name", "given_name")
        said = {name: row[name] for name in names} | {"birth_date": str(row["birth_date"])}
        locked = _vault().lock(row["reference"], row["site_id"], said)
        kept = {name: row[name] for name in ("reference", "site_id", "recorded_at")}
        sealed.append({**kept, "sealed": locked.sealed})
        digest = {"wrapped_key": locked.wrapped_key, "number_digest": locked.number_digest}
        keys.append({"patient": row["reference"], **digest})
    return sealed, keys


def _opened() -> list[Row]:
    """Each patient in plain; of an erased one nothing but the reference."""
    rows = _rows(
        "SELECT reference, site_id, sealed, wrapped_key",
        "LEFT JOIN patient_keys ON patient = reference",
    )
    nobody = {"family_name": "erased", "given_name": "erased", "birth_date": "1900-01-01"}
    plain = []
    for row in rows:
        said = {**nobody, "hospital_number": f"erased {row['reference']}"}
        if row["wrapped_key"]:
            said = _vault().open(row["reference"], row["sealed"], row["wrapped_key"])
        born = date.fromisoformat(said["birth_date"])
        kept = {name: row[name] for name in ("reference", "site_id", "recorded_at")}
        plain.append({**kept, **said, "birth_date": born})
    return plain


def _rows(select: str, join: str = "") -> list[Row]:
    query = f"{select}, recorded_at FROM patients {join} ORDER BY reference"
    return [dict(row._mapping) for row in op.get_bind().execute(sa.text(query))]


def _vault() -> Any:
    found = op.get_bind().get_execution_options().get("vault")
    if found is None:
        raise RuntimeError("patients can be sealed and opened with RADIOPHARM_IDENTITY_KEY only")
    return found


def _make_anew_sqlite(table: sa.Table, rows: list[Row], *more_keys: str) -> None:
    """The table dropped and made again under the directives that refer to it; then they are whole
    again, which is when foreign keys are asked."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.drop_table("patients")
    table.create(op.get_bind())
    if rows:
        op.get_bind().execute(table.insert(), rows)
    refuse = "BEGIN SELECT RAISE(ABORT, 'patients is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER patients_no_{act.lower()} BEFORE {act} ON patients {refuse}")
    taken = " OR ".join(_taken("patients", key) for key in ("reference", *more_keys))
    op.execute(
        f"CREATE TRIGGER patients_no_replace BEFORE INSERT ON patients WHEN {taken} {refuse}"
    )


def _swap_columns_postgresql(sealed: list[Row]) -> None:
    op.add_column("patients", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    _write_postgresql(sealed, ("sealed",))
    op.alter_column("patients", "sealed", nullable=False)
    for column in ("hospital_number", "family_name", "given_name", "birth_date"):
        op.drop_column("patients", column)  # and the unique constraint with the first
    op.execute(
        "CLUSTER patients USING pk_patients"
    )  # a dropped column stays in its rows until then


def _plain_columns_postgresql(plain: list[Row]) -> None:
    columns = [column for column in _plain_columns() if column.name != "recorded_at"]
    for column in columns:
        column.nullable = True
        op.add_column("patients", column)
    names = tuple(column.name for column in columns)
    _write_postgresql(plain, names)
    for name in names:
        op.alter_column("patients", name, nullable=False)
    op.drop_column("patients", "sealed")
    unique = op.f("uq_patients_site_id_hospital_number")
    op.create_unique_constraint(unique, "patients", ["site_id", "hospital_number"])


def _write_postgresql(rows: list[Row], names: tuple[str, ...]) -> None:
    op.execute("ALTER TABLE patients DISABLE TRIGGER patients_no_change")
    said = ", ".join(f"{name} = :{name}" for name in names)
    update = sa.text(f"UPDATE patients SET {said} WHERE reference = :reference")
    if rows:
        op.get_bind().execute(update, rows)
    op.execute("ALTER TABLE patients ENABLE ALWAYS TRIGGER patients_no_change")


def _patients() -> sa.Table:
    return _table([sa.Column("sealed", sa.LargeBinary(), nullable=False)])


def _plain_patients() -> sa.Table:
    unique = sa.UniqueConstraint(
        "site_id", "hospital_number", name=op.f("uq_patients_site_id_hospital_number")
    )
    return _table(_plain_columns(), unique)


def _plain_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("hospital_number", sa.String(length=64), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
    ]


def _table(columns: list[sa.Column[Any]], *more: sa.Constraint) -> sa.Table:
    metadata = sa.MetaData()
    sa.Table("sites", metadata, sa.Column("id", sa.BigInteger(), primary_key=True))
    return sa.Table(
        "patients",
        metadata,
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        *columns,
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_patients_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_patients")),
        *more,
    )


def _create_keys() -> None:
    op.create_table(
        "patient_keys",
        sa.Column("patient", sa.String(length=16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("number_digest", sa.String(length=64), nullable=False),
        _of_patient("patient_keys"),
        sa.PrimaryKeyConstraint("patient", name=op.f("pk_patient_keys")),
        sa.UniqueConstraint("number_digest", name=op.f("uq_patient_keys_number_digest")),
    )


def _create_erasures() -> None:
    table = "patient_erasures"
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        table,
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("patient", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.Column("erased_by", sa.String(length=200), nullable=False),
        sa.Column("signature_id", sa.BigInteger(), nullable=True),
        sa.Column("repeated_at", INSTANT, nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f(f"ck_{table}_an_erasure_has_a_reason")),
        sa.CheckConstraint(
            "(signature_id IS NULL) = (repeated_at IS NOT NULL)",
            name=op.f(f"ck_{table}_signed_or_repeated_after_a_restore"),
        ),
        _of_patient(table),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f(f"fk_{table}_signature_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("patient", name=op.f(f"uq_{table}_patient")),
        sa.UniqueConstraint("signature_id", name=op.f(f"uq_{table}_signature_id")),
    )
    if _is_postgresql():
        _guard_postgresql(table)
    else:
        _guard_sqlite(table, ["id", "patient", "signature_id"])


def _of_patient(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["patient"],
        ["patients.reference"],
        name=op.f(f"fk_{table}_patient"),
        ondelete="RESTRICT",
    )


def _guard_keys() -> None:
    said = "a key is destroyed by an erasure only, and stays destroyed"
    if not _is_postgresql():
        for name, act, condition in KEY_REFUSED:
            op.execute(
                f"CREATE TRIGGER patient_keys_no_{name} BEFORE {act} ON patient_keys "
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
        return
    asked = " ".join(
        f"IF TG_OP = '{act}' THEN IF {condition} THEN RAISE EXCEPTION '{said}' "
        "USING ERRCODE = '42501'; END IF; END IF;"
        for _, act, condition in KEY_REFUSED
    )
    op.execute(
        "CREATE FUNCTION guard_patient_keys() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{asked} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER patient_keys_guard BEFORE INSERT OR UPDATE OR DELETE ON patient_keys "
        "FOR EACH ROW EXECUTE FUNCTION guard_patient_keys()"
    )
    op.execute(
        "CREATE TRIGGER patient_keys_no_truncate BEFORE TRUNCATE ON patient_keys "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for trigger in ("guard", "no_truncate"):
        op.execute(f"ALTER TABLE patient_keys ENABLE ALWAYS TRIGGER patient_keys_{trigger}")


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


def _guard_sqlite(table: str, keys: list[str]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    taken = " OR ".join(_taken(table, key) for key in keys)
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}")


def _taken(table: str, key: str) -> str:
    """Whether a row with the new row's *key* is there already."""
    same = " AND ".join(f"old.{name} = NEW.{name}" for name in key.split(", "))
    return f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"
