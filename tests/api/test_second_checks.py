"""The second person of a dose: somebody else, reading for themselves, compared exactly."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.core.actions import Action
from radiopharm.core.products import SecondReadingRule
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from radiopharm.store import acts, audit, doses
from radiopharm.store.tables.second_checks import second_checks
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Api

TODAY = NOON + timedelta(days=2)
FIRST = {"username": "radiopharmacist", "secret": hospital.PIN}
SECOND = {"username": "second", "secret": hospital.PIN}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def dose_of(runtime: Runtime, clock: StandingClock) -> Callable[..., dict[str, Any]]:
    """A whole vial read as 7.4 GBq, and by the second person as said."""

    def body(reading: str, **second: Any) -> dict[str, Any]:
        times = {"reference_at": TODAY, "expires_at": TODAY + timedelta(days=3)}
        vial_id = hospital.accepted(runtime, received_at=NOON, **times)
        directive_id = hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))
        clock.now = TODAY
        meter = hospital.calibrator(runtime)
        measured = {"measured_at": instant_out(TODAY), "instrument_id": meter}
        own = {"measured_activity": reading, "vial_codes": [f"V-{vial_id:06d}"], **measured}
        return {
            "directive_id": directive_id,
            "draws": [{"vial_id": vial_id, "after_sequence": 1}],
            "measured_activity": "7.4 GBq",
            **measured,
            "signature": FIRST,
            "second": {**SECOND, **own, **second},
        }

    return body


def codes(answer: Any) -> set[str]:
    return {error["code"] for error in answer.json["errors"]}


@pytest.mark.requirement("RQ-30")
@pytest.mark.parametrize("reading", ["7.4 GBq", "7.77 GBq", "7.03 GBq"])
def test_a_second_reading_within_the_tolerance_is_kept_beside_the_first(
    bench: Api, dose_of: Callable[..., dict[str, Any]], reading: str
) -> None:
    dose = bench.post("/dispensings", dose_of(reading))
    assert dose.status_code == 201, dose.json
    check = dose.json["second_check"]
    assert check["measured_activity"] == reading
    assert check["signature"]["line"].startswith("Signed by Second Pharmacist (radiopharmacist)")
    assert check["signature"]["meaning"] == "Checked by me, independently"
    assert "7.4 GBq" not in " ".join(check["signature"]["shown"]) or reading == "7.4 GBq"


@pytest.mark.requirement("RQ-30")
@pytest.mark.parametrize("reading", ["7.770001 GBq", "7.029999 GBq", "740 MBq"])
def test_readings_that_differ_dispense_nothing_and_both_are_kept(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]], reading: str
) -> None:
    body = dose_of(reading)
    answer = bench.post("/dispensings", body)
    assert (answer.status_code, codes(answer)) == (409, {"readings_differ"})
    assert f"7.4 GBq and {reading}" in answer.json["errors"][0]["message"]
    subject = f"directive:{body['directive_id']}"
    with runtime.reading() as db:
        assert audit.times(db, "site:1", Action.READINGS_DIFFERED, subject) == 1
    assert bench.get("/dispensings").json["items"] == []


def test_a_later_reading_is_carried_by_the_decay_of_what_was_drawn(
    bench: Api, clock: StandingClock, dose_of: Callable[..., dict[str, Any]]
) -> None:
    later = TODAY + timedelta(hours=20)
    body = dose_of("6.784 GBq", measured_at=instant_out(later))
    clock.now = later
    body["administer_at"] = instant_out(later)
    dose = bench.post("/dispensings", {**body, "reason": "late"})
    assert dose.status_code == 201, dose.json
    assert abs(float(dose.json["second_check"]["difference"])) < 0.001


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"vial_codes": ["V-000099"]}, "second_vials"),
        ({"vial_codes": []}, "second_vials"),
        ({"instrument_id": 99}, "instrument"),
        ({"measured_at": "2026-06-09T12:00:00Z"}, "second_measured_at"),
    ],
)
def test_a_second_reading_that_is_none_of_this_dose_is_refused(
    bench: Api, dose_of: Callable[..., dict[str, Any]], wrong: dict[str, Any], code: str
) -> None:
    assert codes(bench.post("/dispensings", dose_of("7.4 GBq", **wrong))) == {code}


def test_half_a_second_reading_is_none(bench: Api, dose_of: Callable[..., dict[str, Any]]) -> None:
    body = dose_of("7.4 GBq")
    del body["second"]["vial_codes"]
    answer = bench.post("/dispensings", body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "second.vial_codes"


@pytest.mark.requirement("RQ-30")
def test_a_product_may_require_a_second_reading(
    app: Flask, bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]]
) -> None:
    products = runtime.reference.products
    rule = SecondReadingRule(required=True, tolerance=Fraction(5, 100))
    strict = {**products, "lutathera": replace(products["lutathera"], second_reading=rule)}
    reference = replace(runtime.reference, products=MappingProxyType(strict))
    app.extensions["radiopharm"] = replace(runtime, reference=reference)
    body = dose_of("7.4 GBq")
    answer = bench.post("/dispensings", {**body, "second": SECOND})
    assert codes(answer) == {"second_reading"}
    assert bench.post("/dispensings", body).status_code == 201


@pytest.mark.requirement("RQ-30")
@pytest.mark.parametrize("forged", ["the same person", "another first", "another second"])
def test_the_database_itself_keeps_two_people_two(
    bench: Api, runtime: Runtime, dose_of: Callable[..., dict[str, Any]], forged: str
) -> None:
    alone = {**dose_of("7.4 GBq"), "second": None}
    dose_id = bench.post("/dispensings", alone).json["id"]
    me, other = (hospital.person(runtime, each).id for each in ("radiopharmacist", "second"))
    first_id, person_id = {
        "the same person": (me, me),
        "another first": (other, me),
        "another second": (me, other),
    }[forged]
    with runtime.reading() as db:
        signature_id = doses.get(db, 1, dose_id).signature.id
    row = {
        "dispensing_id": dose_id,
        "first_signature_id": signature_id,
        "first_id": first_id,
        "signature_id": signature_id,
        "person_id": person_id,
        "recorded_at": TODAY,
    }
    broken = "two_people|FOREIGN KEY|fk_second_checks"
    with pytest.raises(sa.exc.IntegrityError, match=broken), acts.writing(runtime.engine) as db:
        db.execute(second_checks.insert().values(row))
