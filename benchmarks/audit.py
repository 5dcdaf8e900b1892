"""The audit at a million events: proved, whole and in part, and asked every question of its page.

    python -m benchmarks.audit [--size 1000000] [--engines sqlite,postgresql] [--gate]

The chain is generated as three years of a busy site would leave it: an event every ninety seconds
or so, every other one vouching for a row, a seal for every ten. `floor` hashes the same texts and
does nothing else. Each question is asked twice, at the newest page and deep down; the worse counts.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.stock import NOON
from radiopharm.core import audit as chain
from radiopharm.core.actions import Action
from radiopharm.core.audit import Head
from radiopharm.core.audit_views import ALL
from radiopharm.core.people import Site
from radiopharm.core.seals import Seal
from radiopharm.core.working_hours import read
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.services import audits, proof, sealing
from radiopharm.store import acts, audit_search, migrations
from radiopharm.store.audit_search import Filters
from radiopharm.store.tables.accounts import sign_ins
from radiopharm.store.tables.audit import audit_events, audit_heads, audit_seals, audit_subjects
from tests import hospital, postgres
from tests.meddling import as_owner

STREAM, SITE = "site:1", Site(id=1, name="Here", zone="Europe/Madrid")
EVERY, CHUNK, SEAL_EVERY = timedelta(seconds=94), 20_000, 10
RARE = (Action.DOSE_VOIDED, Action.CLOCK_STEPPED, Action.USER_DISABLED, Action.ROWS_ADOPTED)
MOST_VERIFY_S, MOST_QUESTION_S = 60, 2
Question = Callable[[sa.Connection], Filters]
Rows = dict[sa.Table, list[dict[str, Any]]]


def fill(runtime: Runtime, size: int) -> None:
    """So many events, with what belongs to them."""
    hospital.found(runtime.engine)
    draw, head = random.Random(1), Head(stream=STREAM)
    with acts.writing(runtime.engine) as db:
        for first in range(1, size + 1, CHUNK):
            numbers = range(first, min(first + CHUNK, size + 1))
            written = {table: [] for table in (sign_ins, audit_events, audit_subjects, audit_seals)}
            for number in numbers:
                head = _event(runtime, written, head, number, size, draw)
            for table, rows in written.items():
                _load(db, table, rows)
        mac = chain.head_mac(runtime.settings.audit_key, head)
        db.execute(
            audit_heads.insert().values(stream=STREAM, number=head.number, hash=head.hash, mac=mac)
        )
    with acts.writing(runtime.engine) as db:
        as_owner(db)
        db.exec_driver_sql("ANALYZE")


def _event(
    runtime: Runtime, written: Rows, head: Head, number: int, size: int, draw: random.Random
) -> Head:
    at = NOON - (size - number) * EVERY
    common = [it for it in Action if it not in RARE]
    action = str(draw.choice(RARE) if draw.random() < 1e-4 else draw.choice(common))
    facts: dict[str, Any] = {
        "at": at,
        "actor": f"person{draw.randrange(40)}",
        "roles": ["radiopharmacist"],
        "via": "web",
        "from": "10.1.2.3",
        "action": action,
        "reason": "as planned" if draw.random() < 0.1 else "",
        "facts": {"late": draw.random() < 1e-3, "measured": "7.400 GBq", "said": "x" * 120},
        "subjects": [f"patient:P-{draw.randrange(9_000):08d}", f"vial:{number // 60}"],
    }
    if number % 2:
        row = {"id": number, "username": facts["actor"], "means": "password", "succeeded": True}
        written[sign_ins].append({**row, "device_hash": None, "at": at})
        facts["rows"] = [["sign_ins", number, _digest({**row, "at": at})]]
    event = chain.link(head, chain.canonical(facts))
    written[audit_events].append(
        {**{name: getattr(event, name) for name in event.__slots__}}
        | {"at": at, "actor": facts["actor"], "action": action}
    )
    written[audit_subjects] += [
        {"subject": it, "stream": STREAM, "number": number} for it in facts["subjects"]
    ]
    end = Head(stream=STREAM, number=number, hash=event.hash)
    if number % SEAL_EVERY == 0:
        written[audit_seals].append(_seal(runtime.settings.seal_key, end, at))
    return end


def _digest(row: dict[str, Any]) -> str:
    return chain.row_digest("sign_ins", row)


def _seal(private: bytes, end: Head, at: datetime) -> dict[str, Any]:
    said = Seal(
        stream=end.stream,
        number=end.number,
        hash=end.hash,
        sealed_at=at,
        key=sealing.public_key(private),
    )
    made = replace(said, signature=sealing.signed(private, said.statement))
    return {name: getattr(made, name) for name in Seal.__slots__}


def _load(db: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """COPY where there is one."""
    if db.dialect.name == "sqlite":
        db.execute(table.insert(), rows)
        return
    columns = [column.name for column in table.columns]
    said = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    with db.connection.cursor() as cursor, cursor.copy(said) as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])


def questions() -> Iterator[tuple[str, Question]]:
    """Every question of the audit page."""
    hours = read("07:00-18:00")
    asked = {
        "everything": Filters(),
        "a person": Filters(actor="person7"),
        "nobody's": Filters(actor="nobody"),
        "a vial": Filters(subjects=("vial:77",)),
        "a patient": Filters(subjects=("patient:P-00000777",)),
        "a vial and a patient": Filters(subjects=("vial:77", "patient:P-00000777")),
        "a common act": Filters(actions=(str(Action.VIAL_ASSAYED),)),
        "a rare act": Filters(actions=(str(Action.DOSE_VOIDED),)),
        "an act that never was": Filters(actions=(str(Action.RESTORED),)),
        "a person's act": Filters(actor="person7", actions=(str(Action.VIAL_ASSAYED),)),
        "a day": Filters(start=NOON - timedelta(days=400), end=NOON - timedelta(days=399)),
        "a year": Filters(start=NOON - timedelta(days=700), end=NOON - timedelta(days=335)),
        "a person's year": Filters(
            actor="person7", start=NOON - timedelta(days=700), end=NOON - timedelta(days=335)
        ),
    }
    for name, filters in asked.items():
        yield name, lambda _db, filters=filters: filters
    for view in ALL:
        for span in (None, 366):
            start = NOON - timedelta(days=span) if span else None
            wide = Filters(start=start, end=NOON if span else None)
            yield (
                f"view {view.code}{', a year' if span else ''}",
                lambda db, view=view, wide=wide: audits.viewed(db, wide, view, SITE, hours, NOON),
            )


def main() -> None:
    """Print what each took; with `--gate`, exit 1 on a miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--gate", action="store_true")
    asked = parser.parse_args()
    missed = []
    for engine in asked.engines.split(","):
        with _database(engine) as runtime:
            took = timed(lambda runtime=runtime: fill(runtime, asked.size))
            print(f"{engine}: {asked.size:,} events made in {took:.0f} s", flush=True)
            missed += list(_proofs(runtime)) + list(_questions(runtime, asked.size))
    for miss in missed:
        print(f"MISSED {miss}")
    sys.exit(bool(missed and asked.gate))


def _proofs(runtime: Runtime) -> Iterator[str]:
    with runtime.reading() as db:
        floor = timed(partial(_hash, db.scalars(sa.select(audit_events.c.canonical)).all()))
        settings = runtime.settings
        chain_only = timed(lambda: audits.verify(db, settings.audit_key, STREAM))
        found: list[Any] = []
        cpu = time.process_time()
        whole = timed(lambda: found.append(proof.prove(db, settings, ())))
        cpu = time.process_time() - cpu
        part = timed(lambda: found.append(proof.prove_since_seal(db, settings, ())))
        vial = timed(lambda: proof.prove_about(db, settings, (), "vial:77"))
        assert found[0].first_bad is None, found[0].first_bad
    print(f"  hashing alone {floor:.1f} s; chain {chain_only:.1f} s ({chain_only / floor:.0f}x)")
    print(f"  whole proof, rows and seals {whole:.1f} s, {cpu:.1f} s of it computing")
    print(f"  since the last seal {part:.2f} s; one vial {vial:.2f} s", flush=True)
    if whole > MOST_VERIFY_S:
        yield f"{runtime.engine.dialect.name}: the whole proof took {whole:.0f} s"


def _questions(runtime: Runtime, size: int) -> Iterator[str]:
    for name, filters in questions():
        with runtime.reading() as db:
            page = max(timed(partial(_ask, db, filters, before)) for before in (None, size // 9))
            counted = timed(partial(_count, db, filters))
        print(f"  {name}: page {page * 1e3:.0f} ms, count {counted * 1e3:.0f} ms", flush=True)
        if page > MOST_QUESTION_S:
            yield f"{runtime.engine.dialect.name}: {name} took {page:.1f} s"


def _hash(texts: Sequence[str]) -> None:
    for text in texts:
        hashlib.sha256(text.encode()).digest()


def _ask(db: sa.Connection, filters: Question, before: int | None) -> None:
    audits.search(db, STREAM, filters(db), before, 50)


def _count(db: sa.Connection, filters: Question) -> None:
    audit_search.count(db, STREAM, filters(db))


def timed(work: Callable[[], object]) -> float:
    """Seconds it took, by the clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def _database(engine: str) -> Iterator[Runtime]:
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            yield _runtime(f"sqlite:///{folder}/audit.db", Path(folder))
        else:
            with postgres.server() as url:
                yield _runtime(url, Path(folder))


def _runtime(url: str, folder: Path) -> Runtime:
    runtime = make_runtime(hospital.settings(url, folder))
    migrations.upgrade(runtime.engine)
    return runtime


if __name__ == "__main__":
    main()
