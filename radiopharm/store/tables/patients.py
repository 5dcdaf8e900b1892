"""Patients: a random reference and a sealed identity; its key apart, to be destroyed."""

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
)


def _patient(*, primary: bool) -> sa.Column[str]:
    key = sa.ForeignKey("patients.reference", ondelete="RESTRICT")
    return sa.Column("patient", sa.String(16), key, primary_key=primary, nullable=False)


patients = sa.Table(
    "patients",
    metadata,
    sa.Column("reference", sa.String(16), primary_key=True),
    reference("site_id", "sites"),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    instant("recorded_at"),
    info=APPEND_ONLY,
)

patient_keys = sa.Table(
    "patient_keys",
    metadata,
    _patient(primary=True),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    text("number_digest", 64),
    sa.Column("generation", sa.BigInteger, nullable=False, server_default="0"),
    sa.UniqueConstraint("number_digest"),
)
"""Wrapped anew once for each change of the site's key, `generation`; deleted only where an erasure
stands, and never written again after one."""

identity_rekeyings = sa.Table(
    "identity_rekeyings",
    metadata,
    identity(),
    whole("patients"),
    text("reason"),
    instant("rekeyed_at"),
    check("a_change_of_key_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)

patient_erasures = sa.Table(
    "patient_erasures",
    metadata,
    identity(),
    _patient(primary=False),
    text("reason"),
    instant("erased_at"),
    text("erased_by"),
    reference("signature_id", "signatures", null=True),
    instant("repeated_at", null=True),
    sa.UniqueConstraint("patient"),
    sa.UniqueConstraint("signature_id"),
    check("an_erasure_has_a_reason", "reason <> ''"),
    check(
        "signed_or_repeated_after_a_restore",
        "(signature_id IS NULL) = (repeated_at IS NOT NULL)",
    ),
    info=APPEND_ONLY,
)
