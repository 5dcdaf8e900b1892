"""What is wanted for patients: directives in versions, signed, verified, given orally."""

import sqlalchemy as sa

from radiopharm.store.base import (
    APPEND_ONLY,
    check,
    identity,
    instant,
    metadata,
    reference,
    text,
    whole,
    whole_numbers,
)

directives = sa.Table(
    "directives",
    metadata,
    identity(),
    reference("site_id", "sites"),
    sa.Column("patient", sa.String(16), sa.ForeignKey("patients.reference"), nullable=False),
    instant("recorded_at"),
    reference("actor_id", "users"),
    info=APPEND_ONLY,
)

directive_versions = sa.Table(
    "directive_versions",
    metadata,
    identity(),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    text("product", 64),
    whole("prescribed_bq"),
    whole("lowest_bq", null=True),
    whole("highest_bq", null=True),
    text("prescribed_text", 64),
    instant("planned_for", index=True),
    text("route", 64),
    text("indication"),
    sa.Column("cycle", sa.Integer, nullable=True),
    text("notes", 1000),
    text("reason"),
    reference("prescriber_id", "users", null=True),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.Column("interval_reason", sa.String(200), nullable=False, server_default=""),
    sa.UniqueConstraint("directive_id", "version"),
    check("version_starts_at_one", "version >= 1"),
    check("a_change_has_a_reason", "version = 1 OR reason <> ''"),
    check("prescribed_is_positive", "prescribed_bq BETWEEN 1 AND 1000000000000000"),
    check("a_range_has_two_ends", "(lowest_bq IS NULL) = (highest_bq IS NULL)"),
    check(
        "prescribed_lies_in_its_range",
        "lowest_bq IS NULL OR (lowest_bq <= prescribed_bq AND prescribed_bq <= highest_bq)",
    ),
    whole_numbers("prescribed_bq", "lowest_bq", "highest_bq"),
    info=APPEND_ONLY,
)

directive_events = sa.Table(
    "directive_events",
    metadata,
    identity(),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    text("kind", 16),
    instant("at"),
    reference("actor_id", "users"),
    text("reason"),
    reference("signature_id", "signatures", null=True),
    sa.UniqueConstraint("directive_id", "version", "kind"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["directive_id", "version"],
        ["directive_versions.directive_id", "directive_versions.version"],
    ),
    check("kind_is_known", "kind IN ('signed', 'cancelled')"),
    check("signed_by_a_signature", "kind <> 'signed' OR signature_id IS NOT NULL"),
    check("cancelled_with_a_reason", "kind <> 'cancelled' OR reason <> ''"),
    info=APPEND_ONLY,
)

directive_verifications = sa.Table(
    "directive_verifications",
    metadata,
    identity(),
    sa.Column(
        "prescription_id",
        sa.BigInteger,
        sa.ForeignKey("directive_events.signature_id", ondelete="RESTRICT"),
        nullable=False,
    ),
    reference("signer_id", "users"),
    reference("signature_id", "signatures"),
    reference("verifier_id", "users"),
    sa.UniqueConstraint("prescription_id"),
    sa.UniqueConstraint("signature_id"),
    check("two_people_are_two_people", "verifier_id <> signer_id"),
    info=APPEND_ONLY,
)
"""A pharmacist's signature beside the physician's, which names the directive and its version."""

oral_orders = sa.Table(
    "oral_orders",
    metadata,
    identity(),
    reference("directive_id", "directives"),
    sa.Column("version", sa.Integer, nullable=False),
    reference("given_by", "users"),
    instant("given_at", index=True),
    text("reason"),
    reference("signature_id", "signatures"),
    reference("recorder_id", "users"),
    sa.UniqueConstraint("directive_id", "version"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["directive_id", "version"],
        ["directive_versions.directive_id", "directive_versions.version"],
    ),
    check("it_is_said_why_it_could_not_wait", "reason <> ''"),
    check("two_people_are_two_people", "given_by <> recorder_id"),
    info=APPEND_ONLY,
)
"""A version given by word of mouth, and the signature of who wrote it down."""
