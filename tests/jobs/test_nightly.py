"""The daily checks and the backup: what they find is in the run, its event and on the page."""

import sqlalchemy as sa

from radiopharm.jobs.overview import Standing, overview
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.store import acts
from radiopharm.store.tables.vials import vials
from tests import hospital
from tests.conftest import NOON


def standing(runtime: Runtime, name: str) -> Standing:
    run(runtime, find(runtime.settings, name), NOON)
    return next(it for it in overview(runtime, NOON) if it.job.name == name)


def test_a_night_without_faults(runtime: Runtime) -> None:
    hospital.receive(runtime)
    ledgers, audit = standing(runtime, "ledger-verify"), standing(runtime, "audit-verify")
    assert (ledgers.state, ledgers.last.message) == ("on_time", "every book adds up")
    assert (audit.state, audit.last.message) == ("on_time", "2 events hold")


def test_a_book_that_does_not_add_up_shows(runtime: Runtime) -> None:
    hospital.receive(runtime)
    with acts.writing(runtime.engine) as db:
        copied = {**db.execute(sa.select(vials)).one()._mapping, "id": 99}
        db.execute(vials.insert().values(copied))
    found = standing(runtime, "ledger-verify")
    assert (found.state, found.last.changed) == ("fault", 1)
    assert found.last.message == "V-000099: there is no entry at all"


def test_the_backup_is_there_and_recorded(runtime: Runtime) -> None:
    assert standing(runtime, "backup").state == "on_time"
    assert len(list(runtime.settings.backup_directory.glob("*.backup"))) == 1
