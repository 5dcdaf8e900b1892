"""The waste store's balance over HTTP and by night: it closes, as known then, or is flagged."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from radiopharm.core.flags import FlagKind
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from radiopharm.store import acts, flags
from radiopharm.store.tables.waste import waste_items
from tests.api.test_waste import sealed_bag
from tests.conftest import StandingClock
from tests.doors import Api
from tests.meddling import as_owner

DEPOT = {"recipient": "Depot", "licence_number": "R-1"}


@pytest.fixture
def officer(api) -> Api:
    return api("safety_officer")


def of(officer: Api, nuclide: str = "Lu-177", **asked: str) -> dict[str, int]:
    found = officer.get("/balance/waste", **asked).json["nuclides"]
    return next(it for it in found if it["nuclide"] == nuclide)


@pytest.mark.requirement("RQ-42")
def test_what_was_put_in_left_decayed_or_is_in_store_as_it_was_known(
    officer: Api, pages, clock: StandingClock
) -> None:
    begun = instant_out(clock.now - timedelta(days=30))
    gone, _kept = sealed_bag(officer), sealed_bag(officer)
    clock.move(minutes=1)
    before = instant_out(clock.now)
    clock.move(hours=1)
    assert officer.post(f"{gone}/transfer", DEPOT).status_code == 200
    clock.move(days=1)
    found = of(officer, since=begun)
    assert (found["closes"], found["opening_bq"], found["released_bq"]) == (True, 0, 0)
    assert found["transferred_bq"] > found["in_store_bq"] > 0
    assert of(officer, since=before)["opening_bq"] == of(officer, until=before)["in_store_bq"]
    known = of(officer, known_at=before)
    assert (known["transferred_bq"], known["closes"]) == (0, True)
    assert known["in_store_bq"] > found["in_store_bq"]

    auditor = pages("auditor")
    page = auditor.get("/balance/waste").text
    assert "Transferred" in page
    assert "Closes" in page
    lines = auditor.get("/balance/waste.csv").data.decode().splitlines()
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {"yes"}


def test_a_store_that_does_not_close_is_flagged_at_its_site_until_it_does(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    bag = sealed_bag(officer)
    clock.move(hours=1)
    officer.post(f"{bag}/transfer", DEPOT)
    clock.move(hours=1)
    assert night(runtime) == []
    put_in_at = moved(runtime, clock.now)
    clock.move(days=1)
    (row,) = night(runtime)
    assert (row.subject, row.subject_id) == ("store", 1)
    assert "Bq of Lu-177 in W-000001 have no way" in row.message
    moved(runtime, put_in_at)
    clock.move(days=1)
    assert night(runtime) == []


def night(runtime: Runtime) -> list[flags.Flag]:
    run(runtime, find(runtime.settings, "day-balance"), runtime.clock())
    with runtime.reading() as db:
        return flags.of_kind(db, 1, FlagKind.IMBALANCE)


def moved(runtime: Runtime, put_in_at):
    """What somebody who owns the database can do: an item's instant, behind our back."""
    with acts.writing(runtime.engine) as db:
        as_owner(db)
        _unguard(db)
        was = db.scalar(sa.select(waste_items.c.put_in_at))
        db.execute(waste_items.update().values(put_in_at=put_in_at))
    return was


def _unguard(db: sa.Connection) -> None:
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("ALTER TABLE waste_items DISABLE TRIGGER USER")
        return
    query = "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='waste_items'"
    for (name,) in db.exec_driver_sql(query).all():
        db.exec_driver_sql(f"DROP TRIGGER {name}")
