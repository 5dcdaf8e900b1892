"""Who signed a release beside the safety officer, what an old register says of earlier ones, and
the figures a site entered where a pack has none."""

import sqlalchemy as sa

from radiopharm.store.base import (
    APPEND_ONLY,
    check,
    identity,
    instant,
    metadata,
    reference,
    text,
)


def _beside_the_officer(person: str) -> list[sa.schema.SchemaItem]:
    """The columns that make two signatures two people's, also in the database."""
    columns = ("release_id", "officer_signature_id", "officer_id", "signature_id", person)
    return [
        identity(),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in columns),
        sa.UniqueConstraint("release_id"),
        sa.UniqueConstraint("signature_id"),
        sa.ForeignKeyConstraint(
            ["release_id", "officer_signature_id"],
            ["waste_releases.id", "waste_releases.signature_id"],
        ),
        sa.ForeignKeyConstraint(
            ["officer_signature_id", "officer_id"], ["signatures.id", "signatures.user_id"]
        ),
        sa.ForeignKeyConstraint(["signature_id", person], ["signatures.id", "signatures.user_id"]),
        check("two_people_are_two_people", f"{person} <> officer_id"),
    ]


releasers = sa.Table("releasers", metadata, *_beside_the_officer("releaser_id"), info=APPEND_ONLY)

derogations = sa.Table(
    "derogations",
    metadata,
    *_beside_the_officer("derogator_id"),
    text("reason"),
    sa.Column("failed", sa.Text, nullable=False),
    check("a_derogation_has_a_reason", "reason <> ''"),
    info=APPEND_ONLY,
)

site_figures = sa.Table(
    "site_figures",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("pack", 64),
    text("table_name", 64),
    text("nuclide", 16),
    text("value", 40),
    text("unit", 16),
    text("clause"),
    text("source"),
    text("reason"),
    instant("from_at"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    reference("signature_id", "signatures"),
    sa.UniqueConstraint("signature_id"),
    check(
        "a_figure_is_complete",
        "value <> '' AND unit <> '' AND clause <> '' AND source <> ''",
    ),
    info=APPEND_ONLY,
)

historic_releases = sa.Table(
    "historic_releases",
    metadata,
    identity(),
    reference("site_id", "sites"),
    text("book"),
    text("page", 40),
    text("number", 64),
    text("kind", null=True),
    text("contents", null=True),
    sa.Column("stored_on", sa.Date, nullable=True),
    sa.Column("released_on", sa.Date, nullable=True),
    text("background", null=True),
    text("reading", null=True),
    text("instrument", null=True),
    text("released_by", null=True),
    text("destination", null=True),
    text("reason"),
    instant("recorded_at"),
    reference("actor_id", "users"),
    sa.UniqueConstraint("site_id", "book", "page", "number"),
    check(
        "an_old_entry_says_where_it_stands",
        "book <> '' AND page <> '' AND number <> '' AND reason <> ''",
    ),
    info=APPEND_ONLY,
)
