"""The dispensing screen: the plan, the path over its own form, every refusal, no lost word."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.core.actions import Action
from radiopharm.runtime import Runtime
from radiopharm.store import accounts, audit, directives
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Pages
from tests.web.bench import address, boxes, opened, second, send, signed

TODAY = NOON + timedelta(days=2)
LUTATHERA: dict[str, object] = {
    "received_at": NOON,
    "reference_at": TODAY,
    "expires_at": TODAY + timedelta(days=3),
}
AZEDRA = LUTATHERA | {
    "product": "i-131-mibg-azedra",
    "activity_bq": 12_487_500_000,
    "volume_ul": 22_500,
}


@pytest.fixture
def bench(pages: Callable[[str], Pages], clock: StandingClock) -> Pages:
    """The radiopharmacist at the bench, two days after the delivery."""
    clock.now = TODAY
    return pages("radiopharmacist")


@pytest.fixture
def case(bench: Pages, runtime: Runtime) -> Callable[..., tuple[int, int]]:
    """A directive for two hours from now and an accepted vial."""

    def made(vial: dict[str, object] = LUTATHERA, **directive: object) -> tuple[int, int]:
        planned = {"planned_for": TODAY + timedelta(hours=2), **directive}
        return hospital.directive(runtime, **planned), hospital.accepted(runtime, **vial)

    return made


Case = Callable[..., tuple[int, int]]


@pytest.mark.requirement("RQ-24")
def test_the_page_says_who_what_and_how_much(bench: Pages, case: Case) -> None:
    directive_id, _ = case()
    page = bench.get(address(directive_id)).text
    for said in ("Canary, Carla", "29 Feb 1960", "Lutathera", "7,400 MBq", "Draw now"):
        assert said in page
    assert boxes(page)["draws.0.volume"] == "20.5"
    assert "Nothing stands in the way" in page


def test_each_look_at_the_patient_is_recorded(bench: Pages, runtime: Runtime, case: Case) -> None:
    directive_id, _ = case()
    bench.get(address(directive_id))
    with runtime.reading() as db:
        site = accounts.first_site(db)
        assert site is not None
        patient = directives.get(db, site.id, directive_id).patient
        assert audit.times(db, site.stream, Action.PATIENT_SEEN, f"patient:{patient}") == 1


def test_a_dose_is_dispensed_from_page_to_page(bench: Pages, case: Case) -> None:
    directive_id, vial_id = case()
    answer = send(bench, signed(opened(bench, directive_id)))
    assert answer.status_code == 303
    dose = bench.get(answer.location).text
    assert "Dispensed by me" in dose
    assert f"V-{vial_id:06d}" in dose


@pytest.mark.requirement("RQ-29")
def test_sent_twice_it_is_one_dose(bench: Pages, case: Case) -> None:
    form = signed(opened(bench, case()[0]))
    first, again = send(bench, form), send(bench, form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location


def test_every_refusal_stands_on_the_page_and_what_was_typed_comes_back(
    bench: Pages, runtime: Runtime
) -> None:
    vial_id = hospital.receive(runtime, **LUTATHERA)
    directive_id = hospital.directive(runtime, signed=False, planned_for=TODAY)
    form = signed(opened(bench, directive_id, vial_id), measured_activity="5.1")
    page = send(bench, form | {"draws.0.volume": "21"})
    assert page.status_code == 409
    for said in (
        "not signed yet",
        "has not been accepted yet",
        "holds 20.50 mL, you asked 21.00 mL",
        "A second person or the physician must sign too",
        "Say why it may be given",
    ):
        assert said in page.text
    kept = boxes(page.text)
    assert (kept["measured_activity"], kept["draws.0.volume"]) == ("5.1", "21")
    assert "signature.secret" in kept
    assert hospital.PIN not in page.text


def test_a_reason_and_a_second_person_allow_it(bench: Pages, case: Case) -> None:
    form = signed(opened(bench, case()[0]), measured_activity="5.1", **second())
    answer = send(bench, form | {"usual_reason": "Drawn in an emergency", "reason": "half agreed"})
    assert answer.status_code == 303
    assert "Drawn in an emergency: half agreed" in bench.get(answer.location).text


def test_a_stale_page_keeps_the_readings_and_shows_what_changed(
    bench: Pages, runtime: Runtime, case: Case
) -> None:
    directive_id, vial_id = case()
    form = signed(opened(bench, directive_id), measured_activity="7.45")
    other = hospital.directive(runtime, prescribed_bq=3_700_000_000, planned_for=TODAY)
    half = signed(opened(bench, other, vial_id), measured_activity="3.7")
    assert send(bench, half | {"draws.0.volume": "10.25"}).status_code == 303
    stale = send(bench, form)
    assert stale.status_code == 409
    assert "has moved on since you looked. It now holds 10.25 mL" in stale.text
    assert re.search(r"drawn −10\.25 mL, Radiopharmacist", stale.text)
    kept = boxes(stale.text)
    assert (kept["measured_activity"], kept["draws.0.after_sequence"]) == ("7.45", "2")
    assert "you asked 20.50 mL" in send(bench, signed(kept, measured_activity="7.45")).text


def test_a_page_that_waits_is_told_that_its_vial_has_moved(
    bench: Pages, runtime: Runtime, case: Case
) -> None:
    directive_id, _ = case()
    form = opened(bench, directive_id)
    assert send(bench, signed(opened(bench, directive_id))).status_code == 303
    panel = bench.get("/dispense/figures", **form).text
    assert "has moved on while you were typing" in panel


def test_a_whole_vial_that_is_too_much_is_proposed_whole_and_offered_in_part(
    bench: Pages, case: Case
) -> None:
    directive_id, _ = case(prescribed_bq=3_700_000_000)
    page = bench.get(address(directive_id)).text
    assert boxes(page)["draws.0.volume"] == "20.5"
    assert "The whole vial is +103.2 % from the prescription at 16:00 CEST" in page
    assert re.search(r"Draw a part instead: 10\.0\d+ mL", page)


def test_half_of_a_whole_vial_is_drawn_as_half(bench: Pages, case: Case) -> None:
    directive_id, _ = case(prescribed_bq=3_700_000_000)
    half = send(bench, {**opened(bench, directive_id), "propose": "part"}, "/dispense/look").text
    form = boxes(half)
    assert "mL typed" not in half
    assert float(form["draws.0.volume"]) == pytest.approx(10.0875, abs=0.01)
    assert send(bench, signed(form, measured_activity="3.7")).status_code == 303


def test_eighteen_and_a_half_gigabecquerels_are_proposed_from_two_vials(
    bench: Pages, runtime: Runtime, case: Case
) -> None:
    hospital.accepted(runtime, **AZEDRA)
    directive_id, _ = case(AZEDRA, product="i-131-mibg-azedra", prescribed_bq=18_500_000_000)
    form = opened(bench, directive_id)
    assert form["draws.0.volume"] == "22.5"
    assert 10.8 < float(form["draws.1.volume"]) < 11.2
    assert send(bench, signed(form, measured_activity="18.6")).status_code == 303


def test_the_rest_is_said_to_be_missing(bench: Pages, case: Case) -> None:
    directive_id, _ = case(AZEDRA, product="i-131-mibg-azedra", prescribed_bq=18_500_000_000)
    assert "Missing then" in bench.get(address(directive_id)).text


def test_a_vial_of_another_product_is_named_in_a_sentence(bench: Pages, case: Case) -> None:
    directive_id, _ = case(AZEDRA)
    mibg = "V-000001"
    page = send(bench, {**opened(bench, directive_id), "scan": mibg}, "/dispense/look").text
    assert "This is Azedra (iobenguane I 131). The directive says Lutathera" in page
    assert 'class="notice tone-stop loud"' in page
    for no_act in ("Draw now", "Drawn from", "volume", "say why", "Sign and dispense", "frame"):
        assert no_act not in page.split("<main")[1], no_act


def test_another_volume_than_planned_says_what_it_holds(bench: Pages, case: Case) -> None:
    form = opened(bench, case()[0]) | {"draws.0.volume": "10.25"}
    panel = bench.get("/dispense/figures", **form).text
    assert "<b>10.25 mL typed</b> holds <b>3,760 MBq</b> at 16:00 CEST; planned 20.50 mL" in panel
    assert "Volume to draw" not in panel


def test_the_missing_second_person_is_asked_for_at_their_own_box(bench: Pages, case: Case) -> None:
    page = send(bench, signed(opened(bench, case()[0]), measured_activity="5.1")).text
    assert "must sign too" in page.split('id="x-second.username"')[1][:400]
    assert 'id="x-measured_activity"' not in page


def test_what_was_typed_outlives_a_vial_of_another_product(bench: Pages, case: Case) -> None:
    directive_id, azedra = case(AZEDRA)
    form = opened(bench, directive_id) | {"measured_activity": "7.4", "reason": "agreed"}
    wrong = send(bench, {**form, "scan": f"V-{azedra:06d}"}, "/dispense/look").text
    kept = boxes(send(bench, {**boxes(wrong), "drop": str(azedra)}, "/dispense/look").text)
    assert (kept["measured_activity"], kept["reason"]) == ("7.4", "agreed")


def test_a_dose_drawn_from_another_product_is_still_recorded(bench: Pages, case: Case) -> None:
    directive_id, azedra = case(AZEDRA)
    wrong = opened(bench, directive_id, azedra)
    page = send(bench, {**wrong, "already_drawn": "yes"}, "/dispense/look").text
    assert "It will be recorded with what it breaks" in page
    assert boxes(page)["draws.0.volume"] == ""


def test_a_scanned_vial_replaces_what_was_only_proposed(
    bench: Pages, runtime: Runtime, case: Case
) -> None:
    hospital.accepted(runtime, **LUTATHERA)
    directive_id, vial_id = case()
    form = {**opened(bench, directive_id), "measured_activity": "7.38"}
    looked = send(bench, form | {"scan": f"v-{vial_id:06d}"}, "/dispense/look")
    kept = boxes(looked.text)
    assert (kept["draws.0.vial_id"], kept["measured_activity"]) == (str(vial_id), "7.38")
    assert "draws.1.vial_id" not in kept


@pytest.mark.parametrize("code", ["D-000001", "hello", "V-000999"])
def test_a_code_that_is_no_vial_here_changes_nothing(bench: Pages, case: Case, code: str) -> None:
    directive_id, vial_id = case()
    form = {**opened(bench, directive_id, vial_id), "scan": code}
    looked = send(bench, form, "/dispense/look")
    assert "is not " in looked.text
    assert boxes(looked.text)["draws.0.vial_id"] == str(vial_id)


def test_a_vial_can_be_left_out_and_the_volumes_proposed_again(bench: Pages, case: Case) -> None:
    directive_id, vial_id = case()
    form = opened(bench, directive_id)
    left = send(bench, {**form, "drop": str(vial_id)}, "/dispense/look").text
    assert "draws.0.vial_id" in left
    again = send(bench, {**form, "draws.0.volume": "3", "propose": "yes"}, "/dispense/look").text
    assert boxes(again)["draws.0.volume"] == "20.5"


def test_an_empty_volume_is_asked_for(bench: Pages, case: Case) -> None:
    answer = send(bench, signed(opened(bench, case()[0]), draws__0__volume=""))
    assert answer.status_code == 422
    assert "Enter the volume drawn." in answer.text


def test_a_wrong_secret_saves_nothing_and_is_said(bench: Pages, case: Case) -> None:
    answer = send(bench, signed(opened(bench, case()[0]), signature__secret="999999"))
    assert answer.status_code == 403
    assert "do not belong together" in answer.text


def test_who_may_not_dispense_may_not_sign(bench: Pages, case: Case) -> None:
    form = signed(opened(bench, case()[0]), signature__username="physicist")
    answer = send(bench, form)
    assert answer.status_code == 403
    assert "role does not include dispensing" in answer.text


@pytest.mark.requirement("RQ-53")
def test_a_dose_already_drawn_is_recorded_with_what_it_breaks(
    bench: Pages, runtime: Runtime
) -> None:
    directive_id = hospital.directive(runtime, planned_for=TODAY)
    vial_id = hospital.receive(runtime, **LUTATHERA)
    form = signed(opened(bench, directive_id, vial_id), already_drawn="yes", **second())
    panel = bench.get("/dispense/figures", **{k: v for k, v in form.items() if "secret" not in k})
    assert "It will be recorded with what it breaks" in panel.text
    answer = send(bench, form | {"usual_reason": "Drawn while the system was down"})
    assert "not accepted" in bench.get(answer.location).text


def test_the_verdict_stands_beside_the_reading_at_one_instant(bench: Pages, case: Case) -> None:
    form = opened(bench, case()[0]) | {"measured_activity": "7.0", "measured_activity_unit": "GBq"}
    panel = bench.get("/dispense/figures", **form).text
    assert "−6.2 % at 16:00 CEST" in panel
    assert "Within the tolerance" in panel


@pytest.mark.requirement("RQ-26")
@pytest.mark.parametrize(("reading", "slip"), [("7400", "1,000 times"), ("273.8", "37 times")])
def test_a_slip_of_unit_is_named(bench: Pages, case: Case, reading: str, slip: str) -> None:
    form = {**opened(bench, case()[0]), "measured_activity": reading}
    assert slip in bench.get("/dispense/figures", **form).text


@pytest.mark.parametrize(
    "typed",
    [
        {"measured_activity": "7,"},
        {"draws.0.volume": "12."},
        {"draws.0.vial_id": "x"},
        {"draws.0.vial_id": "99"},
        {"administer_at_date": "2026-0"},
        {"administer_at_date": "2099-01-01"},
        {"administer_at_date": "2000-01-02"},
        {"measured_at_time": "7"},
        {"measured_at_date": "2000-01-01"},
        {"instrument_id": "-1"},
        {"second.username": "\u200b"},
        {"draws": "x", "second": "y"},
    ],
)
def test_half_typed_input_still_gets_its_panel(
    bench: Pages, case: Case, typed: dict[str, str]
) -> None:
    form = opened(bench, case()[0]) | {"measured_activity": "7.4"}
    answer = bench.get("/dispense/figures", **{**form, **typed})
    assert answer.status_code == 200
    assert send(bench, {**signed(form), **typed}).status_code < 500


def test_a_directive_that_is_not_here_is_not_found(bench: Pages) -> None:
    for directive_id in ("99", "", "x"):
        assert bench.get("/dispense", directive_id=directive_id).status_code == 404


@pytest.mark.parametrize("role", ["physician", "safety_officer", "admin"])
def test_who_does_not_dispense_sees_no_patient_here(
    pages: Callable[[str], Pages], case: Case, role: str
) -> None:
    answer = pages(role).get(address(case()[0]))
    assert answer.status_code == 403
    assert "Canary" not in answer.text


@pytest.mark.requirement("RQ-27")
def test_a_reading_in_the_wrong_unit_is_named_while_it_is_typed(bench: Pages, case: Case) -> None:
    form = opened(bench, case()[0]) | {"measured_activity": "200", "measured_activity_unit": "MBq"}
    panel = bench.get("/dispense/figures", **form).text
    assert "about 37 times less than what was calculated. Is it mCi and not MBq?" in panel
