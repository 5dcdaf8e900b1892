"""Parts of one source in several containers: from where to where in the million each share lies.

A source is named once, by the item of its first share; every other share begins where one before
it ends. So shares never overlap and never come to more than the whole, and an item that took its
source whole, which ends nowhere, can have none beside it.
"""

import sqlalchemy as sa

from radiopharm.store.base import APPEND_ONLY, check, identity, metadata, reference, whole_numbers

waste_shares = sa.Table(
    "waste_shares",
    metadata,
    identity(),
    reference("item_id", "waste_items"),
    reference("first_id", "waste_items"),
    sa.Column("after_millionths", sa.Integer, nullable=True),
    sa.Column("upto_millionths", sa.Integer, nullable=False),
    sa.UniqueConstraint("item_id"),
    sa.UniqueConstraint("first_id", "after_millionths"),
    sa.UniqueConstraint("first_id", "upto_millionths"),
    sa.ForeignKeyConstraint(
        ["first_id", "after_millionths"],
        ["waste_shares.first_id", "waste_shares.upto_millionths"],
    ),
    sa.ForeignKeyConstraint(
        ["item_id", "upto_millionths"], ["waste_items.id", "waste_items.upto_millionths"]
    ),
    check("the_first_begins_at_nothing", "(item_id = first_id) = (after_millionths IS NULL)"),
    check("a_share_is_more_than_nothing", "upto_millionths > COALESCE(after_millionths, 0)"),
    whole_numbers("after_millionths", "upto_millionths"),
    info=APPEND_ONLY,
)
