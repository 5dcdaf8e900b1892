"""What belongs to a hand-over of a container: papers, people, and both dates.

Revision ID: 0022
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
TABLE = "hand_overs"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        TABLE,
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("consignment", sa.String(length=200), nullable=False),
        sa.Column("documents", sa.String(length=200), nullable=False),
        sa.Column("handed_over_by", sa.String(length=200), nullable=False),
        sa.Column("received_by", sa.String(length=200), nullable=False),
        sa.Column("received_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "received_at IS NULL OR received_by <> ''",
            name=op.f("ck_hand_overs_who_received_it_did_so_at_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["waste_events.id"],
            name=op.f("fk_hand_overs_event_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("event_id", name=op.f("uq_hand_overs_event_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite(["id", "event_id"])


def downgrade() -> None:
    op.drop_table(TABLE)  # its guards go with it


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


def _guard_sqlite(keys: list[str]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} {refuse}")
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {TABLE} AS old WHERE old.{key} = NEW.{key})" for key in keys
    )
    op.execute(f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN {taken} {refuse}")
