"""The bulk recalculation says what the core says of each vial and container, on both engines."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from radiopharm.core.decay import UndefinedBefore
from radiopharm.core.receiving import DeclaredImpurity
from radiopharm.core.vials import activity, nuclear_data
from radiopharm.core.waste import Container, Portion, PutIn, contents
from radiopharm.runtime import Runtime
from radiopharm.store import acts, ledgers, snapshots, vials
from radiopharm.store.tables.accounts import users
from radiopharm.store.tables.derived import activity_snapshots
from radiopharm.store.tables.vials import ledger_entries, vial_compositions
from radiopharm.store.tables.waste import (
    waste_containers,
    waste_events,
    waste_item_contents,
    waste_items,
)
from tests import hospital
from tests.conftest import NOON, StandingClock

DAY = timedelta(days=1)
EXACT = 1e-12
SHORT_LIVED = {
    "reference_at": NOON + timedelta(hours=1),
    "expires_at": NOON + timedelta(hours=5),
}


def snapshot(runtime: Runtime, slot: datetime) -> dict[tuple[str, int], float]:
    """What a run at *slot* writes: activity by subject and id."""
    with acts.writing(runtime.engine) as db:
        written = snapshots.write(db, slot, runtime.reference.nuclear_data)
        rows = db.execute(
            sa.select(activity_snapshots).where(activity_snapshots.c.slot == slot)
        ).all()
    assert written == len(rows)
    return {(row.subject, row.subject_id): row.activity_bq for row in rows}


def by_core(runtime: Runtime, ids: list[int], at: datetime) -> dict[tuple[str, int], float]:
    """The same of each vial by the core; one that cannot have existed so early is left out."""
    found = {}
    with runtime.reading() as db:
        balances = ledgers.balances_at(db, ids, at, runtime.clock() + 9999 * DAY)
        for vial in vials.by_ids(db, 1, ids):
            try:
                bq = activity(vial, balances[vial.id], at, nuclear_data(vial, runtime.reference))
            except UndefinedBefore:
                continue
            found["vial", vial.id] = bq
    return found


def with_impurity(product: str, nuclide: str, ratio: str) -> dict[str, object]:
    impurity = DeclaredImpurity(nuclide=nuclide, ratio=Decimal(ratio))
    return {"product": product, "impurities": (impurity,)}


def mixed_stock(runtime: Runtime, products: dict[str, str]) -> list[int]:
    """Vials of every first-day nuclide, with and without the parents that feed them."""
    return [
        hospital.receive(runtime),
        hospital.receive(runtime, **with_impurity(products["Lu-177"], "Lu-177m", "0.0002")),
        hospital.receive(runtime, **with_impurity(products["Y-90"], "Sr-90", "0.00002")),
        hospital.receive(runtime, product=products["I-131"]),
        hospital.receive(
            runtime, **with_impurity(products["Ga-68"], "Ge-68", "0.00001"), **SHORT_LIVED
        ),
    ]


@pytest.fixture
def products(runtime: Runtime) -> dict[str, str]:
    return {p.nuclide: p.code for p in runtime.reference.products.values()}


@pytest.mark.parametrize("hours", [0, 1, 47.5, 48, 96, 24 * 60, 24 * 365 * 3 + 1])
def test_bulk_equals_core(
    runtime: Runtime, clock: StandingClock, products: dict[str, str], hours: float
) -> None:
    ids = mixed_stock(runtime, products)
    at = NOON + timedelta(hours=hours)
    assert snapshot(runtime, at) == pytest.approx(by_core(runtime, ids, at), rel=EXACT, abs=1e-280)


def test_a_vial_is_counted_with_what_it_held_at_the_slot(
    runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.receive(runtime)
    draw_everything(runtime, vial_id, at=NOON + DAY)
    assert ("vial", vial_id) in snapshot(runtime, NOON + timedelta(hours=23))
    assert snapshot(runtime, NOON + DAY) == {}
    assert snapshot(runtime, NOON - DAY) == {}


def test_the_newest_certificate_counts(runtime: Runtime, products: dict[str, str]) -> None:
    vial_id = hospital.receive(runtime, **with_impurity(products["Y-90"], "Sr-90", "0.00002"))
    declare_again(runtime, vial_id, ratio="0.0001")
    at = NOON + 30 * DAY
    assert snapshot(runtime, at) == pytest.approx(by_core(runtime, [vial_id], at), rel=EXACT)


def test_what_decayed_three_years_ago_stops_no_run(
    runtime: Runtime, products: dict[str, str]
) -> None:
    """PostgreSQL raises on exp(-1000): one long-gone vial would take the whole run with it."""
    gone = hospital.receive(runtime, product=products["Ga-68"], **SHORT_LIVED)
    assert snapshot(runtime, NOON + 3 * 365 * DAY) == {("vial", gone): 0.0}


@pytest.mark.parametrize("days", [0, 1, 30, 400])
def test_a_container_holds_what_its_items_have_become(runtime: Runtime, days: int) -> None:
    items = [
        PutIn(put_in_at=NOON, portions=(portion("Lu-177", 10**9), portion("Lu-177m", 10**6))),
        PutIn(put_in_at=NOON - DAY, portions=(portion("Lu-177m", 5 * 10**6),)),
    ]
    container_id = put_away(runtime, items)
    at = NOON + days * DAY
    data = runtime.reference.default_nuclear_data
    expected = contents(Container(items=tuple(items)), at, data)["Lu-177"]
    assert snapshot(runtime, at) == {
        ("container", container_id): pytest.approx(expected, rel=EXACT)
    }


def test_a_mixed_container_has_a_row_of_each_nuclide_declared_in_it(runtime: Runtime) -> None:
    items = [
        PutIn(put_in_at=NOON, portions=(portion("Lu-177", 10**9), portion("Lu-177m", 10**6))),
        PutIn(put_in_at=NOON - DAY, portions=(portion("I-131", 3 * 10**8),)),
    ]
    put_away(runtime, items, nuclide="MIX")
    at, data = NOON + 20 * DAY, runtime.reference.default_nuclear_data
    snapshot(runtime, at)
    with runtime.reading() as db:
        rows = db.execute(sa.select(activity_snapshots)).all()
    found = {row.nuclide: row.activity_bq for row in rows}
    expected = contents(Container(items=tuple(items)), at, data)
    declared = ("Lu-177", "Lu-177m", "I-131")
    assert found == pytest.approx({name: expected[name] for name in declared}, rel=EXACT)


def test_a_container_that_left_is_no_longer_counted(runtime: Runtime) -> None:
    item = PutIn(put_in_at=NOON, portions=(portion("Lu-177", 10**9),))
    hand_over(runtime, put_away(runtime, [item]), at=NOON + DAY)
    assert snapshot(runtime, NOON + DAY) == {}


def test_products_are_fed_directly_or_not_at_all(runtime: Runtime) -> None:
    """The closed form knows parents, not grandparents; a product that has some needs more."""
    wanted = {product.nuclide for product in runtime.reference.products.values()}
    for data in runtime.reference.nuclear_data.values():
        for symbol in data.nuclides:
            daughters = {branch.daughter for branch in data.get(symbol).branches}
            deeper = set(data.chain(symbol)) - daughters - {symbol}
            assert not wanted & deeper


def portion(symbol: str, activity_bq: int) -> Portion:
    return Portion(
        symbol=symbol,
        activity_bq=activity_bq,
        half_life_s=HALF_LIFE_S[symbol],
        half_life_text="test",
        half_life_source="test",
    )


HALF_LIFE_S = {"Lu-177": 6.647 * 86400, "Lu-177m": 160.4 * 86400, "I-131": 8.02 * 86400}


def draw_everything(runtime: Runtime, vial_id: int, at: datetime) -> None:
    with acts.writing(runtime.engine) as db:
        ledger = vials.get(db, 1, vial_id).ledger
        db.execute(
            ledger_entries.insert().values(
                vial_id=vial_id,
                sequence=ledger.sequence + 1,
                kind="discarded",
                occurred_at=at,
                recorded_at=at,
                actor_id=_somebody(db),
                reason="",
                volume_ul=-ledger.balance.volume_ul,
                reference_bq=-ledger.balance.reference_bq,
                volume_after_ul=0,
                reference_after_bq=0,
            )
        )


def declare_again(runtime: Runtime, vial_id: int, ratio: str) -> None:
    with acts.writing(runtime.engine) as db:
        row = db.execute(
            sa.select(vial_compositions).where(vial_compositions.c.vial_id == vial_id)
        ).one()
        again = {**row._mapping, "version": 2, "ratio": ratio, "reason": "new certificate"}
        again.pop("id")
        db.execute(vial_compositions.insert().values(again))


def put_away(runtime: Runtime, items: list[PutIn], nuclide: str = "Lu-177") -> int:
    with acts.writing(runtime.engine) as db:
        written = {"recorded_at": NOON, "actor_id": _somebody(db), "description": "gloves"}
        bag = {"site_id": 1, "kind": "bag", "nuclide": nuclide, "place": "store"}
        container_id = _add(db, waste_containers, **bag, **written, opened_at=NOON - 2 * DAY)
        for item in items:
            values = {"container_id": container_id, "source": "other", "put_in_at": item.put_in_at}
            item_id = _add(db, waste_items, **values, **written)
            for it in item.portions:
                _add(
                    db,
                    waste_item_contents,
                    item_id=item_id,
                    nuclide=it.symbol,
                    activity_bq=it.activity_bq,
                    half_life_s=it.half_life_s,
                    half_life_text=it.half_life_text,
                    half_life_source=it.half_life_source,
                    data_set=runtime.reference.default_data_set,
                )
    return container_id


def hand_over(runtime: Runtime, container_id: int, at: datetime) -> None:
    with acts.writing(runtime.engine) as db:
        _add(
            db,
            waste_events,
            container_id=container_id,
            kind="transferred",
            at=at,
            recorded_at=at,
            actor_id=_somebody(db),
            reason="",
            recipient="Decay GmbH",
            licence="L-1",
        )


def _add(db: sa.Connection, table: sa.Table, **values: object) -> int:
    return int(db.execute(table.insert().values(**values)).inserted_primary_key[0])


def _somebody(db: sa.Connection) -> int:
    return int(db.scalar(sa.select(sa.func.min(users.c.id))) or 0)
