"""What was seen to at the bedside, what was found out later, and doses given a new directive.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
KEYS = {
    "bedsides": ["id", "administration_id"],
    "interruptions": ["id"],
    "checklist_answers": ["id", "administration_id, code"],
    "reconciliations": ["id", "administration_id, number"],
    "later_residues": ["id", "residue_id"],
    "dose_observations": ["id"],
    "dose_reassignments": ["id", "dispensing_id", "from_id"],
}


def upgrade() -> None:
    _create(
        "bedsides",
        _yes_or_no("patient_scanned"),
        _yes_or_no("dose_scanned"),
        _text("site_of_administration", 64),
        _text("performed_by", 64),
        sa.Column("given_bq", sa.BigInteger(), nullable=True),
        _text("given_text", 64),
        sa.Column("given_at", INSTANT, nullable=True),
        _text("given_how", 64),
        *_refers("bedsides", administration_id="administrations"),
        *_checks(
            "bedsides",
            what_was_measured_as_given_is_complete="(given_bq IS NULL) = (given_at IS NULL) "
            "AND (given_bq IS NULL OR given_how <> '')",
            a_reading_is_not_negative="given_bq IS NULL OR given_bq >= 0",
        ),
        sa.CheckConstraint(
            "typeof(given_bq) IN ('integer', 'null')", name=op.f("ck_bedsides_numbers_are_whole")
        ).ddl_if(dialect="sqlite"),
    )
    _create(
        "interruptions",
        _instant("from_at"),
        _instant("to_at"),
        _text("reason"),
        *_refers("interruptions", administration_id="administrations"),
        *_checks(
            "interruptions",
            ends_after_it_starts="to_at >= from_at",
            an_interruption_has_a_reason="reason <> ''",
        ),
    )
    _create(
        "checklist_answers",
        _text("code", 64),
        _text("words"),
        _text("source"),
        _text("status", 16),
        sa.Column("done_at", INSTANT, nullable=True),
        _text("reason"),
        *_refers("checklist_answers", administration_id="administrations"),
        *_checks("checklist_answers", done_or_not_done="done_at IS NULL OR reason = ''"),
    )
    _create(
        "reconciliations",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("net_bq", sa.Double(), nullable=False),
        _text("percent_of_prescribed", 40),
        _instant("recorded_at"),
        _text("reason"),
        sa.Column("working", sa.Text(), nullable=False),
        *_refers("reconciliations", administration_id="administrations", actor_id="users"),
        *_checks(
            "reconciliations",
            the_first_is_the_administrations_own="number >= 2",
            a_later_balance_has_a_reason="reason <> ''",
        ),
    )
    _create(
        "later_residues",
        *_refers("later_residues", reconciliation_id="reconciliations", residue_id="residues"),
    )
    _create(
        "dose_observations",
        _text("kind", 32),
        _instant("observed_at"),
        _text("words", 1000),
        _instant("recorded_at"),
        *_refers("dose_observations", dispensing_id="dispensings", actor_id="users"),
        *_checks(
            "dose_observations",
            kind_is_known="kind IN ('adverse_reaction', 'extravasation')",
            an_observation_has_words="words <> ''",
        ),
    )
    _create(
        "dose_reassignments",
        _instant("at"),
        _text("reason"),
        *_refers(
            "dose_reassignments",
            dispensing_id="dispensings",
            from_id="dispensings",
            drawn_as_id="dispensings",
            actor_id="users",
        ),
        *_checks(
            "dose_reassignments",
            a_dose_is_made_of_an_earlier_one="from_id < dispensing_id",
            a_reassignment_has_a_reason="reason <> ''",
        ),
    )
    for table, column in (
        ("interruptions", "administration_id"),
        ("later_residues", "reconciliation_id"),
        ("dose_observations", "dispensing_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table, keys in KEYS.items():
        if op.get_bind().dialect.name == "postgresql":
            _guard_postgresql(table)
        else:
            _guard_sqlite(table, keys)


def downgrade() -> None:
    for table in reversed(KEYS):
        op.drop_table(table)


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    unique = [key.split(", ") for key in KEYS[table] if key != "id"]
    op.create_table(
        table,
        sa.Column("id", number, autoincrement=True, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}")) for key in unique),
    )


def _instant(name: str) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=False)


def _text(name: str, length: int = 200) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _yes_or_no(name: str) -> sa.Column:
    kind = sa.Boolean(create_constraint=True, name=f"{name}_is_boolean")
    return sa.Column(name, kind, nullable=False)


def _refers(table: str, **targets: str) -> list[sa.schema.SchemaItem]:
    """A foreign key column for each name, to the `id` of its target."""
    columns = [sa.Column(name, sa.BigInteger(), nullable=False) for name in targets]
    keys = [
        sa.ForeignKeyConstraint(
            [name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"), ondelete="RESTRICT"
        )
        for name, target in targets.items()
    ]
    return [*columns, *keys]


def _checks(table: str, **sentences: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{sentence}"))
        for sentence, condition in sentences.items()
    ]


def _guard_postgresql(table: str) -> None:
    for trigger, what in (
        ("no_change", "BEFORE UPDATE OR DELETE ON {0} FOR EACH ROW"),
        ("no_truncate", "BEFORE TRUNCATE ON {0} FOR EACH STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{trigger} {what.format(table)} "
            "EXECUTE FUNCTION refuse_change()"
        )
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
