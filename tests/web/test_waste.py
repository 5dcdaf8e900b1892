"""A bag's life on the pages: opened, filled, sealed, measured, checked, released."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from werkzeug.test import TestResponse

from radiopharm.core.receiving import DeclaredImpurity
from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Pages
from tests.web.bench import sign

LU177M = DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0002"))
BAG = {"kind": "bag", "nuclide": "Lu-177", "place": "Store B"}
SIGNATURE = {"signature.username": "safety_officer", "signature.secret": hospital.PASSWORD}


@pytest.fixture
def officer(pages: Callable[[str], Pages]) -> Pages:
    return pages("safety_officer")


def open_bag(officer: Pages, **changes: str) -> str:
    answer = officer.post("/waste", {**BAG, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def fill(officer: Pages, path: str, **changes: str) -> TestResponse:
    body = {
        "source": "other",
        "description": "Gloves",
        "activities.0.nuclide": "Lu-177",
        "activities.0.activity": "118",
        "activities.0.activity_unit": "MBq",
    }
    return officer.post(f"{path}/items", {**body, **changes})


def measure(officer: Pages, path: str, runtime: Runtime, reading: str = "0.12") -> TestResponse:
    body = {
        "background": "0.12",
        "reading": reading,
        "unit": "µSv/h",
        "unshielded": "yes",
        "most_sensitive_scale": "yes",
        "instrument_id": str(hospital.survey_meter(runtime)),
        "measured_at": runtime.clock().isoformat(),
    }
    return officer.post(f"{path}/measurements", body)


def choose(officer: Pages) -> TestResponse:
    form = {"pack": "us-dis", "reason": "Our licence", **SIGNATURE}
    return sign(officer, "/rule-packs", "/rule-packs/statement", form)


def release(officer: Pages, path: str, **changes: str) -> TestResponse:
    body = {
        "destination": "Ordinary waste",
        "labels_defaced": "yes",
        "biohazard": "none",
        **SIGNATURE,
    }
    return sign(officer, f"{path}/release", f"{path}/statement", {**body, **changes})


def ready(officer: Pages, runtime: Runtime) -> str:
    path = open_bag(officer)
    for answer in (
        choose(officer),
        fill(officer, path),
        officer.post(f"{path}/seal", {"mass_g": "850"}),
        measure(officer, path, runtime),
    ):
        assert answer.status_code == 303, answer.text
    return path


@pytest.mark.requirement("RQ-38", "RQ-40")
def test_a_bag_lives_from_opening_to_release(officer: Pages, runtime: Runtime) -> None:
    path = ready(officer, runtime)
    assert "Release W-000001" in officer.get(path, act="release").text
    assert release(officer, path).status_code == 303
    page = officer.get(path).text
    assert "Signed by Safety_Officer (safety officer) at" in page
    assert "Released" in page
    assert "W-000001" not in officer.get("/waste").text
    assert "W-000001" in officer.get("/waste", state="released").text


def test_the_list_says_what_no_waiting_brings(officer: Pages, runtime: Runtime) -> None:
    path = open_bag(officer)
    choose(officer)
    fill(officer, path)
    assert "<b>now</b>, after sealing and a reading" in officer.get("/waste").text
    officer.post(f"{path}/seal", {"mass_g": "850"})
    assert "<b>now</b>, after a reading" in officer.get("/waste").text
    measure(officer, path, runtime, "9")
    assert "<b>now</b>, after a lower reading" in officer.get("/waste").text
    measure(officer, path, runtime)
    assert "<span><b>now</b></span>" in officer.get("/waste").text


@pytest.mark.requirement("RQ-39")
def test_the_bag_with_lu177m_has_no_button_and_says_why(officer: Pages, runtime: Runtime) -> None:
    choose(officer)
    vial_id = hospital.receive(runtime, impurities=(LU177M,))
    path = open_bag(officer)
    offered = officer.get(path, act="fill", code=f"V-{vial_id}").text
    assert "20.50 mL" in offered
    officer.post(
        f"{path}/items", {"source": "vial", "vial_id": str(vial_id), "after_sequence": "1"}
    )
    officer.post(f"{path}/seal", {})
    measure(officer, path, runtime)
    page = officer.get(path, act="release").text
    assert "Lu-177m 160.4 d" in page
    assert "There is no earliest date by these rules" in page
    assert "What if the impurity were ignored" in page
    assert "Release W-" not in page
    assert release(officer, path).status_code == 409


def test_ninety_days_stand_beside_the_truth(officer: Pages) -> None:
    path = open_bag(officer)
    impurity = {"activities.1.nuclide": "Lu-177m", "activities.1.activity": "23.6"}
    fill(officer, path, **impurity, **{"activities.1.activity_unit": "kBq"})
    assert officer.post(f"{path}/seal", {"mass_g": "100", "volume_ml": "1000"}).status_code == 303
    page = officer.get(path, act="release", pack="de-clearance").text
    for words in ("<b>1,797 d</b>", "<b>90 d</b>", "Nuclide by nuclide", "0.1 Bq/g", "1,000 mL"):
        assert words in page
    unlisted = officer.get(path, act="release", pack="eu-clearance").text
    assert "needs a decision by the competent authority" in unlisted
    assert "cannot be said yet" in unlisted


def test_the_rules_show_every_figure_with_its_source_and_status(officer: Pages) -> None:
    page = officer.get("/rule-packs").text
    for words in ("Germany: unrestricted clearance", "Lu-177m</b>+", "covers Hf-177m, Lu-177"):
        assert words in page
    assert "default: any other artificial nuclide" in page
    assert page.count("unverified") > 5


def test_a_refused_item_comes_back_with_what_was_typed(officer: Pages) -> None:
    path = open_bag(officer)
    answer = fill(officer, path, **{"activities.0.activity": "1,5"})
    assert answer.status_code == 422
    assert 'value="Gloves"' in answer.text
    assert "Use a point as decimal sign" in answer.text


def test_another_nuclide_is_refused_on_the_page(officer: Pages) -> None:
    path = open_bag(officer, nuclide="I-131")
    answer = fill(officer, path)
    assert answer.status_code == 409
    assert "is for I-131; this is Lu-177" in answer.text


def test_a_stale_vial_is_said_and_its_form_kept(officer: Pages, runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    path = open_bag(officer)
    body = {"source": "vial", "vial_id": str(vial_id), "after_sequence": "9", "volume": "3"}
    answer = officer.post(f"{path}/items", {**body, "volume_unit": "mL", "code": f"V-{vial_id}"})
    assert answer.status_code == 409
    assert "has moved on since you looked" in answer.text
    assert 'value="3"' in answer.text


@pytest.mark.requirement("RQ-50")
@pytest.mark.parametrize("secret", [hospital.PIN, "a wrong password"])
def test_a_wrong_secret_releases_nothing_and_is_not_shown(
    officer: Pages, runtime: Runtime, secret: str
) -> None:
    path = ready(officer, runtime)
    answer = release(officer, path, **{"signature.secret": secret})
    assert answer.status_code == 403
    assert "Ordinary waste" in answer.text
    assert secret not in answer.text


def test_a_page_that_is_out_of_date_does_not_release(officer: Pages, runtime: Runtime) -> None:
    path = ready(officer, runtime)
    measure(officer, path, runtime)
    assert release(officer, path, after_sequence="3").status_code == 409


def test_a_worse_reading_takes_the_button_away(
    officer: Pages, runtime: Runtime, clock: StandingClock
) -> None:
    path = ready(officer, runtime)
    clock.move(minutes=5)
    measure(officer, path, runtime, "0.42")
    assert "There is nothing to sign" in officer.get(path, act="release").text


@pytest.mark.parametrize("way", ["transfer", "return-to-supplier"])
def test_the_other_ways_out(officer: Pages, runtime: Runtime, way: str) -> None:
    path = ready(officer, runtime)
    body = {"recipient": "Depot", "licence_number": "R-1"}
    assert officer.post(f"{path}/{way}", body).status_code == 303
    page = officer.get(path).text
    assert "Depot" in page
    assert "May it be released?" not in page


def test_a_technologist_sees_no_way_out(
    officer: Pages, runtime: Runtime, pages: Callable[[str], Pages]
) -> None:
    path = ready(officer, runtime)
    bench = pages("technologist")
    assert "act=release" not in bench.get(path).text
    assert release(bench, path).status_code == 403


def test_a_condition_of_the_licence_is_entered(officer: Pages) -> None:
    body = {"number": "29-1, 18", "wording": "May hold.", "nuclides": "Lu-177m, Sr-90"}
    answer = officer.post("/licence-conditions", {**body, "hold": "10", "hold_in": "half-lives"})
    assert answer.status_code == 303
    assert "Lu-177m, Sr-90: 10 half-lives" in officer.get("/rule-packs").text


def test_the_label_prints_and_the_code_leads_to_the_page(officer: Pages) -> None:
    path = open_bag(officer)
    assert officer.get(f"{path}/label.pdf").data.startswith(b"%PDF")
    assert officer.get("/scan", code="w-000001").headers["Location"] == f"{path}#act"
    assert officer.get("/waste/99").status_code == 404


def test_what_is_ticked_on_todays_list_leaves_together(officer: Pages, runtime: Runtime) -> None:
    path = ready(officer, runtime)
    page = officer.get("/waste/today", tick="Lu-177").text
    assert "Lu-177: 118 MBq in 1" in page
    ticked = re.findall(r'name="container" value="([\d:]+)" checked', page)
    form = {"container": ticked[0], "destination": "Clinical waste", "labels_defaced": "yes"}
    form |= {"biohazard": "none", **SIGNATURE}
    assert officer.post("/waste/today", form).status_code == 409  # nothing was shown to sign
    sent = sign(officer, "/waste/today", "/waste/today/statement", form)
    assert sent.status_code == 303, sent.text
    assert "Released: W-000001" in officer.get("/waste/today").text
    assert "Released" in officer.get(path).text


def test_a_missing_figure_is_entered_on_its_page(officer: Pages) -> None:
    form = {"table": "uk-out-of-scope/artificial", "nuclide": "Lu-177", "value": "100"}
    form |= {"unit": "Bq/g", "clause": "Schedule 23", "source": "legislation.gov.uk"}
    form |= {"reason": "No row", **SIGNATURE}
    sent = sign(officer, "/site-figures", "/site-figures/statement", form)
    assert sent.status_code == 303, sent.text
    assert "Lu-177: 100 Bq/g" in officer.get("/site-figures").text
    again = sign(officer, "/site-figures", "/site-figures/statement", {**form, "value": "x"})
    assert again.status_code == 422


def test_a_derogation_stands_in_red_on_the_page_and_the_list(
    officer: Pages, runtime: Runtime, pages: Callable[[str], Pages]
) -> None:
    path = ready(officer, runtime)
    measure(officer, path, runtime, "9")
    derogator = pages("derogator")
    both = {**SIGNATURE, "signature.username": "derogator"}
    both |= {"officer.username": "safety_officer", "officer.secret": hospital.PASSWORD}
    form = {"destination": "Depot", "labels_defaced": "yes", "biohazard": "none"}
    form |= {"reason": "The store burns", **both}
    sent = sign(derogator, f"{path}/derogation", f"{path}/derogation/statement", form)
    assert sent.status_code == 303, sent.text
    for page in (officer.get(path), officer.get("/waste", state="derogated")):
        assert "Derogation: rules not met" in page.text
    assert "W-000001" not in officer.get("/waste", state="released").text
