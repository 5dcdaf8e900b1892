"""The page of instruments."""

from collections.abc import Callable

from tests.doors import Pages

METER = {"name": "Calibrator B", "kind": "activity_meter", "serial": "CB-7"}


def test_an_instrument_is_added_by_form(pages: Callable[[str], Pages]) -> None:
    physicist = pages("physicist")
    assert physicist.post("/instruments", METER).status_code == 303
    assert "Calibrator B" in physicist.get("/instruments").text


def test_what_was_typed_comes_back_with_every_error(pages: Callable[[str], Pages]) -> None:
    answer = pages("physicist").post("/instruments", {"name": "Calibrator B"})
    assert answer.status_code == 422
    assert 'value="Calibrator B"' in answer.text
    assert answer.text.count('aria-invalid="true"') >= 1


def test_who_may_not_add_sees_no_form(pages: Callable[[str], Pages]) -> None:
    assert "Add the instrument" not in pages("technologist").get("/instruments").text
