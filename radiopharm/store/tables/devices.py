"""What meters say themselves: their lines, every reading taken, and what each was used for."""

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

meter_lines = sa.Table(
    "meter_lines",
    metadata,
    identity(),
    reference("instrument_id", "instruments", index=True),
    text("dialect", 32, null=True),
    text("port", null=True),
    sa.Column("baud", sa.Integer, nullable=True),
    text("decimal_sign", 1, null=True),
    instant("set_at"),
    reference("actor_id", "users"),
    check(
        "a_line_is_whole_or_taken_off",
        "(dialect IS NULL) = (port IS NULL) AND (port IS NULL) = (baud IS NULL) "
        "AND (baud IS NULL) = (decimal_sign IS NULL)",
    ),
    info=APPEND_ONLY,
)
"""How an instrument is connected from an instant on; the newest row stands."""

device_readings = sa.Table(
    "device_readings",
    metadata,
    identity(),
    reference("site_id", "sites"),
    reference("instrument_id", "instruments"),
    text("dialect", 32),
    text("raw", 400),
    whole("activity_bq"),
    text("activity_text", 64),
    text("setting", 16),
    text("nuclide", 16, null=True),
    instant("read_at"),
    reference("actor_id", "users"),
    check("a_reading_is_not_negative", "activity_bq BETWEEN 0 AND 1000000000000000"),
    check("the_raw_line_is_kept", "raw <> ''"),
    whole_numbers("activity_bq"),
    info=APPEND_ONLY,
)

dispensing_readings = sa.Table(
    "dispensing_readings",
    metadata,
    identity(),
    reference("dispensing_id", "dispensings"),
    reference("reading_id", "device_readings"),
    sa.UniqueConstraint("dispensing_id"),
    sa.UniqueConstraint("reading_id"),
    info=APPEND_ONLY,
)

assay_readings = sa.Table(
    "assay_readings",
    metadata,
    identity(),
    reference("assay_id", "assays"),
    reference("reading_id", "device_readings"),
    sa.UniqueConstraint("assay_id"),
    sa.UniqueConstraint("reading_id"),
    info=APPEND_ONLY,
)

residue_readings = sa.Table(
    "residue_readings",
    metadata,
    identity(),
    reference("residue_id", "residues"),
    reference("reading_id", "device_readings"),
    sa.UniqueConstraint("residue_id"),
    sa.UniqueConstraint("reading_id"),
    info=APPEND_ONLY,
)
"""A reading stands for one thing only; across these tables and checks the services see to it."""
