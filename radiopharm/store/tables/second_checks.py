"""The second person of a dose; the database itself knows that two signatures are two people's."""

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

second_checks = sa.Table(
    "second_checks",
    metadata,
    identity(),
    sa.Column("dispensing_id", sa.BigInteger, nullable=False),
    sa.Column("first_signature_id", sa.BigInteger, nullable=False),
    sa.Column("first_id", sa.BigInteger, nullable=False),
    sa.Column("signature_id", sa.BigInteger, nullable=False),
    sa.Column("person_id", sa.BigInteger, nullable=False),
    whole("measured_bq", null=True),
    text("measured_text", 64, null=True),
    instant("measured_at", null=True),
    reference("instrument_id", "instruments", null=True),
    text("difference", 40, null=True),
    instant("recorded_at"),
    sa.UniqueConstraint("dispensing_id"),
    sa.UniqueConstraint("signature_id"),
    sa.ForeignKeyConstraint(
        ["dispensing_id", "first_signature_id"], ["dispensings.id", "dispensings.signature_id"]
    ),
    sa.ForeignKeyConstraint(
        ["first_signature_id", "first_id"], ["signatures.id", "signatures.user_id"]
    ),
    sa.ForeignKeyConstraint(["signature_id", "person_id"], ["signatures.id", "signatures.user_id"]),
    check("two_people_are_two_people", "person_id <> first_id"),
    check(
        "a_reading_is_whole",
        "(measured_bq IS NULL) = (measured_at IS NULL) "
        "AND (measured_bq IS NULL) = (instrument_id IS NULL)",
    ),
    check("a_reading_is_not_negative", "measured_bq IS NULL OR measured_bq >= 0"),
    whole_numbers("measured_bq"),
    info=APPEND_ONLY,
)
