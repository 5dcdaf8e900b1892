"""Delay tanks, what went to the drain, and the figures a site enters to judge it."""

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


def _reading() -> tuple[sa.schema.SchemaItem, ...]:
    """A reading of a tank's volume: how much, with what, when and by whom."""
    return (
        whole("volume_l"),
        text("instrument"),
        instant("at"),
        instant("recorded_at"),
        reference("actor_id", "users"),
        check("a_volume_is_not_negative", "volume_l >= 0"),
        check("a_reading_names_its_instrument", "instrument <> ''"),
        whole_numbers("volume_l"),
    )


discharge_figures = sa.Table(
    "discharge_figures",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("kind", 16),
    text("subject", 64),
    text("value"),
    text("source"),
    instant("from_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check("kind_is_known", "kind IN ('sewage', 'excretion')"),
    check("a_figure_has_its_source", "value <> '' AND source <> ''"),
    check("the_sewage_is_the_whole_sites", "(kind = 'sewage') = (subject = '')"),
    info=APPEND_ONLY,
)

tanks = sa.Table(
    "tanks",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("number", 32),
    whole("capacity_l"),
    text("rooms"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("site_id", "number"),
    check("a_tank_holds_something", "capacity_l > 0 AND number <> ''"),
    whole_numbers("capacity_l"),
    info=APPEND_ONLY,
)

tank_fillings = sa.Table(
    "tank_fillings",
    metadata,
    identity(),
    reference("tank_id", "tanks", index=True),
    instant("opened_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    info=APPEND_ONLY,
)

tank_levels = sa.Table(
    "tank_levels",
    metadata,
    identity(),
    reference("filling_id", "tank_fillings", index=True),
    *_reading(),
    info=APPEND_ONLY,
)

tank_closings = sa.Table(
    "tank_closings",
    metadata,
    identity(),
    reference("filling_id", "tank_fillings"),
    *_reading(),
    sa.UniqueConstraint("filling_id"),
    info=APPEND_ONLY,
)
"""The reading with which the inlet was shut first; there is one at most."""

tank_reclosings = sa.Table(
    "tank_reclosings",
    metadata,
    identity(),
    reference("filling_id", "tank_fillings", index=True),
    whole("number"),
    *_reading(),
    sa.UniqueConstraint("filling_id", "number"),
    check("numbers_begin_at_two", "number >= 2"),
    info=APPEND_ONLY,
)
"""The reading with which it was shut anew, once the one before was voided: second, third …"""

tank_level_voids = sa.Table(
    "tank_level_voids",
    metadata,
    identity(),
    reference("level_id", "tank_levels", null=True),
    reference("closing_id", "tank_closings", null=True),
    reference("reclosing_id", "tank_reclosings", null=True),
    text("reason"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("level_id"),
    sa.UniqueConstraint("closing_id"),
    sa.UniqueConstraint("reclosing_id"),
    check("a_void_has_a_reason", "reason <> ''"),
    check(
        "a_void_is_of_one_reading",
        "(CASE WHEN level_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN closing_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN reclosing_id IS NULL THEN 0 ELSE 1 END) = 1",
    ),
    info=APPEND_ONLY,
)

tank_stays = sa.Table(
    "tank_stays",
    metadata,
    identity(),
    reference("filling_id", "tank_fillings"),
    reference("dispensing_id", "dispensings"),
    text("room", 64),
    instant("from_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("filling_id", "dispensing_id"),
    check("a_stay_names_its_room", "room <> ''"),
    info=APPEND_ONLY,
)

tank_samples = sa.Table(
    "tank_samples",
    metadata,
    identity(),
    reference("filling_id", "tank_fillings", index=True),
    text("nuclide", 16),
    whole("bq_per_l"),
    text("text", 64),
    text("instrument"),
    instant("sampled_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    check("a_concentration_is_not_negative", "bq_per_l >= 0"),
    check("a_reading_names_its_instrument", "instrument <> ''"),
    whole_numbers("bq_per_l"),
    info=APPEND_ONLY,
)

discharges = sa.Table(
    "discharges",
    metadata,
    identity(),
    reference("site_id", "sites", index=True),
    reference("filling_id", "tank_fillings", null=True),
    reference("vial_id", "vials", null=True),
    sa.Column("sequence", sa.Integer, nullable=True),
    text("description"),
    text("route"),
    text("permission"),
    whole("volume_ml", null=True),
    text("pack", 64),
    text("pack_edition", 64),
    sa.Column("legs", sa.Text, nullable=False),
    reference("signature_id", "signatures"),
    instant("at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("filling_id"),
    sa.UniqueConstraint("vial_id", "sequence"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["vial_id", "sequence"], ["ledger_entries.vial_id", "ledger_entries.sequence"]
    ),
    check("a_discharge_says_how_and_by_what_right", "route <> '' AND permission <> ''"),
    check("an_entry_is_whole", "(vial_id IS NULL) = (sequence IS NULL)"),
    check("it_came_from_one_place", "filling_id IS NULL OR vial_id IS NULL"),
    whole_numbers("volume_ml"),
    info=APPEND_ONLY,
)

discharge_contents = sa.Table(
    "discharge_contents",
    metadata,
    identity(),
    reference("discharge_id", "discharges"),
    text("nuclide", 16),
    whole("activity_bq"),
    sa.UniqueConstraint("discharge_id", "nuclide"),
    check("activity_is_not_negative", "activity_bq >= 0"),
    whole_numbers("activity_bq"),
    info=APPEND_ONLY,
)
