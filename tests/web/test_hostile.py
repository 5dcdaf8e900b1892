"""What nobody sends by accident: it is refused in words, leads nowhere else and leaves no trace."""

from collections.abc import Callable

import pytest
from flask import Flask

from radiopharm.runtime import Runtime
from tests import hospital
from tests.canary import audit_text
from tests.doors import Pages

ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nSet-Cookie: rp=planted",
    "https://evil.example",
    "javascript:alert(1)",
    " //evil.example",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_to_no_other_house(app: Flask, address: str) -> None:
    door = Pages(app, "nobody")
    form = {"username": "auditor", "password": hospital.PASSWORD, "next": address}
    answer = door.post("/sign-in", form, seen="/sign-in")
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/stock?nuclide=%00", "/waste?nuclide=a%00b", "/patients/%00", "/api/v1/vials?lot=%00"]
)
def test_a_nul_in_an_address_cannot_be_read(pages: Callable[[str], Pages], path: str) -> None:
    assert pages("everyone").get(path).status_code == 400


@pytest.mark.parametrize("name", ["\0", "audit\0or"])
def test_a_nul_in_a_form_cannot_be_read(app: Flask, name: str) -> None:
    door = Pages(app, "nobody")
    answer = door.post("/sign-in", {"username": name, "password": "x"}, seen="/sign-in")
    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["١", "１", "01", "+1", "1.0"])
def test_a_record_has_one_address(
    pages: Callable[[str], Pages], runtime: Runtime, number: str
) -> None:
    assert hospital.receive(runtime) == 1
    assert pages("auditor").get("/vials/1").status_code == 200
    assert pages("auditor").get(f"/vials/{number}").status_code == 404


@pytest.mark.parametrize("query", [{"from_date": "soon"}, {"about": "seventeen"}, {"vial": "x"}])
def test_an_export_that_cannot_be_read_shows_the_page_again(
    pages: Callable[[str], Pages], query: dict[str, str]
) -> None:
    assert pages("auditor").get("/audit/export.csv", **query).status_code == 422


@pytest.mark.parametrize("path", ["/stock.csv", "/audit/export.csv", "/doses.csv"])
def test_an_export_keeps_of_its_address_only_what_it_read(
    pages: Callable[[str], Pages], runtime: Runtime, path: str
) -> None:
    assert pages("auditor").get(path, patient_name="Kanarienvogel").status_code == 200
    assert "Kanarienvogel" not in audit_text(runtime)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts", {"username": "u" * 65}),
        ("/accounts", {"display_name": "d" * 201}),
        ("/accounts", {"display_name": "Dr \u202eVidal"}),
        ("/accounts/auditor/disable", {"reason": "r" * 70_000}),
        ("/accounts/auditor/tokens", {"name": "n\u202e"}),
    ],
)
def test_what_cannot_be_kept_of_an_account_is_said_in_its_box(
    pages: Callable[[str], Pages], path: str, form: dict[str, str]
) -> None:
    usual = {
        "username": "new",
        "display_name": "New",
        "password": "correct horse battery",
        "roles": "auditor",
    }
    assert pages("admin").post(path, {**usual, **form}).status_code == 422


def test_a_session_left_open_is_no_place_to_guess_the_password(
    pages: Callable[[str], Pages],
) -> None:
    bench = pages("technologist")
    for guess in range(5):
        form = {"pin": "314159", "password": f"guess {guess}"}
        assert bench.post("/account/pin", form).status_code == 422
    right = {"pin": "314159", "password": hospital.PASSWORD}
    assert bench.post("/account/pin", right).status_code == 422
