"""Who has which vial open just now. Rows change, expire and go: no fact is in here."""

import sqlalchemy as sa

from radiopharm.store.base import check, instant, metadata

presences = sa.Table(
    "presences",
    metadata,
    sa.Column(
        "vial_id",
        sa.BigInteger,
        sa.ForeignKey("vials.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column(
        "user_id",
        sa.BigInteger,
        sa.ForeignKey("users.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
    ),
    instant("since"),
    instant("until"),
    check("ends_after_it_began", "until > since"),
)
