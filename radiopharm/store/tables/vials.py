"""Vials, what they hold, and the ledger of every becquerel that came or went."""

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

KINDS = (
    "received",
    "drawn",
    "discarded",
    "diluted",
    "transferred",
    "returned",
    "assayed",
    "reversed",
)
EVENTS = ("accepted", "quarantined", "released", "opened", "thawed", "moved", "allocated")

vials = sa.Table(
    "vials",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("product", 64),
    text("nuclide", 16),
    text("lot", 64),
    instant("reference_at"),
    text("reference_zone", 64),
    sa.Column("half_life_s", sa.Double, nullable=False),
    text("half_life_text", 64),
    text("half_life_source"),
    text("data_set", 64),
    instant("expires_at"),
    instant("received_at"),
    reference("received_by", "users"),
    instant("recorded_at"),
    text("activity_text", 64),
    text("volume_text", 64),
    reference("parent_id", "vials", null=True),
    check("half_life_is_positive", "half_life_s > 0 AND half_life_s < 1e20"),
    check(
        "expiry_follows_reference_or_receipt",
        "expires_at > reference_at OR expires_at > received_at",
    ),
    sa.Index("ix_vials_site_id_nuclide_id", "site_id", "nuclide", "id"),
    sa.Index("ix_vials_expires_at", "expires_at"),
    info=APPEND_ONLY,
)

vial_compositions = sa.Table(
    "vial_compositions",
    metadata,
    identity(),
    reference("vial_id", "vials"),
    sa.Column("version", sa.Integer, nullable=False),
    text("nuclide", 16),
    text("ratio", 40),
    text("stated_ratio", 40),
    instant("stated_at"),
    sa.Column("half_life_s", sa.Double, nullable=False),
    text("half_life_text", 64),
    text("source"),
    text("reason"),
    instant("recorded_at"),
    reference("recorded_by", "users"),
    sa.UniqueConstraint("vial_id", "version", "nuclide"),
    check("first_version_or_reason", "version = 1 OR reason <> ''"),
    info=APPEND_ONLY,
)

vial_events = sa.Table(
    "vial_events",
    metadata,
    identity(),
    reference("vial_id", "vials", index=True),
    text("kind", 16),
    instant("occurred_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("reason"),
    text("place", null=True),
    reference("directive_id", "directives", null=True),
    instant("use_by_at", null=True),
    check("kind_is_known", f"kind IN {EVENTS!r}"),
    check("quarantine_has_a_reason", "kind NOT IN ('quarantined', 'released') OR reason <> ''"),
    check("a_move_names_the_place", "(kind = 'moved') = (place IS NOT NULL)"),
    check("an_allocation_names_the_directive", "(kind = 'allocated') OR (directive_id IS NULL)"),
    check(
        "only_opening_and_thawing_set_a_use_by",
        "use_by_at IS NULL OR (kind IN ('opened', 'thawed') AND use_by_at > occurred_at)",
    ),
    sa.Index("ix_vial_events_recorded_at", "recorded_at"),
    sa.Index("ix_vial_events_use_by_at", "use_by_at"),
    info=APPEND_ONLY,
)
sa.Index(
    "uq_vial_events_once",
    vial_events.c.vial_id,
    vial_events.c.kind,
    unique=True,
    sqlite_where=vial_events.c.kind.in_(("accepted", "opened", "thawed")),
    postgresql_where=vial_events.c.kind.in_(("accepted", "opened", "thawed")),
)

ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    identity(),
    reference("vial_id", "vials"),
    sa.Column("sequence", sa.Integer, nullable=False),
    text("kind", 16),
    instant("occurred_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    reference("second_id", "users", null=True),
    text("reason"),
    whole("volume_ul"),
    whole("reference_bq"),
    whole("volume_after_ul"),
    whole("reference_after_bq"),
    sa.Column("reverses_sequence", sa.Integer, nullable=True),
    sa.UniqueConstraint("vial_id", "sequence"),
    sa.UniqueConstraint("vial_id", "reverses_sequence"),
    sa.ForeignKeyConstraint(
        ["vial_id", "reverses_sequence"], ["ledger_entries.vial_id", "ledger_entries.sequence"]
    ),
    check("kind_is_known", f"kind IN {KINDS!r}"),
    check("sequence_starts_at_one", "sequence >= 1"),
    check("received_comes_first_and_once", "(sequence = 1) = (kind = 'received')"),
    check("volume_never_negative", "volume_after_ul BETWEEN 0 AND 1000000000"),
    check("activity_never_negative", "reference_after_bq BETWEEN 0 AND 9000000000000000000"),
    check("an_empty_vial_holds_no_activity", "volume_after_ul > 0 OR reference_after_bq = 0"),
    check("received_adds", "kind <> 'received' OR (volume_ul > 0 AND reference_bq > 0)"),
    check(
        "taking_removes",
        "kind NOT IN ('drawn', 'discarded', 'transferred')"
        " OR (volume_ul < 0 AND reference_bq <= 0)",
    ),
    check("dilution_adds_volume_only", "kind <> 'diluted' OR (volume_ul > 0 AND reference_bq = 0)"),
    check("returning_adds", "kind <> 'returned' OR (volume_ul > 0 AND reference_bq >= 0)"),
    check(
        "exceptions_have_reasons", "kind NOT IN ('assayed', 'reversed', 'returned') OR reason <> ''"
    ),
    check("a_reversal_names_its_entry", "(kind = 'reversed') = (reverses_sequence IS NOT NULL)"),
    check("two_people_are_two_people", "second_id IS NULL OR second_id <> actor_id"),
    whole_numbers("sequence", "volume_ul", "reference_bq", "volume_after_ul", "reference_after_bq"),
    sa.Index("ix_ledger_entries_recorded_at", "recorded_at"),
    info=APPEND_ONLY,
)

assays = sa.Table(
    "assays",
    metadata,
    identity(),
    reference("vial_id", "vials", index=True),
    whole("measured_bq"),
    text("measured_text", 64),
    instant("measured_at"),
    reference("instrument_id", "instruments"),
    sa.Column("expected_bq", sa.Double, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=True),
    text("not_posted_because"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.ForeignKeyConstraint(
        ["vial_id", "sequence"], ["ledger_entries.vial_id", "ledger_entries.sequence"]
    ),
    check("posted_or_says_why_not", "(sequence IS NULL) = (not_posted_because <> '')"),
    check("a_reading_is_not_negative", "measured_bq BETWEEN 0 AND 1000000000000000"),
    whole_numbers("measured_bq"),
    info=APPEND_ONLY,
)
