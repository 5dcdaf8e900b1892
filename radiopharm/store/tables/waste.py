"""Waste: what went into which container, what was measured on it, and how it left."""

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

waste_containers = sa.Table(
    "waste_containers",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("kind", 16),
    text("nuclide", 16),
    text("place"),
    text("description"),
    instant("opened_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("number", 64, null=True),
    check("kind_is_known", "kind IN ('bag', 'sharps', 'article')"),
    info=APPEND_ONLY,
)
sa.Index(
    "uq_waste_containers_site_id_number",
    waste_containers.c.site_id,
    waste_containers.c.number,
    unique=True,
)

waste_events = sa.Table(
    "waste_events",
    metadata,
    identity(),
    reference("container_id", "waste_containers", index=True),
    text("kind", 24),
    instant("at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("reason"),
    text("place", null=True),
    sa.Column("mass_g", sa.Integer, nullable=True),
    sa.Column("volume_ml", sa.Integer, nullable=True),
    text("recipient", null=True),
    text("licence", null=True),
    check(
        "kind_is_known",
        "kind IN ('sealed', 'moved', 'transferred', 'returned_to_supplier', 'reopened')",
    ),
    check(
        "a_transfer_names_a_licensed_recipient",
        "kind <> 'transferred' OR (recipient <> '' AND licence <> '')",
    ),
    check("a_return_names_the_supplier", "kind <> 'returned_to_supplier' OR recipient <> ''"),
    info=APPEND_ONLY,
)
_ONCE = waste_events.c.kind.in_(["transferred", "returned_to_supplier"])
sa.Index(
    "uq_waste_events_once",
    waste_events.c.container_id,
    waste_events.c.kind,
    unique=True,
    sqlite_where=_ONCE,
    postgresql_where=_ONCE,
)

waste_items = sa.Table(
    "waste_items",
    metadata,
    identity(),
    reference("container_id", "waste_containers", index=True),
    text("source", 16),
    reference("vial_id", "vials", null=True),
    sa.Column("sequence", sa.Integer, nullable=True),
    reference("dispensing_id", "dispensings", null=True),
    reference("residue_id", "residues", null=True),
    text("description"),
    instant("put_in_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("vial_id", "sequence"),
    sa.UniqueConstraint("dispensing_id"),
    sa.UniqueConstraint("residue_id"),
    sa.ForeignKeyConstraint(
        ["vial_id", "sequence"], ["ledger_entries.vial_id", "ledger_entries.sequence"]
    ),
    sa.Column("articles", sa.Integer, nullable=True),
    sa.Column("upto_millionths", sa.Integer, nullable=True),
    check("source_is_known", "source IN ('vial', 'dose', 'residue', 'other', 'surface', 'part')"),
    check("articles_are_counted_from_one", "articles >= 1"),
    check("a_part_ends_within_the_whole", "upto_millionths BETWEEN 1 AND 1000000"),
    check(
        "an_item_names_its_source",
        "(source = 'vial') = (vial_id IS NOT NULL AND sequence IS NOT NULL)"
        " AND (source = 'dose') = (dispensing_id IS NOT NULL)"
        " AND (source = 'residue') = (residue_id IS NOT NULL)",
    ),
    info=APPEND_ONLY,
)

sa.Index(
    "uq_waste_items_id_upto_millionths",
    waste_items.c.id,
    waste_items.c.upto_millionths,
    unique=True,
)

waste_item_contents = sa.Table(
    "waste_item_contents",
    metadata,
    identity(),
    reference("item_id", "waste_items"),
    text("nuclide", 16),
    whole("activity_bq"),
    sa.Column("half_life_s", sa.Double, nullable=False),
    text("half_life_text", 64),
    text("half_life_source"),
    text("data_set", 64),
    sa.UniqueConstraint("item_id", "nuclide"),
    check("activity_is_not_negative", "activity_bq BETWEEN 0 AND 1000000000000000"),
    whole_numbers("activity_bq"),
    info=APPEND_ONLY,
)

waste_measurements = sa.Table(
    "waste_measurements",
    metadata,
    identity(),
    reference("container_id", "waste_containers", index=True),
    text("background", 40),
    text("reading", 40),
    text("unit", 16),
    sa.Column(
        "unshielded",
        sa.Boolean(create_constraint=True, name="unshielded_is_boolean"),
        nullable=False,
    ),
    sa.Column(
        "most_sensitive_scale",
        sa.Boolean(create_constraint=True, name="most_sensitive_scale_is_boolean"),
        nullable=False,
    ),
    reference("instrument_id", "instruments"),
    instant("measured_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("place", null=True),
    info=APPEND_ONLY,
)

waste_releases = sa.Table(
    "waste_releases",
    metadata,
    identity(),
    reference("container_id", "waste_containers"),
    text("pack", 64),
    text("pack_edition", 64),
    sa.Column("legs", sa.Text, nullable=False),
    text("destination"),
    reference("measurement_id", "waste_measurements", null=True),
    reference("signature_id", "signatures"),
    instant("at"),
    reference("actor_id", "users"),
    text("route", null=True),
    text("consignment", null=True),
    text("biohazard", 16, null=True),
    sa.UniqueConstraint("container_id"),
    sa.UniqueConstraint("signature_id"),
    check("biohazard_is_known", "biohazard IN ('none', 'treated')"),
    info=APPEND_ONLY,
)
sa.Index(
    "uq_waste_releases_id_signature_id",
    waste_releases.c.id,
    waste_releases.c.signature_id,
    unique=True,
)

rule_pack_choices = sa.Table(
    "rule_pack_choices",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("pack", 64),
    instant("from_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("reason"),
    reference("signature_id", "signatures"),
    sa.Column("signers", sa.Integer, nullable=True),
    sa.UniqueConstraint("signature_id"),
    check("one_or_two_sign", "signers IN (1, 2)"),
    info=APPEND_ONLY,
)

licence_conditions = sa.Table(
    "licence_conditions",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("number", 64),
    text("nuclides"),
    text("wording", 1000),
    text("hold", 40),
    text("hold_unit", 16),
    instant("from_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check(
        "a_condition_is_complete",
        "number <> '' AND nuclides <> '' AND wording <> ''",
    ),
    check("hold_unit_is_known", "hold_unit IN ('half-lives', 'd')"),
    info=APPEND_ONLY,
)

limits = sa.Table(
    "limits",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("nuclide", 16),
    whole("limit_bq"),
    text("source"),
    instant("from_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    text("per", 8, null=True),
    check("a_limit_is_positive", "limit_bq > 0"),
    check("per_is_known", "per = 'day'"),
    info=APPEND_ONLY,
)
