"""Sites, the people who work there, and how they prove who they are."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, reference, text

ROLES = (
    "technologist",
    "radiopharmacist",
    "physician",
    "physicist",
    "safety_officer",
    "derogator",
    "auditor",
    "admin",
)

sites = sa.Table(
    "sites",
    metadata,
    identity(),
    text("name"),
    text("zone", 64),
    instant("created_at"),
)

users = sa.Table(
    "users",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("username", 64),
    text("display_name"),
    text("password_hash"),
    text("pin_hash", null=True),
    instant("created_at"),
    instant("disabled_at", null=True),
    sa.UniqueConstraint("username"),
    check("username_is_lower_case", "username = lower(username) AND username <> ''"),
)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("role", sa.String(32), primary_key=True),
    instant("granted_at"),
    check("role_is_known", f"role IN {ROLES!r}"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    reference("user_id", "users", null=True, index=True),
    sa.Column("data", sa.Text, nullable=False),
    instant("started_at"),
    instant("seen_at"),
    instant("ended_at", null=True),
    instant("locked_at", null=True),
    reference("workstation_id", "workstations", null=True),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    identity(),
    reference("user_id", "users", index=True),
    text("name"),
    text("token_hash", 64),
    instant("created_at"),
    instant("expires_at", null=True),
    instant("revoked_at", null=True),
    sa.UniqueConstraint("token_hash"),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    identity(),
    text("username", 64),
    text("means", 16),
    text("device_hash", 64, null=True),
    sa.Column(
        "succeeded", sa.Boolean(create_constraint=True, name="succeeded_is_boolean"), nullable=False
    ),
    instant("at"),
    check("means_is_known", "means IN ('password', 'pin', 'signature')"),
    sa.Index("ix_sign_ins_username_at", "username", "at"),
    info=APPEND_ONLY,
)

instruments = sa.Table(
    "instruments",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("name"),
    text("kind", 32),
    text("serial", 64),
    instant("calibration_due_at", null=True),
    instant("created_at"),
    instant("retired_at", null=True),
    sa.UniqueConstraint("site_id", "serial"),
    check("kind_is_known", "kind IN ('activity_meter', 'survey_meter')"),
)

signatures = sa.Table(
    "signatures",
    metadata,
    identity(),
    reference("user_id", "users"),
    text("signer_name"),
    text("roles"),
    text("meaning"),
    text("means", 16),
    text("shown_hash", 64),
    instant("signed_at"),
    text("ticket", 32, null=True),
    text("record_kind", 16, null=True),
    text("record_key", 64, null=True),
    sa.Column("record_version", sa.Integer, nullable=True),
    sa.Column("shown", sa.Text, nullable=True),
    text("zone", 64, null=True),
    check("meaning_is_given", "meaning <> ''"),
    check("means_is_known", "means IN ('password', 'pin')"),
    info=APPEND_ONLY,
)
sa.Index(
    "uq_signatures_ticket",
    signatures.c.ticket,
    unique=True,
    sqlite_where=signatures.c.ticket.is_not(None),
    postgresql_where=signatures.c.ticket.is_not(None),
)
sa.Index("uq_signatures_id_user_id", signatures.c.id, signatures.c.user_id, unique=True)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    text("fingerprint", 64),
    sa.Column("answer", sa.Text, nullable=False),
    instant("at"),
    info=APPEND_ONLY,
)
