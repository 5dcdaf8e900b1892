"""The benchmarks still run: what they fill a database with, the program reads as its own."""

import shutil
from pathlib import Path

import pytest

from benchmarks import audit, stock
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.services import proof
from tests import hospital


@pytest.fixture
def empty(migrated_sqlite: Path, tmp_path: Path) -> Runtime:
    """An embedded database of nobody's; the benchmarks found their own hospital."""
    path = shutil.copy(migrated_sqlite, tmp_path / "bench.db")
    return make_runtime(hospital.settings(f"sqlite:///{path}", tmp_path), lambda: stock.NOON)


def test_the_chain_that_is_timed_holds(empty: Runtime) -> None:
    audit.fill(empty, 40)
    with empty.reading() as db:
        found = proof.prove(db, empty.settings, ())
    assert found.first_bad is None
    assert found.streams


def test_every_vial_that_is_timed_is_recalculated(empty: Runtime) -> None:
    stock.fill(empty.engine, 40, empty.reference)
    assert run(empty, find(empty.settings, "activity-snapshots"), stock.NOON)["changed"] == 40
