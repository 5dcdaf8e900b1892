"""The second person's own page: blind to the first reading, compared, kept apart by person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from radiopharm.core.actions import Action
from radiopharm.core.products import SecondReadingRule
from radiopharm.runtime import Runtime
from radiopharm.store import audit
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Pages
from tests.web.bench import boxes, opened, send, sign, signed

TODAY = NOON + timedelta(days=2)
FIRST = "7.391"


class Case:
    """A dose at the bench, read by the first person as 7.391 GBq."""

    def __init__(self, bench: Pages, directive_id: int, vial_id: int) -> None:
        self.bench, self.directive_id, self.vial_id = bench, directive_id, vial_id
        self.path = f"/dispense/second/{directive_id}"

    def hand_over(self, **changes: str) -> TestResponse:
        form = {**opened(self.bench, self.directive_id), "measured_activity": FIRST}
        form |= {"signature.secret": hospital.PIN, "measured_activity_unit": "GBq", **changes}
        return hand_over(self.bench, form)

    def own(self, reading: str, **changes: str) -> dict[str, str]:
        """The second person's boxes as they fill them."""
        typed = {
            "vial_codes": f"v-{self.vial_id:06d}\n",
            "measured_activity": reading,
            "measured_activity_unit": "GBq",
            "measured_at_date": "2026-06-03",
            "measured_at_time": "14:00",
            "measured_at_zone": "Europe/Madrid",
            "instrument_id": "1",
            "username": "second",
            "secret": hospital.PIN,
        }
        return {f"second.{name}": text for name, text in {**typed, **changes}.items()}

    def sign(self, form: dict[str, str]) -> TestResponse:
        return sign(self.bench, self.path, f"{self.path}/statement", form)


def hand_over(bench: Pages, form: dict[str, str]) -> TestResponse:
    """Send the dose as a page with script does, by the button for a second reading."""
    form = {name: text for name, text in form.items() if name != "csrf_token"}
    return sign(bench, "/dispense/hand-over", "/dispense/figures", form)


@pytest.fixture
def case(pages: Callable[[str], Pages], runtime: Runtime, clock: StandingClock) -> Case:
    clock.now = TODAY
    vial_id = hospital.accepted(
        runtime, received_at=NOON, reference_at=TODAY, expires_at=TODAY + timedelta(days=3)
    )
    directive_id = hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))
    hospital.calibrator(runtime)
    return Case(pages("radiopharmacist"), directive_id, vial_id)


def doses(case: Case) -> str:
    return case.bench.get("/doses", day="2026-06-03").text


@pytest.mark.requirement("RQ-30")
def test_nothing_of_the_first_reading_is_on_the_second_persons_page(case: Case) -> None:
    handed = case.hand_over()
    assert (handed.status_code, handed.location) == (303, case.path)
    seen = [case.bench.get(case.path)]
    seen += [case.bench.post(f"{case.path}/statement", case.own("7.4"))]
    seen += [case.sign(case.own("", vial_codes="V-000099")), case.sign({})]
    for page in seen:
        for hidden in (FIRST, "7391", "7,391", "20.5", f"V-{case.vial_id:06d}"):
            assert hidden not in page.text.replace(f"Read on the label: V-{case.vial_id:06d}", "")


@pytest.mark.requirement("RQ-30")
def test_two_readings_that_agree_are_dispensed_and_stand_side_by_side(case: Case) -> None:
    case.hand_over()
    answer = case.sign(case.own("7.4"))
    assert answer.status_code == 303, answer.text
    dose = case.bench.get(answer.location).text
    assert f"{FIRST} GBq" in dose
    assert "Own reading 7.4 GBq" in dose
    assert "Signed by Second Pharmacist (radiopharmacist)" in dose
    assert case.bench.get(case.path).status_code == 303


@pytest.mark.requirement("RQ-30")
def test_readings_that_differ_are_shown_and_kept_and_nothing_is_dispensed(
    case: Case, runtime: Runtime
) -> None:
    case.hand_over()
    answer = case.sign(case.own("6.9"))
    assert answer.status_code == 409
    for said in ("Nothing is dispensed", f"{FIRST} GBq", "6.9 GBq", "Second Pharmacist"):
        assert said in answer.text
    with runtime.reading() as db:
        for action in (Action.SECOND_READING_ASKED, Action.READINGS_DIFFERED):
            assert audit.times(db, "site:1", action, f"directive:{case.directive_id}") == 1
    again = opened(case.bench, case.directive_id)
    assert (again["draws.0.volume"], again["measured_activity"]) == ("20.5", "")
    assert case.sign(case.own("7.4")).status_code == 303
    assert "D-000001" not in doses(case)


@pytest.mark.requirement("RQ-30")
@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"username": "radiopharmacist"}, 409, "must be someone else"),
        ({"username": " RadioPharmacist"}, 409, "must be someone else"),
        ({"vial_codes": "V-000099"}, 409, "did not read the codes"),
        ({"secret": "999999"}, 403, "do not belong together"),
        ({"measured_activity": ""}, 422, "This is needed"),
        ({"vial_codes": ""}, 422, "This is needed"),
    ],
)
def test_what_is_no_second_reading_is_refused_and_what_was_typed_stays(
    case: Case, wrong: dict[str, str], status: int, said: str
) -> None:
    case.hand_over()
    answer = case.sign(case.own("7.4", **wrong))
    assert answer.status_code == status, answer.text
    assert said in answer.text
    assert FIRST not in answer.text
    assert hospital.PIN not in answer.text
    assert case.sign(case.own("7.4")).status_code == 303


def test_without_script_the_text_comes_back_first_and_is_then_signed(case: Case) -> None:
    case.hand_over()
    first = case.bench.post(case.path, case.own("7.4"))
    assert (first.status_code, "Checked by me, independently" in first.text) == (409, True)
    assert case.sign(case.own("7.4")).status_code == 303


def test_a_wrong_first_secret_hands_nothing_over(case: Case) -> None:
    answer = case.hand_over(**{"signature.secret": "999999"})
    assert (answer.status_code, "do not belong together" in answer.text) == (403, True)
    assert case.bench.get(case.path).status_code == 303


def test_a_vial_that_moved_meanwhile_is_said_without_the_first_reading(
    case: Case, runtime: Runtime
) -> None:
    case.hand_over()
    other = hospital.directive(runtime, prescribed_bq=3_700_000_000, planned_for=TODAY)
    half = signed(opened(case.bench, other, case.vial_id), measured_activity="3.7")
    assert send(case.bench, half | {"draws.0.volume": "10.25"}).status_code == 303
    answer = case.sign(case.own("7.4"))
    assert answer.status_code == 409
    assert FIRST not in answer.text
    assert case.bench.post(f"{case.path}/back", {}).status_code == 303
    assert opened(case.bench, case.directive_id)["measured_activity"] == FIRST


def test_a_first_signature_does_not_wait_for_ever(case: Case, clock: StandingClock) -> None:
    case.hand_over()
    clock.move(minutes=8)
    assert case.bench.get(case.path).status_code == 200
    clock.move(minutes=8)
    assert case.sign(case.own("7.4")).location.startswith("/dispense?")
    page = case.bench.get(f"/dispense?directive_id={case.directive_id}").text
    assert "Nothing waits for a second reading" in page
    assert boxes(page)["measured_activity"] == FIRST


@pytest.mark.requirement("RQ-30")
def test_a_product_that_is_read_twice_is_dispensed_by_this_way_only(
    app: Flask, case: Case, runtime: Runtime
) -> None:
    products = runtime.reference.products
    rule = SecondReadingRule(required=True, tolerance=Fraction(5, 100))
    strict = {**products, "lutathera": replace(products["lutathera"], second_reading=rule)}
    reference = replace(runtime.reference, products=MappingProxyType(strict))
    app.extensions["radiopharm"] = replace(runtime, reference=reference)
    page = opened(case.bench, case.directive_id)
    alone = send(case.bench, signed(page))
    assert (alone.status_code, "read by a second person too" in alone.text) == (409, True)
    assert "Sign and dispense" not in alone.text
    assert case.hand_over().location == case.path
    assert case.sign(case.own("7.4")).location.startswith("/doses/")


def test_a_deviation_that_needs_two_is_handed_over_too(case: Case) -> None:
    far = {"measured_activity": "5.1", "usual_reason": "Drawn in an emergency"}
    assert "You sign:" in case.hand_over(**far).text
    assert case.hand_over(**far, hands_over="yes").location == case.path
    assert case.sign(case.own("5.1")).location.startswith("/doses/")


def test_nobody_else_finds_what_was_handed_over(case: Case, pages: Callable[[str], Pages]) -> None:
    case.hand_over()
    other = pages("technologist")
    assert other.get(case.path).status_code == 303
    assert opened(other, case.directive_id)["measured_activity"] == ""


def test_no_browser_writes_what_was_handed_over(case: Case) -> None:
    forged = {"measured_activity": "1", "proof.matched": "x"}
    case.bench.post(f"/drafts?page=second_reading.show&key={case.directive_id}", forged)
    assert case.bench.get(case.path).status_code == 303
