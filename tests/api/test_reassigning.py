"""A returned dose for another directive: measured again, signed by two, nothing drawn anew."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import giving, hospital
from tests.conftest import StandingClock
from tests.doors import Api

SAME = {"username": "radiopharmacist", "secret": hospital.PASSWORD}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def old(bench: Api, runtime: Runtime, clock: StandingClock) -> dict[str, Any]:
    """A dose that was drawn and came back, an hour ago."""
    made = giving.dispensed(bench, runtime, clock)
    bench.post(f"/dispensings/{made['id']}/void", {"drawn": True, "reason": "unwell"})
    clock.move(hours=1)
    return made


@pytest.fixture
def other(runtime: Runtime, old: dict[str, Any], clock: StandingClock) -> int:
    """A directive of another patient for the same, planned for today."""
    return hospital.directive(runtime, planned_for=clock.now)


def asked(runtime: Runtime, clock: StandingClock, other: int, **changes: Any) -> dict[str, Any]:
    return {
        "directive_id": other,
        "measured_activity": "7.38 GBq",
        "measured_at": instant_out(clock.now),
        "instrument_id": hospital.calibrator(runtime),
        "reason": "first patient unwell",
        "signature": {"username": "radiopharmacist", "secret": hospital.PASSWORD},
        "second": {"username": "second", "secret": hospital.PASSWORD},
        **changes,
    }


@pytest.mark.requirement("RQ-34")
def test_the_new_dose_names_the_old_and_the_book_stays(
    bench: Api, runtime: Runtime, clock: StandingClock, old: dict[str, Any], other: int
) -> None:
    vial = bench.get(f"/vials/{old['draws'][0]['vial_id']}").json
    path = f"/dispensings/{old['id']}"
    answer = bench.post(f"{path}/reassignment", asked(runtime, clock, other))
    assert answer.status_code == 201
    assert answer.json["reassigned_from"] == old["id"]
    assert answer.json["draws"] == old["draws"]
    assert bench.get(path).json["state"] == "reassigned"
    assert bench.get(path).json["reassigned_to"] == answer.json["id"]
    assert bench.get(f"/vials/{vial['id']}").json["sequence"] == vial["sequence"]


@pytest.mark.requirement("RQ-34")
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"administer_at": "2026-06-20T12:00:00Z"}, 409, "expired"),
        ({"second": SAME}, 422, "second_person"),
        ({"measured_at": "2026-06-03T11:00:00Z"}, 409, "measured_before_return"),
    ],
)
def test_every_rule_of_a_dispensing_holds(
    bench: Api,
    runtime: Runtime,
    clock: StandingClock,
    old: dict[str, Any],
    other: int,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = bench.post(
        f"/dispensings/{old['id']}/reassignment", asked(runtime, clock, other, **changes)
    )
    assert answer.status_code == status
    assert code in {error["code"] for error in answer.json["errors"]}


def test_another_product_or_an_unsigned_directive_is_refused(
    bench: Api, runtime: Runtime, clock: StandingClock, old: dict[str, Any]
) -> None:
    wrong = hospital.directive(
        runtime, signed=False, product="lu-177-dotatate", planned_for=clock.now
    )
    answer = bench.post(f"/dispensings/{old['id']}/reassignment", asked(runtime, clock, wrong))
    codes = {error["code"] for error in answer.json["errors"]}
    assert (answer.status_code, codes) == (409, {"wrong_product", "directive_not_signed"})


def test_a_dose_has_one_place_only(
    bench: Api, runtime: Runtime, clock: StandingClock, old: dict[str, Any], other: int
) -> None:
    path = f"/dispensings/{old['id']}"
    bench.post(f"{path}/reassignment", asked(runtime, clock, other))
    third = hospital.directive(runtime, planned_for=clock.now)
    again = bench.post(f"{path}/reassignment", asked(runtime, clock, third))
    back = bench.post(f"{path}/return", {"reason": "untouched"})
    assert [answer.json["errors"][0]["code"] for answer in (again, back)] == ["not_returned"] * 2


@pytest.mark.requirement("RQ-34")
def test_a_reassigned_dose_was_drawn_and_may_go_back_to_its_vial(
    bench: Api, runtime: Runtime, clock: StandingClock, old: dict[str, Any], other: int
) -> None:
    made = bench.post(f"/dispensings/{old['id']}/reassignment", asked(runtime, clock, other)).json
    path = f"/dispensings/{made['id']}"
    undrawn = bench.post(f"{path}/void", {"drawn": False, "reason": "unwell"})
    assert undrawn.json["errors"][0]["code"] == "was_drawn"
    assert bench.post(f"{path}/void", {"drawn": True, "reason": "unwell"}).status_code == 200
    assert bench.post(f"{path}/return", {"reason": "untouched"}).status_code == 200
    assert bench.get(f"/vials/{old['draws'][0]['vial_id']}").json["volume_ml"] == 20.5


def test_a_reassigned_dose_is_given_and_reconciled_like_any_other(
    bench: Api, runtime: Runtime, clock: StandingClock, old: dict[str, Any], other: int
) -> None:
    made = bench.post(f"/dispensings/{old['id']}/reassignment", asked(runtime, clock, other)).json
    body = giving.given(clock)
    body["residues"] = [giving.left("vial", "380 MBq", body["started_at"])]
    answer = bench.post(f"/dispensings/{made['id']}/administration", body)
    assert answer.json["net_administered_mbq"] == pytest.approx(7000)
