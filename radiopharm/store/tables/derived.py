"""What jobs derive from the facts: snapshots, flags, runs of jobs. No rule reads these."""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, instant, metadata, text, whole

activity_snapshots = sa.Table(
    "activity_snapshots",
    metadata,
    text("subject", 16),
    whole("subject_id"),
    instant("slot"),
    text("nuclide", 16),
    sa.Column("activity_bq", sa.Double, nullable=False),
    sa.PrimaryKeyConstraint("slot", "subject", "subject_id", "nuclide"),
    check("subject_is_known", "subject IN ('vial', 'container')"),
    check("activity_is_finite", "activity_bq >= 0 AND activity_bq < 1e30"),
)

flags = sa.Table(
    "flags",
    metadata,
    identity(),
    sa.Column("site_id", sa.BigInteger, sa.ForeignKey("sites.id"), nullable=False),
    text("subject", 16),
    whole("subject_id"),
    text("kind", 32),
    text("message"),
    instant("raised_at"),
    instant("cleared_at", null=True),
    check("clears_after_it_was_raised", "cleared_at IS NULL OR cleared_at >= raised_at"),
)
sa.Index(
    "uq_flags_open_once",
    flags.c.subject,
    flags.c.subject_id,
    flags.c.kind,
    unique=True,
    sqlite_where=flags.c.cleared_at.is_(None),
    postgresql_where=flags.c.cleared_at.is_(None),
)

sa.Index(
    "ix_flags_open",
    flags.c.site_id,
    flags.c.id,
    sqlite_where=flags.c.cleared_at.is_(None),
    postgresql_where=flags.c.cleared_at.is_(None),
)

job_runs = sa.Table(
    "job_runs",
    metadata,
    sa.Column("job", sa.String(32), primary_key=True),
    sa.Column("slot", instant("slot").type, primary_key=True),
    instant("started_at"),
    instant("ended_at"),
    whole("changed"),
    text("message"),
    text("started_by", 64),
    info=APPEND_ONLY,
)
"""A slot that took effect; the key is what makes it once, however many schedulers run."""

job_failures = sa.Table(
    "job_failures",
    metadata,
    identity(),
    text("job", 32),
    sa.Column("slot", instant("slot").type, nullable=False),
    instant("started_at"),
    instant("ended_at"),
    text("message"),
    sa.Index("ix_job_failures_job_slot", "job", "slot"),
    info=APPEND_ONLY,
)
"""A try that left nothing behind; the slot may be tried again."""
