"""Every single change to the kept trail is noticed, and the first record it spoils is named.

The tables are first rebuilt without triggers, keys and checks, as an owner of the file could; then
each mutant is made, walked and rolled back.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.core import audit as chain
from radiopharm.core.audit import Head
from radiopharm.core.audit_check import Fault
from radiopharm.runtime import Runtime
from radiopharm.services import audits
from radiopharm.store import audit_trail
from radiopharm.store.audit_trail import Stretch
from tests.meddling import as_owner
from tests.services.test_audits import history

STREAM = "site:1"
TEXTS = ("actor", "action", "canonical", "previous", "hash")
Statement = tuple[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """What somebody did to the tables, and the records that may be named for it."""

    name: str
    statements: list[Statement]
    named: set[int] = field(default_factory=set)


@pytest.fixture
def trail(runtime: Runtime) -> Iterator[sa.Connection]:
    """An honest history whose tables refuse nothing any more, in a transaction left open."""
    history(runtime, 11, 24)
    with runtime.engine.connect().execution_options(writing=True) as db, db.begin() as whole:
        as_owner(db)
        for table in ("audit_subjects", "audit_events", "audit_heads"):
            db.exec_driver_sql(f"CREATE TABLE bare AS SELECT * FROM {table}")
            db.exec_driver_sql(f"DROP TABLE {table}")
            db.exec_driver_sql(f"ALTER TABLE bare RENAME TO {table}")
        yield db
        whole.rollback()


def test_every_mutant_is_noticed_and_its_first_record_named(
    trail: sa.Connection, runtime: Runtime
) -> None:
    mutants = list(every_mutant(trail))
    assert len(mutants) > 250
    assert first_bad(trail, runtime, []) is None

    escaped = [
        (mutant.name, found)
        for mutant in mutants
        if (found := first_bad(trail, runtime, mutant.statements)) is None
        or found.number not in mutant.named
    ]

    assert escaped == []


def test_a_cut_tail_with_its_own_old_head_shows_against_a_witness(
    trail: sa.Connection, runtime: Runtime
) -> None:
    end = audit_trail.head(trail, STREAM)
    old = head_at(trail, end.number - 2)
    cut: list[Statement] = [
        ("DELETE FROM audit_events WHERE stream = :s AND number > :n", at(old.number)),
        ("DELETE FROM audit_subjects WHERE stream = :s AND number > :n", at(old.number)),
        set_head(old, chain.head_mac(runtime.settings.audit_key, old)),
    ]

    assert first_bad(trail, runtime, cut) is None
    found = first_bad(trail, runtime, cut, {STREAM: {end.number: end.hash}})

    assert found is not None
    assert (found.kind, found.number) == ("cut", old.number + 1)


def test_with_the_key_stolen_a_rewritten_event_still_shows_against_a_witness(
    trail: sa.Connection, runtime: Runtime
) -> None:
    end = audit_trail.head(trail, STREAM)
    rewritten = rehash(trail, 3, runtime.settings.audit_key)

    found = first_bad(trail, runtime, rewritten, {STREAM: {end.number: end.hash}})

    assert found is not None
    assert found.kind == "rewritten"


def first_bad(
    db: sa.Connection,
    runtime: Runtime,
    statements: list[Statement],
    witnessed: audits.Witnessed | None = None,
) -> Fault | None:
    with db.begin_nested() as mutation:
        for text, values in statements:
            db.execute(sa.text(text), values)
        found = audits.verify(db, runtime.settings.audit_key, witnessed=witnessed)
        mutation.rollback()
    return found.first_bad


def every_mutant(db: sa.Connection) -> Iterator[Mutant]:
    last = audit_trail.head(db, STREAM).number
    for number in range(1, last + 1):
        yield from edited(db, number)
        yield from removed_or_added(number, last)
        yield Mutant(
            name=f"rewrite {number} and rehash without the key",
            statements=rehash(db, number, b"guessed"),
            named={last},
        )
    for number in range(1, last):
        yield Mutant(
            name=f"swap {number}",
            statements=swapped(number),
            named={number},
        )
        yield Mutant(
            name=f"roll the head back to {number}",
            statements=[set_head(head_at(db, number), "0" * 64)],
            named={number + 1},
        )
    yield from of_subjects(db)
    yield from of_heads(last)


def edited(db: sa.Connection, number: int) -> Iterator[Mutant]:
    row = db.execute(
        sa.text("SELECT * FROM audit_events WHERE stream = :s AND number = :n"), at(number)
    ).one()
    for column in TEXTS:
        for text in (flipped(getattr(row, column), number), getattr(row, column)[:-1], ""):
            yield edit(column, number, ":value", {"value": text})
    yield edit("stream", number, "'site:1x'")
    yield edit("number", number, "number + 1", named={number})
    yield edit("number", number, "number - 1", named={number - 1, number} - {0} | {1})
    yield edit("number", number, "-number", named={1})
    microsecond = "at + 1" if db.dialect.name == "sqlite" else "at + interval '1 microsecond'"
    yield edit("at", number, microsecond)
    if db.dialect.name == "sqlite":
        yield edit("at", number, "'yesterday'")
        yield edit("number", number, "'many'")
        yield edit("actor", number, "CAST(x'ff' AS TEXT)")


def edit(
    column: str,
    number: int,
    value: str,
    values: dict[str, Any] | None = None,
    named: set[int] | None = None,
) -> Mutant:
    text = f"UPDATE audit_events SET {column} = {value} WHERE stream = :s AND number = :n"
    return Mutant(
        name=f"{column} of {number} becomes {value} {values}",
        statements=[(text, {**at(number), **(values or {})})],
        named=named or {number},
    )


def removed_or_added(number: int, last: int) -> Iterator[Mutant]:
    where = "WHERE stream = :s AND number = :n"
    copy = "INSERT INTO audit_events SELECT * FROM audit_events"
    yield Mutant(
        name=f"delete {number}",
        statements=[(f"DELETE FROM audit_events {where}", at(number))],
        named={number},
    )
    yield Mutant(
        name=f"duplicate {number}",
        statements=[(f"{copy} {where}", at(number))],
        named={number, number + 1},
    )
    cut = [
        (f"DELETE FROM {table} WHERE stream = :s AND number >= :n", at(number))
        for table in ("audit_events", "audit_subjects")
    ]
    yield Mutant(name=f"cut from {number}", statements=cut, named={number})


def swapped(number: int) -> list[Statement]:
    move = "UPDATE audit_events SET number = :to WHERE stream = :s AND number = :n"
    steps = ((number, 0), (number + 1, number), (0, number + 1))
    return [(move, {**at(source), "to": to}) for source, to in steps]


def of_subjects(db: sa.Connection) -> Iterator[Mutant]:
    rows = list(audit_trail.subjects(db, Stretch(STREAM)))
    here = "WHERE stream = :s AND number = :n AND subject = :subject"
    for number, subject in rows:
        values = {**at(number), "subject": subject}
        changes = {
            "delete": f"DELETE FROM audit_subjects {here}",
            "rename": f"UPDATE audit_subjects SET subject = 'vial:99' {here}",
            "move": f"UPDATE audit_subjects SET number = 999 {here}",
            "restream": f"UPDATE audit_subjects SET stream = 'site:1x' {here}",
            "double": f"INSERT INTO audit_subjects SELECT * FROM audit_subjects {here}",
        }
        for name, text in changes.items():
            yield Mutant(name=f"{name} {subject}", statements=[(text, values)], named={number})
    for number in (1, 999):
        text = "INSERT INTO audit_subjects (subject, stream, number) VALUES ('dose:1', :s, :n)"
        last = audit_trail.head(db, STREAM).number
        yield Mutant(
            name=f"subject of {number}",
            statements=[(text, at(number))],
            named={min(number, last + 1)},
        )


def of_heads(last: int) -> Iterator[Mutant]:
    change = "UPDATE audit_heads SET {} WHERE stream = :s"
    for column, value, named in (
        ("number", "number + 1", last + 1),
        ("number", "number - 1", last),
        ("hash", f"'{'a' * 64}'", last),
        ("mac", f"'{'a' * 64}'", last),
        ("mac", "''", last),
        ("stream", "'site:1x'", last),
    ):
        text = change.format(f"{column} = {value}")
        yield Mutant(name=f"head {column}", statements=[(text, {"s": STREAM})], named={named})
    for name, text in (
        ("no head", "DELETE FROM audit_heads WHERE stream = :s"),
        ("two heads", "INSERT INTO audit_heads SELECT * FROM audit_heads WHERE stream = :s"),
    ):
        yield Mutant(name=name, statements=[(text, {"s": STREAM})], named={last})


def rehash(db: sa.Connection, number: int, key: bytes) -> list[Statement]:
    """Change one event's reason and compute everything after it again."""
    events = list(audit_trail.events(db, Stretch(STREAM)))
    end, statements = head_at(db, number - 1), []
    for kept in events[number - 1 :]:
        text = kept.event.canonical
        if kept.event.number == number:
            text = text.replace('"reason":"', '"reason":"not ')
        event = chain.link(end, text)
        statements.append(
            (
                "UPDATE audit_events SET canonical = :c, previous = :p, hash = :h "
                "WHERE stream = :s AND number = :n",
                {"c": text, "p": event.previous, "h": event.hash, **at(event.number)},
            )
        )
        end = Head(stream=STREAM, number=event.number, hash=event.hash)
    return [*statements, set_head(end, chain.head_mac(key, end))]


def head_at(db: sa.Connection, number: int) -> Head:
    if number == 0:
        return Head(stream=STREAM)
    events = list(audit_trail.events(db, Stretch(STREAM)))
    return Head(stream=STREAM, number=number, hash=events[number - 1].event.hash)


def set_head(head: Head, mac: str) -> Statement:
    text = "UPDATE audit_heads SET number = :n, hash = :h, mac = :m WHERE stream = :s"
    return text, {**at(head.number), "h": head.hash, "m": mac}


def at(number: int) -> dict[str, Any]:
    return {"s": STREAM, "n": number}


def flipped(text: str, seed: int) -> str:
    """One character of *text* replaced by another."""
    place = random.Random(seed).randrange(len(text))
    other = "b" if text[place] == "a" else "a"
    return text[:place] + other + text[place + 1 :]
