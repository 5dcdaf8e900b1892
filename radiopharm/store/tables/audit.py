"""The audit chain: a stream a site and one for the system, each event hashed onto the last."""

import sqlalchemy as sa

from radiopharm.core.audit_views import Mark
from radiopharm.store.base import (
    APPEND_ONLY,
    check,
    identity,
    instant,
    metadata,
    reference,
    text,
    whole,
)


def marked(dialect: str) -> sa.TextClause:
    """That an event has a mark: as the index says it, and as a query must say it to use it."""
    find = "strpos" if dialect == "postgresql" else "instr"
    said = " OR ".join(f"{find}(canonical, '{mark}') > 0" for mark in Mark)
    return sa.text(f"({said})".replace(":", "\\:"))


audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column("stream", sa.String(32), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    instant("at"),
    text("actor", 64),
    text("action", 64),
    sa.Column("canonical", sa.Text, nullable=False),
    text("previous", 64),
    text("hash", 64),
    sa.UniqueConstraint("stream", "previous"),
    sa.UniqueConstraint("hash"),
    check("numbers_start_at_one", "number >= 1"),
    check("hash_has_its_length", "length(hash) = 64 AND length(previous) = 64"),
    sa.Index("ix_audit_events_stream_at_number", "stream", "at", "number"),
    sa.Index("ix_audit_events_stream_actor_number", "stream", "actor", "number"),
    sa.Index("ix_audit_events_stream_action_number", "stream", "action", "number"),
    sa.Index(
        "ix_audit_events_marked",
        "stream",
        "number",
        sqlite_where=marked("sqlite"),
        postgresql_where=marked("postgresql"),
    ),
    info=APPEND_ONLY,
)

audit_subjects = sa.Table(
    "audit_subjects",
    metadata,
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("stream", sa.String(32), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.ForeignKeyConstraint(["stream", "number"], ["audit_events.stream", "audit_events.number"]),
    info=APPEND_ONLY,
)

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("stream", sa.String(32), primary_key=True),
    whole("number"),
    text("hash", 64),
    text("mac", 64),
    check("numbers_start_at_zero", "number >= 0"),
)

audit_seals = sa.Table(
    "audit_seals",
    metadata,
    sa.Column("stream", sa.String(32), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    text("hash", 64),
    instant("sealed_at"),
    text("key", 64),
    text("signature", 128),
    check("numbers_start_at_one", "number >= 1"),
    check("signature_has_its_length", "length(signature) = 128 AND length(key) = 64"),
    info=APPEND_ONLY,
)

audit_anchors = sa.Table(
    "audit_anchors",
    metadata,
    sa.Column("stream", sa.String(32), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("place", sa.String(64), primary_key=True),
    instant("kept_at"),
    sa.ForeignKeyConstraint(["stream", "number"], ["audit_seals.stream", "audit_seals.number"]),
    sa.Index("ix_audit_anchors_place_stream_number", "place", "stream", "number"),
    info=APPEND_ONLY,
)

audit_reviews = sa.Table(
    "audit_reviews",
    metadata,
    identity(),
    reference("site_id", "sites", index=True),
    instant("starts_at"),
    instant("ends_at"),
    text("counts", 1000),
    text("findings", 2000),
    instant("next_due_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    reference("signature_id", "signatures"),
    sa.UniqueConstraint("signature_id"),
    check("a_period_ends_after_it_begins", "ends_at > starts_at"),
    check("the_next_one_comes_later", "next_due_at > ends_at"),
    info=APPEND_ONLY,
)
