"""The balance of real vials closes; one figure changed behind our back is flagged by the night."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.core.balance import VialBalance
from radiopharm.core.flags import FlagKind
from radiopharm.jobs.registry import find
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from radiopharm.services import balances
from radiopharm.services.balances import Window
from radiopharm.store import acts, flags
from radiopharm.store.tables.vials import ledger_entries
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api
from tests.meddling import as_owner
from tests.services.test_corrections import discard


def balanced(runtime: Runtime) -> list[VialBalance]:
    now = runtime.clock()
    with runtime.reading() as db:
        period = Window(since=None, until=now, known_at=now)
        return list(balances.of_site(db, runtime.reference, 1, period).vials)


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def given_dose(bench: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    """A dose given, its first residue in a bag a day later and its second waiting for a place."""
    dose = giving.dispensed(bench, runtime, clock)
    words = giving.given(clock)
    left = [
        giving.left(item, f"{mbq} MBq", words["ended_at"])
        for item, mbq in (("vial", 80), ("tubing", 9))
    ]
    made = bench.post(f"/dispensings/{dose['id']}/administration", {**words, "residues": left})
    assert made.status_code == 201, made.json
    clock.move(days=1)
    bag = bench.post("/waste-containers", {"kind": "bag", "nuclide": "Lu-177", "place": "store"})
    residue = made.json["residues"][0]["id"]
    item = {"source": "residue", "residue_id": residue}
    assert bench.post(f"/waste-containers/{bag.json['id']}/items", item).status_code == 201
    clock.move(days=1)
    return dose


@pytest.mark.requirement("RQ-37")
@pytest.mark.usefixtures("given_dose")
def test_a_dose_given_with_residues_closes_to_the_becquerel(runtime: Runtime) -> None:
    (found,) = (it.balance for it in balanced(runtime))
    assert found.closes, found
    routes = {str(route): bq for route, bq in found.routes_bq.items()}
    assert routes["administered"] > 7_000_000_000
    assert 60_000_000 < routes["waste"] < 80_000_000
    assert 0 < found.in_stock_bq < 9_000_000


@pytest.mark.usefixtures("given_dose")
def test_the_balance_as_known_before_knows_of_no_administration(
    runtime: Runtime, clock: StandingClock
) -> None:
    with runtime.reading() as db:
        since = hospital.FOUNDED
        known_at = db.scalar(sa.select(sa.func.min(ledger_entries.c.recorded_at)))
        period = Window(since=since, until=clock.now, known_at=known_at)
        (found,) = balances.of_site(db, runtime.reference, 1, period).vials
    assert found.balance.closes
    assert found.balance.received_bq == found.balance.decayed_bq + found.balance.in_stock_bq


def night(runtime: Runtime) -> list[str]:
    slot = runtime.clock()
    run(runtime, find(runtime.settings, "day-balance"), slot)
    with runtime.reading() as db:
        return [row.message for row in flags.of_kind(db, 1, FlagKind.IMBALANCE)]


def test_a_row_changed_past_the_guards_is_flagged_and_cleared_when_mended(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.accepted(runtime)
    discard(runtime, vial_id, 1, 10_250)
    assert night(runtime) == []
    for change, flagged in ((-1_000_000, 1), (1_000_000, 0)):
        tamper(runtime, vial_id, change)
        clock.move(days=1)
        said = night(runtime)
        assert [line.split(":")[0] for line in said] == [
            f"V-{vial_id:06d} does not balance"
        ] * flagged


def tamper(runtime: Runtime, vial_id: int, change_bq: int) -> None:
    """What somebody who owns the database can do."""
    with acts.writing(runtime.engine) as db:
        _unguard(db)
        row = sa.and_(ledger_entries.c.vial_id == vial_id, ledger_entries.c.sequence == 2)
        more = ledger_entries.c.reference_bq + change_bq
        db.execute(ledger_entries.update().where(row).values(reference_bq=more))


def _unguard(db: sa.Connection) -> None:
    as_owner(db)
    if db.dialect.name == "postgresql":
        db.exec_driver_sql("ALTER TABLE ledger_entries DISABLE TRIGGER USER")
        return
    query = "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='ledger_entries'"
    for (name,) in db.exec_driver_sql(query).all():
        db.exec_driver_sql(f"DROP TRIGGER {name}")
