"""Nothing of an erased identity's key, or of a changed key, is left in the database's files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from radiopharm.core.patients import Erased
from radiopharm.runtime import Runtime
from radiopharm.services import audits, erasures
from radiopharm.store import acts, patients, residues
from radiopharm.store.tables import patients as tables
from radiopharm.store.vault import vault_of
from tests.canary import CANARY, betrays, traces
from tests.services.acting import do


def files(runtime: Runtime) -> Iterator[Path]:
    """The files that hold the rows of the database, as they are on the disk now."""
    url = runtime.engine.url
    if runtime.engine.dialect.name == "sqlite":
        yield from Path(str(url.database)).parent.glob("radiopharm.db*")
        return
    with runtime.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("CHECKPOINT")
        where = "SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()"
        folder = Path(str(url.query["host"])) / "data" / str(db.exec_driver_sql(where).scalar())
    yield from folder.iterdir()


def found(runtime: Runtime, *needles: bytes) -> int:
    """How many of the needles lie in the files."""
    held = b"".join(path.read_bytes() for path in files(runtime))
    return sum(needle in held for needle in needles)


def needles(runtime: Runtime, references: list[str]) -> list[bytes]:
    """What must go with those patients: wrapped keys and digests."""
    with runtime.reading() as db:
        kept = sa.select(tables.patient_keys).where(tables.patient_keys.c.patient.in_(references))
        rows = db.execute(kept).all()
    return [it for row in rows for it in (row.wrapped_key, row.number_digest.encode())]


def admit(runtime: Runtime, how_many: int) -> list[str]:
    """So many patients at once, each with the canary's name."""
    references = [f"P-{number:08d}" for number in range(how_many)]
    with acts.writing(runtime.engine) as db:
        locked = {
            it: vault_of(db).lock(
                it, 1, {**CANARY, "hospital_number": f"{CANARY['hospital_number']}-{it}"}
            )
            for it in references
        }
        at = {"site_id": 1, "recorded_at": runtime.clock()}
        rows = [{"reference": it, "sealed": lock.sealed, **at} for it, lock in locked.items()]
        db.execute(tables.patients.insert(), rows)
        own = [
            {
                "patient": it,
                "wrapped_key": lock.wrapped_key,
                "number_digest": lock.number_digest,
            }
            for it, lock in locked.items()
        ]
        db.execute(tables.patient_keys.insert(), own)
    return references


@pytest.mark.requirement("RQ-52")
def test_of_a_hundred_erased_in_a_thousand_nothing_is_left_in_any_table_or_file(
    runtime: Runtime,
) -> None:
    references = admit(runtime, 1000)
    gone, kept = references[::10], references[1::10]
    lost, stays = needles(runtime, gone), needles(runtime, kept[:5])
    assert found(runtime, *lost[:4]) == 4  # or the search would find nothing anyway
    erased = Erased(at=runtime.clock(), by="Safety Officer", reason="asked for")
    do(runtime, lambda act: erasures.repeat(act, dict.fromkeys(gone, erased)))
    settings = runtime.settings
    assert erasures.settle(runtime.engine, settings.audit_key, settings.backup_directory)
    assert (found(runtime, *lost), found(runtime, *stays)) == (0, len(stays))
    assert traces(runtime) == []
    with runtime.reading() as db:
        read = patients.by_references(db, 1, references)
        assert [it for it in references if read[it].erased] == gone
        assert all(betrays(read[it].name) for it in kept)
        assert audits.verify(db, settings.audit_key).first_bad is None


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_sqlite_wrote_ahead_into_a_log_goes_too(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))  # as one that may use WAL
    (gone,) = admit(runtime, 1)
    lost = needles(runtime, [gone])
    erased = Erased(at=runtime.clock(), by="Safety Officer", reason="asked for")
    do(runtime, lambda act: erasures.repeat(act, {gone: erased}))
    assert found(runtime, *lost) == len(lost)
    assert residues.wipe(runtime.engine)
    assert found(runtime, *lost) == 0
