"""An index of the events that are worth another look, for the audit's views of late and overridden.

Revision ID: 0028
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0032"
branch_labels = None
depends_on = None

NAME = "ix_audit_events_marked"
MARKS = (
    '"late":true',
    '"already_drawn":true',
    '"already_given":true',
    '"overridden":["',
    '"own_delivery":true',
)


def upgrade() -> None:
    op.create_index(
        NAME,
        "audit_events",
        ["stream", "number"],
        sqlite_where=_marked("instr"),
        postgresql_where=_marked("strpos"),
    )


def downgrade() -> None:
    op.drop_index(NAME, "audit_events")


def _marked(found: str) -> sa.TextClause:
    said = " OR ".join(f"{found}(canonical, '{mark}') > 0" for mark in MARKS)
    return sa.text(f"({said})".replace(":", "\\:"))
