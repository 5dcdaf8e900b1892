"""The calculator page: a question in the address, an answer with its working."""

from collections.abc import Callable

import pytest

from tests.doors import Pages

QUESTION = {
    "nuclide": "Y-90",
    "activity": "7.4",
    "activity_unit": "GBq",
    "from_date": "2026-06-01",
    "from_time": "12:00",
    "from_zone": "UTC",
    "to_date": "2026-06-01",
    "to_time": "12:00",
    "to_zone": "UTC",
}


@pytest.fixture
def desk(pages: Callable[[str], Pages]) -> Pages:
    return pages("physicist")


def test_the_answer_stands_with_its_working(desk: Pages) -> None:
    page = desk.get("/calculator", **{**QUESTION, "to_date": "2026-06-04"}).text
    assert "3.397" in page  # 7.4 GBq · 2^(−72 h / 64.10 h)
    assert "64.10 h" in page


def test_an_impurity_feeds_its_daughter(desk: Pages) -> None:
    line = {
        "impurities.1.nuclide": "Sr-90",
        "impurities.1.ratio": "0.002",
        "impurities.1.ratio_unit": "%",
        "to_date": "2026-08-30",
    }
    page = desk.get("/calculator", **{**QUESTION, **line}).text
    assert "Sr-90" in page
    assert "147.1" in page  # kBq of both: after ninety days Y-90 is what Sr-90 makes


def test_a_nuclide_named_twice_is_refused(desk: Pages) -> None:
    line = {"impurities.0.nuclide": "Y-90", "impurities.0.ratio": "1"}
    answer = desk.get("/calculator", **{**QUESTION, **line})
    assert answer.status_code == 422
    assert "Name each nuclide once." in answer.text


def test_a_wrong_number_comes_back_with_what_is_wrong(desk: Pages) -> None:
    answer = desk.get("/calculator", **{**QUESTION, "activity": "7,4"})
    assert answer.status_code == 422
    assert "Use a point as decimal sign: 7.4?" in answer.text
    assert 'value="7,4"' in answer.text


@pytest.mark.parametrize("year", ["2000", "2099"])
def test_beyond_a_thousand_half_lives_there_is_no_figure(desk: Pages, year: str) -> None:
    answer = desk.get("/calculator", **{**QUESTION, "to_date": f"{year}-06-01"})
    assert answer.status_code == 422
    assert "1,000 half-lives" in answer.text


def test_an_empty_calculator_is_no_error(desk: Pages) -> None:
    assert desk.get("/calculator").status_code == 200
