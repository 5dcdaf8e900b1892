"""Old registers over JSON and by upload: whole or not at all, and never counted as releases."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.core.test_historic import FULL, HEADER
from tests.doors import Api, Pages

LINE = {"book": "Red book", "page": "17", "number": "1998/3", "reason": "The book is full of mould"}


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def entries(officer: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = officer.get("/historic-releases").json["items"]
    return found


def test_a_line_keeps_its_gaps_and_counts_as_no_release(officer: Api) -> None:
    body = {**LINE, "released_on": "1998-05-02", "contents": "not recorded"}
    assert officer.post("/historic-releases", body).status_code == 201
    (kept,) = entries(officer)
    assert (kept["stamp"], kept["released_on"], kept["contents"]) == (
        "historic",
        "1998-05-02",
        None,
    )
    assert "contents" in kept["gaps"]
    assert officer.get("/waste-containers", state="released").json["items"] == []


def test_a_register_is_entered_whole_or_not_at_all(officer: Api) -> None:
    def send(text: str) -> Any:
        body = {"csv": text, "reason": LINE["reason"]}
        return officer.post("/historic-releases/registers", body)

    wrong = send(f"{HEADER}\n{FULL}\nRed book,17,9,,,2099-01-01,,,,,,\n{FULL}\n")
    assert wrong.status_code == 422
    named = {error["field"] for error in wrong.json["errors"]}
    assert named == {"line 2: number", "line 3: stored_on", "line 4: number"}
    assert entries(officer) == []
    assert send(f"{HEADER}\n{FULL}\nRed book,17,9,,,,,,,,,\n").json == {"entered": 2}
    assert send(f"{HEADER}\n{FULL}\n").status_code == 422


def test_a_register_is_uploaded_on_its_page(pages: Callable[[str], Pages]) -> None:
    officer = pages("safety_officer")

    def send(text: str) -> Any:
        form: dict[str, Any] = {"reason": "Moved", "csv": (io.BytesIO(text.encode()), "old.csv")}
        return officer.post("/waste/historic/registers", form)

    again = send(f"{HEADER}\nRed book,17\n")
    assert again.status_code == 422
    assert "line 2" in again.text
    assert send(f"{HEADER}\n{FULL}\n").status_code == 303
    page = officer.get("/waste/historic").text
    assert "Historic" in page
    assert "Red book, page 17" in page


@pytest.mark.parametrize("role", ["physicist", "derogator", "admin"])
def test_only_a_safety_officer_enters_one(api: Callable[[str], Api], role: str) -> None:
    assert api(role).post("/historic-releases", LINE).status_code == 403
