"""To whom what left a vial was handed over, and with which papers.

Revision ID: 0037
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
TABLE = "vial_hand_overs"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    words = ("recipient", "licence", "consignment", "documents", "handed_over_by", "received_by")
    op.create_table(
        TABLE,
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("vial_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=200), nullable=False) for name in words),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("received_at", INSTANT, nullable=True),
        _check("who_received_it_did_so_at_a_time", "received_at IS NULL OR received_by <> ''"),
        _check("somebody_receives_it", "recipient <> ''"),
        _check("numbers_are_whole", "typeof(sequence) IN ('integer', 'null')").ddl_if(
            dialect="sqlite"
        ),
        sa.ForeignKeyConstraint(
            ["vial_id"], ["vials.id"], name=op.f(f"fk_{TABLE}_vial_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["vial_id", "sequence"],
            ["ledger_entries.vial_id", "ledger_entries.sequence"],
            name=op.f(f"fk_{TABLE}_vial_id_sequence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("vial_id", "sequence", name=op.f(f"uq_{TABLE}_vial_id_sequence")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def downgrade() -> None:
    op.drop_table(TABLE)  # its guards go with it


def _check(sentence: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{sentence}"))


def _guard_postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for trigger in ("no_change", "no_truncate"):
        op.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_{trigger}")


def _guard_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} {refuse}")
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM "
        f"{TABLE} AS old WHERE old.id = NEW.id OR (old.vial_id = NEW.vial_id "
        f"AND old.sequence = NEW.sequence)) {refuse}"
    )
