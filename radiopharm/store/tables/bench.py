"""The shared bench: enrolled computers, badges, and what was typed when a lock fell."""

import sqlalchemy as sa

from radiopharm.store.base import check, identity, instant, metadata, reference, text

WORKSTATION_KINDS = ("hot_lab", "office")

workstations = sa.Table(
    "workstations",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("name", 64),
    text("room", 64),
    text("kind", 16),
    text("token_hash", 64),
    instant("enrolled_at"),
    instant("claimed_at", null=True),
    instant("revoked_at", null=True),
    sa.UniqueConstraint("token_hash"),
    check("kind_is_known", f"kind IN {WORKSTATION_KINDS!r}"),
)

badges = sa.Table(
    "badges",
    metadata,
    identity(),
    reference("user_id", "users", index=True),
    text("code", 16),
    instant("issued_at"),
    instant("revoked_at", null=True),
    sa.UniqueConstraint("code"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column(
        "user_id",
        sa.BigInteger,
        sa.ForeignKey("users.id", ondelete="RESTRICT"),
        primary_key=True,
    ),
    sa.Column("page", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("typed", sa.Text, nullable=False),
    instant("kept_at"),
)
