"""Boxes of a form joined to what the schemas read."""

from collections.abc import Callable

from radiopharm.runtime import Runtime
from radiopharm.web import forms
from tests import hospital
from tests.doors import Pages


def test_dotted_boxes_are_lists_and_objects() -> None:
    boxes = {"draws.0.vial_id": "7", "draws.0.volume": "20.5", "draws.0.volume_unit": "mL"}
    joined, _ = forms.join({**boxes, "signature.username": "nuria", "signature.secret": "1"})
    assert joined["draws"] == [{"vial_id": "7", "volume": "20.5 mL"}]
    assert joined["signature"] == {"username": "nuria", "secret": "1"}


def test_a_secret_keeps_the_blanks_it_has() -> None:
    joined, _ = forms.join({"signature.secret": " 12 ", "reason": " late "})
    assert joined == {"reason": "late", "signature": {"secret": " 12 "}}


def test_a_form_says_which_entry_its_author_saw(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    vial_id = hospital.receive(runtime)
    form = {"after_sequence": "1", "idempotency_key": "k"}
    assert pages("radiopharmacist").post(f"/vials/{vial_id}/accept", form).status_code in (303, 409)


def test_the_summary_names_the_box_of_what_could_be_said_of_any(
    pages: Callable[[str], Pages],
) -> None:
    answer = pages("radiopharmacist").post("/receive", {"reference_activity": "-1"})
    for said in ("Product: This is needed", "Reference: This is needed", "Reference activity: The"):
        assert said in answer.text


def test_whoever_only_looked_is_led_on_and_not_told_of_saving(
    pages: Callable[[str], Pages],
) -> None:
    answer = pages("radiopharmacist").get("/vials/9999")
    assert answer.status_code == 404
    assert "Nothing was saved" not in answer.text
    assert 'href="/vials/9999"' not in answer.text
