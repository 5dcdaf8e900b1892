"""Seals of the audit's streams, and where each was kept outside the database."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from radiopharm.core.seals import Seal
from radiopharm.store.tables.audit import (
    audit_anchors,
    audit_events,
    audit_heads,
    audit_seals,
)

LAZY = {"yield_per": 100}


class Kept(NamedTuple):
    """The newest seal of a stream that lies in a place, and since when."""

    number: int
    kept_at: datetime


def newest(db: sa.Connection) -> dict[str, Seal]:
    """The last seal of each stream."""
    seals, heads = audit_seals.c, audit_heads.c
    number = sa.select(sa.func.max(seals.number)).where(seals.stream == heads.stream)
    last = sa.select(heads.stream, number.scalar_subquery())  # a look at the index for each
    query = sa.select(audit_seals).where(sa.tuple_(seals.stream, seals.number).in_(last))
    return {row.stream: _seal(row) for row in db.execute(query)}


def every(db: sa.Connection, stream: str | None = None) -> Iterator[Seal]:
    """All seals, or those of one *stream*, in order of number."""
    query = sa.select(audit_seals).order_by(audit_seals.c.stream, audit_seals.c.number)
    if stream is not None:
        query = query.where(audit_seals.c.stream == stream)
    return (_seal(row) for row in db.execute(query))


def latest(db: sa.Connection, stream: str) -> Iterator[Seal]:
    """The seals of *stream*, the newest first, read as they are asked for."""
    query = sa.select(audit_seals).where(audit_seals.c.stream == stream)
    with db.execute(query.order_by(audit_seals.c.number.desc()), execution_options=LAZY) as rows:
        for row in rows:
            yield _seal(row)


def hashes(db: sa.Connection) -> Iterator[tuple[str, int, str]]:
    """What every seal says of the chain: stream, number, hash."""
    seals = audit_seals.c
    rows = db.execute(sa.select(seals.stream, seals.number, seals.hash))
    return ((row.stream, row.number, row.hash) for row in rows)


def signatures(db: sa.Connection) -> set[str]:
    """The signature of every seal."""
    return set(db.scalars(sa.select(audit_seals.c.signature)))


def late(db: sa.Connection, retired: Mapping[str, datetime]) -> set[tuple[str, int]]:
    """The seals by a retired key of events recorded after its end, whenever they say it was made.

    Stream and number of each: whoever stole such a key can write any instant into a seal.
    """
    seals, events = audit_seals.c, audit_events.c
    same = sa.and_(events.stream == seals.stream, events.number == seals.number)
    query = sa.select(seals.stream, seals.number).join(audit_events, same)
    return {
        (row.stream, row.number)
        for key, until in retired.items()
        for row in db.execute(query.where(seals.key == key, events.at > until))
    }


def add(db: sa.Connection, seal: Seal) -> None:
    """Keep a seal."""
    db.execute(
        audit_seals.insert().values(
            stream=seal.stream,
            number=seal.number,
            hash=seal.hash,
            sealed_at=seal.sealed_at,
            key=seal.key,
            signature=seal.signature,
        )
    )


def note_kept(db: sa.Connection, seal: Seal, place: str, at: datetime) -> None:
    """Note that *seal* now lies in *place*."""
    db.execute(
        audit_anchors.insert().values(
            stream=seal.stream, number=seal.number, place=place, kept_at=at
        )
    )


def last_kept(db: sa.Connection, place: str) -> dict[str, Kept]:
    """For each stream, the newest of its seals that was kept in *place*, and when."""
    anchors, heads = audit_anchors.c, audit_heads.c
    number = sa.select(sa.func.max(anchors.number)).where(
        anchors.place == place, anchors.stream == heads.stream
    )
    last = sa.select(heads.stream, number.scalar_subquery())
    query = sa.select(audit_anchors).where(
        anchors.place == place, sa.tuple_(anchors.stream, anchors.number).in_(last)
    )
    return {row.stream: Kept(row.number, row.kept_at) for row in db.execute(query)}


def last_anchored(db: sa.Connection, stream: str) -> list[sa.Row[Any]]:
    """The newest seal of *stream* that lies outside the database: each place, and since when."""
    anchors = audit_anchors.c
    newest = sa.select(sa.func.max(anchors.number)).where(anchors.stream == stream)
    query = sa.select(anchors.number, anchors.place, anchors.kept_at).where(
        anchors.stream == stream, anchors.number == newest.scalar_subquery()
    )
    return list(db.execute(query.order_by(anchors.place)))


def _seal(row: sa.Row[tuple[object, ...]]) -> Seal:
    return Seal(**row._mapping)
