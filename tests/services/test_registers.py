"""Registers over real databases: whoever asks, whenever, the same question has the same answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from radiopharm.core.actions import Action
from radiopharm.core.historic import HistoricRelease
from radiopharm.core.limits import SetLimit
from radiopharm.core.periods import written
from radiopharm.core.refusals import Forbidden, Invalid, Refused
from radiopharm.core.registers import Asked, Filled
from radiopharm.runtime import Runtime
from radiopharm.schemas.waste import OpenContainerSchema
from radiopharm.services import accounts, historic, ledgers, limits, registers, waste
from tests import giving, hospital
from tests.api import test_tanks as water
from tests.api import test_waste as bags
from tests.conftest import StandingClock
from tests.doors import Api
from tests.services.acting import do
from tests.web.test_stock import statements

YEAR = "2026"


def filled(runtime: Runtime, name: str, period: str = YEAR, **asked: Any) -> Filled:
    auditor = hospital.person(runtime, "auditor")
    said = {"period": written(period, "Europe/Madrid"), "known_at": runtime.clock(), **asked}
    with runtime.reading() as db:
        return registers.fill(db, runtime.reference, auditor, name, Asked(**said))


def cells(found: Filled, name: str) -> list[Any]:
    return [line.cells[name] for line in found.lines]


def lived(api: Callable[[str], Api], runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    """A dose given with a residue, another void, a bag released, one in store; and which."""
    bench, officer = api("radiopharmacist"), api("safety_officer")
    void = giving.dispensed(bench, runtime, clock)
    bench.post(f"/dispensings/{void['id']}/void", {"drawn": False, "reason": "Patient unwell"})
    dose = giving.dispensed(bench, runtime, clock)
    body = giving.given(clock)
    residues = [giving.left("syringe", "2 mCi", body["started_at"])]
    bench.post(f"/dispensings/{dose['id']}/administration", {**body, "residues": residues})
    bag = bags.releasable(officer, runtime)
    clock.move(days=90)
    bags.measure(officer, bag, runtime)
    assert bags.release(officer, bag).status_code == 201
    return {"dose": dose, "bag": bags.sealed_bag(officer), "started_at": body["started_at"]}


def changed_since(
    api: Callable[[str], Api], runtime: Runtime, clock: StandingClock, was: dict[str, Any]
) -> None:
    """Late entries about what was before: a residue, a receipt, a limit; a transfer, a rinse."""
    bench, officer = api("radiopharmacist"), api("safety_officer")
    then = clock.now
    clock.move(hours=1)
    late = {"residues": [giving.left("pad", "9 mCi", was["started_at"])], "reason": "found"}
    assert bench.post(f"/dispensings/{was['dose']['id']}/residues", late).status_code == 201
    hospital.accepted(runtime, received_at=then, reference_at=then)
    do(runtime, lambda act: limits.set_limit(act, new_limit(then)), "safety_officer")
    activities = [{"nuclide": "Lu-177", "activity": "100 Bq"}]
    rinse = {"description": "Rinse", "volume": "1000 mL", "activities": activities}
    assert officer.post("/drain", {**rinse, **water.DRAIN, **water.SIGNED}).status_code == 201
    sent = {"recipient": "Waste works", "licence_number": "L-7"}
    assert officer.post(f"{was['bag']}/transfer", sent).status_code == 200


def new_limit(from_at: Any) -> SetLimit:
    return SetLimit(
        nuclide="Lu-177", limit_bq=10**9, source="Licence 12", from_at=from_at, reason="new"
    )


@pytest.mark.requirement("RQ-44")
@pytest.mark.requirement("RQ-43")
@pytest.mark.requirement("RQ-45")
def test_what_is_written_since_changes_no_register_as_it_was_known(
    api: Callable[[str], Api], runtime: Runtime, clock: StandingClock
) -> None:
    was = lived(api, runtime, clock)
    then, names = clock.now, list(registers.REGISTERS)
    before = {name: filled(runtime, name) for name in names}
    assert {name: len(before[name].lines) for name in names if name != "deviations"} == {
        "inventory": 3, "receipts": 2, "vial-balance": 2, "limits": 1, "expiry": 1,
        "dispensing": 2, "administrations": 1, "residues": 1, "lot-recall": 2,
        "waste-in-store": 1, "waste-released": 1, "discharge": 0, "instruments": 2,
        "instrument-checks": 0, "access-review": 2 + len(hospital.ROLES),
    }  # fmt: skip
    assert cells(before["inventory"], "state") == ["expired", "drawn", "sealed"]
    assert [line.void[-14:] for line in before["dispensing"].lines] == ["Patient unwell", ""]

    changed_since(api, runtime, clock, was)

    for name in names:
        assert filled(runtime, name, known_at=then).sha256 == before[name].sha256, name
    now = {name: filled(runtime, name) for name in names}
    assert now["administrations"].lines[0].cells["net_bq"] == pytest.approx(7.4e9 - 11 * 37e6)
    (rinsed,) = now["discharge"].lines
    assert (rinsed.cells["activity_bq"], rinsed.cells["volume_l"]) == (100, 1)
    sent_to = ["Ordinary waste", "Waste works, licence L-7"]
    assert cells(now["waste-released"], "destination") == sent_to
    assert now["limits"].lines[0].mark == ""
    assert (len(now["receipts"].lines), len(now["waste-in-store"].lines)) == (3, 0)


def test_receipts_are_of_the_period_and_the_lot(runtime: Runtime) -> None:
    hospital.accepted(runtime)
    hospital.receive(runtime, lot="LT-26-0312")

    assert cells(filled(runtime, "receipts"), "vial") == ["V-000001", "V-000002"]
    assert cells(filled(runtime, "receipts"), "accepted") == ["Second Pharmacist", "not accepted"]
    assert cells(filled(runtime, "receipts", lot="LT-26-0312"), "vial") == ["V-000002"]
    assert filled(runtime, "receipts", "2026-05").lines == ()


def test_a_receipt_that_was_taken_back_keeps_its_place_with_its_reason(runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    do(runtime, lambda act: ledgers.reverse(act, vial_id, 1, 1, "Entered twice"))
    (line,) = filled(runtime, "receipts").lines
    assert line.void == "Mon 1 Jun 2026 14:00 CEST, Radiopharmacist: Entered twice"


def test_the_most_held_is_found_at_an_arrival_and_held_against_its_limit(
    runtime: Runtime, clock: StandingClock
) -> None:
    held = new_limit(clock.now)
    a_day = replace(held, limit_bq=10**6, per="day")  # of what leaves: no limit of what is held
    for one in (held, a_day):
        do(runtime, lambda act, it=one: limits.set_limit(act, it), "safety_officer")
    hospital.receive(runtime, reference_at=clock.now)
    clock.move(days=10)
    (line,) = filled(runtime, "limits").lines
    assert line.cells["peak_bq"] == 7_585_000_000
    assert line.cells["of_limit"] == 7.585
    assert line.cells["end_bq"] < 3_000_000_000
    assert line.mark == "Over the limit."


def test_deviations_are_all_that_was_done_with_a_reason(runtime: Runtime) -> None:
    said = {"reason": "Cell 2 is broken", "earlier": {"reason": ""}}
    do(runtime, lambda act: act.record(Action.VIAL_MOVED, "vial:17", **said))
    do(runtime, lambda act: act.record(Action.VIAL_MOVED, "vial:18"))
    (line,) = filled(runtime, "deviations").lines
    assert (line.cells["about"], line.cells["reason"]) == ("V-000017", "Cell 2 is broken")


def test_deviations_name_a_container_by_the_number_the_site_gave_it(runtime: Runtime) -> None:
    bag = {"kind": "bag", "nuclide": "Lu-177", "place": "Store", "description": "bag"}
    command = OpenContainerSchema().load(bag)
    numbers = runtime.container_numbers
    made = do(runtime, lambda act: waste.open_container(act, command, numbers), "safety_officer")
    for number in (made, made + 1):
        subject, said = f"container:{number}", {"reason": "The lid is torn"}
        do(runtime, lambda act, it=subject, s=said: act.record(Action.CONTAINER_MOVED, it, **s))
    named = [line.cells["about"] for line in filled(runtime, "deviations").lines]
    assert named == ["2026-0001-Lu-177-STORE", f"W-{made + 1:06d}"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_register_that_is_too_long_says_in_which_parts_it_can_be_taken(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "MOST_LINES", 2)
    for _ in range(3):
        hospital.receive(runtime)
    with pytest.raises(Refused) as refused:
        filled(runtime, "receipts")
    assert "2026-01-01 to 2026-07-01, 2026-07-02 to 2026-12-31" in refused.value.refusals[0].message


def test_an_account_is_closed_once_so_that_since_when_stays_true(
    runtime: Runtime, clock: StandingClock
) -> None:
    def close() -> None:
        do(runtime, lambda act: accounts.disable_user(act, "physicist", "Left"), "admin")

    close()
    then, before = clock.now, filled(runtime, "access-review").sha256
    clock.move(days=1)
    with pytest.raises(Invalid):
        close()
    assert filled(runtime, "access-review", known_at=then).sha256 == before


def test_who_could_do_what_is_for_the_officer_and_the_auditor(runtime: Runtime) -> None:
    pharmacist = hospital.person(runtime, "radiopharmacist")
    asked = Asked(period=written(YEAR, "Europe/Madrid"), known_at=runtime.clock())
    assert "access-review" not in [it.name for it in registers.readable(pharmacist)]
    with runtime.reading() as db, pytest.raises(Forbidden):
        registers.fill(db, runtime.reference, pharmacist, "access-review", asked)


def test_more_entries_ask_no_more_of_the_database(runtime: Runtime) -> None:
    def sent() -> dict[str, int]:
        counts = {}
        for name in registers.REGISTERS:
            with statements(runtime) as said:
                filled(runtime, name)
            counts[name] = len(said)
        return counts

    hospital.accepted(runtime)
    one = sent()
    for _ in range(3):
        hospital.accepted(runtime)
    assert sent() == one


def test_an_old_register_stands_in_the_new_one_with_its_gaps_and_never_conform(
    runtime: Runtime,
) -> None:
    old = HistoricRelease(book="Waste 3", page="12", number="88", released_on=date(2025, 3, 1))
    do(runtime, lambda act: historic.enter(act, [old], "handed in"), "safety_officer")
    (line,) = filled(runtime, "waste-released", "2025").lines
    assert (line.cells["way"], line.cells["left_at"]) == ("historic", "2025-03-01")
    assert line.mark.startswith("HISTORIC, never counted as conform: Waste 3, page 12, number 88.")
    assert "Not recorded: kind, contents" in line.mark
    assert filled(runtime, "waste-released").lines == ()
