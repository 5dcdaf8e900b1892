"""What was divided among containers: its shares in, and where all of it lies out.

Of a source in several containers one item, the first share's, names the source for all of them.
"""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from radiopharm.core.splitting import WHOLE, Share, ends, percent
from radiopharm.store.tables.shares import waste_shares
from radiopharm.store.tables.waste import waste_items


def add(db: sa.Connection, items: Sequence[int], shares: Sequence[Share]) -> None:
    """Write which share each of *items* is; the first of them names the source."""
    rows = [
        {
            "item_id": item_id,
            "first_id": items[0],
            "after_millionths": after,
            "upto_millionths": upto,
        }
        for item_id, (after, upto) in zip(items, ends(shares), strict=True)
    ]
    for row in rows:  # one after the other: each begins where one that is there ends
        db.execute(waste_shares.insert().values(**row))


def places(db: sa.Connection, items: Sequence[int]) -> dict[int, tuple[Share, ...]]:
    """Where everything lies whose source *items* name; what went in whole is one share of 100 %."""
    named, part = waste_items.alias("named"), waste_items.alias("part")
    share = waste_shares.c
    rows = db.execute(
        sa.select(named.c.id, part.c.container_id, share.after_millionths, share.upto_millionths)
        .outerjoin(waste_shares, share.first_id == named.c.id)
        .join(part, part.c.id == sa.func.coalesce(share.item_id, named.c.id))
        .where(named.c.id.in_(items))
        .order_by(named.c.id, share.upto_millionths)
    )
    found: dict[int, tuple[Share, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.id] += (_share(row.container_id, row.after_millionths, row.upto_millionths),)
    return found


def width(after: int | None, upto: int | None) -> int:
    """The millionths between; of what is no share, the whole."""
    return WHOLE if upto is None else upto - (after or 0)


def _share(container_id: int, after: int | None, upto: int | None) -> Share:
    return Share(container_id=container_id, percent=percent(width(after, upto)))
