"""Accounts: made, closed, given a token that is shown once; one's own PIN."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests import hospital
from tests.doors import Api, Pages

NEW = {
    "username": "nferrer",
    "display_name": "Núria Ferrer",
    "password": "a long first password",
    "roles": "technologist",
    "idempotency_key": "page",
}


@pytest.fixture
def office(pages: Callable[[str], Pages]) -> Pages:
    return pages("admin")


def test_a_new_account_is_listed_with_its_roles(office: Pages) -> None:
    assert office.post("/accounts", NEW).status_code == 302
    assert "Núria Ferrer" in office.get("/accounts").text


def test_a_refused_account_keeps_what_was_typed_but_never_the_password(office: Pages) -> None:
    answer = office.post("/accounts", {**NEW, "password": "short"})
    assert answer.status_code == 422
    assert 'value="Núria Ferrer"' in answer.text
    assert re.search(r'value="technologist" id="f-roles" checked', answer.text)
    assert "short" not in answer.text.replace("shortest", "")


def test_a_token_is_shown_once_and_works(office: Pages, app: Flask) -> None:
    page = office.post("/accounts/technologist/tokens", {"name": "Scanner", "idempotency_key": "t"})
    (token,) = re.findall(r'value="(rp_[\w-]+)"', page.text)
    assert Api(app, token).get("/vials").status_code == 200
    assert token not in office.get("/accounts").text


def test_a_token_sent_again_is_not_made_again(office: Pages) -> None:
    form = {"name": "Scanner", "idempotency_key": "t"}
    office.post("/accounts/technologist/tokens", form)
    again = office.post("/accounts/technologist/tokens", form).text
    assert not re.search(r"\brp_[\w-]{20}", again)  # three letters alone stand in a CSRF token too


def test_a_token_says_what_it_is_for(office: Pages) -> None:
    assert office.post("/accounts/technologist/tokens", {"name": " "}).status_code == 422


def test_a_closed_account_is_out_at_once(office: Pages, pages: Callable[[str], Pages]) -> None:
    bench = pages("technologist")
    office.post("/accounts/technologist/disable", {"reason": "Left the hospital"})
    assert "/sign-in" in bench.get("/stock").location
    assert "Closed" in office.get("/accounts").text


def test_an_account_is_closed_with_a_reason_and_never_ones_own(office: Pages) -> None:
    assert office.post("/accounts/technologist/disable", {"reason": ""}).status_code == 422
    assert office.post("/accounts/admin/disable", {"reason": "Oops"}).status_code == 422


def test_nobody_of_that_name_is_not_found(office: Pages) -> None:
    assert office.post("/accounts/nobody/disable", {"reason": "x"}).status_code == 404


def test_ones_pin_is_set_with_ones_password(pages: Callable[[str], Pages]) -> None:
    mine = pages("technologist")
    wrong = mine.post("/account/pin", {"pin": "314159", "password": "not mine"})
    assert (wrong.status_code, "314159" in wrong.text) == (422, False)
    right = mine.post("/account/pin", {"pin": "314159", "password": hospital.PASSWORD})
    assert "Your bench PIN is set." in mine.get(right.location).text


@pytest.mark.parametrize("pin", ["12345", "111111", "١٢٣٤٥٦", "abcdef"])
def test_a_poor_pin_is_refused(pages: Callable[[str], Pages], pin: str) -> None:
    form = {"pin": pin, "password": hospital.PASSWORD}
    assert pages("technologist").post("/account/pin", form).status_code == 422
