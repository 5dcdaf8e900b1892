"""Every try to sign in or to sign, right or wrong: what slows a guesser and knows a device."""

from datetime import datetime

import sqlalchemy as sa

from radiopharm.store.tables.accounts import sign_ins


def add(
    db: sa.Connection,
    username: str,
    means: str,
    device_hash: str | None,
    *,
    succeeded: bool,
    at: datetime,
) -> None:
    """Write one try."""
    db.execute(
        sign_ins.insert().values(
            username=username[:64], means=means, device_hash=device_hash, succeeded=succeeded, at=at
        )
    )


def is_known_device(db: sa.Connection, username: str, device_hash: str) -> bool:
    """Whether this person has signed in on this device before."""
    columns = sign_ins.c
    return bool(
        db.scalar(
            sa.select(sa.literal(1)).where(
                columns.username == username,
                columns.device_hash == device_hash,
                columns.succeeded.is_(True),
            )
        )
    )


def failures(
    db: sa.Connection, username: str, means: str, device_hash: str | None
) -> tuple[int, datetime | None]:
    """Failed tries since the last success: how many, and when the newest was.

    With a device, those of that device; without, those of all devices together.
    """
    columns = sign_ins.c
    mine = [columns.username == username, columns.means == means]
    if device_hash is not None:
        mine.append(columns.device_hash == device_hash)
    last_success = (
        sa.select(sa.func.max(columns.id)).where(*mine, columns.succeeded.is_(True))
    ).scalar_subquery()
    row = db.execute(
        sa.select(sa.func.count(columns.id), sa.func.max(columns.at)).where(
            *mine, columns.succeeded.is_(False), columns.id > sa.func.coalesce(last_success, 0)
        )
    ).one()
    return int(row[0]), row[1]


def wrong_pins(db: sa.Connection, username: str) -> int:
    """Wrong PINs since this person last gave a right secret of any kind."""
    columns = sign_ins.c
    last_right = (
        sa.select(sa.func.max(columns.id)).where(
            columns.username == username, columns.succeeded.is_(True)
        )
    ).scalar_subquery()
    return int(
        db.scalar(
            sa.select(sa.func.count(columns.id)).where(
                columns.username == username,
                columns.means == "pin",
                columns.succeeded.is_(False),
                columns.id > sa.func.coalesce(last_right, 0),
            )
        )
        or 0
    )
