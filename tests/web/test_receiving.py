"""Receiving by form: what is typed is kept, what is wrong stands under its box."""

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from radiopharm.runtime import Runtime
from radiopharm.store.tables.vials import vial_compositions, vials
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Pages

LABEL = {
    "product": "lutathera",
    "lot": "LT-26-0311",
    "reference_activity": "7585",
    "reference_activity_unit": "MBq",
    "volume": "20.5",
    "volume_unit": "mL",
    "concentration": "",
    "concentration_unit": "MBq/mL",
    "reference_at_date": "2026-06-03",
    "reference_at_time": "13:00",
    "reference_at_zone": "Europe/Madrid",
    "expires_at_date": "2026-06-06",
    "expires_at_time": "13:00",
    "expires_at_zone": "Europe/Madrid",
    "received_at_date": "2026-06-01",
    "received_at_time": "14:00",
    "received_at_zone": "Europe/Madrid",
    "idempotency_key": "the page's key",
}
LU_177M = {
    "impurities.0.ratio_unit": "%",
    "impurities.1.nuclide": "lu177m",
    "impurities.1.ratio": "0.02",
    "impurities.1.ratio_unit": "%",
}


@pytest.fixture
def desk(pages: Callable[[str], Pages]) -> Pages:
    return pages("radiopharmacist")


@pytest.fixture
def count(runtime: Runtime) -> Callable[[], int]:
    """How many vials are written."""

    def count() -> int:
        with runtime.reading() as db:
            return db.scalar(sa.select(sa.func.count()).select_from(vials)) or 0

    return count


def under(page: str, box: str) -> str:
    """What the page says is wrong with a box."""
    said = re.search(rf'id="x-{re.escape(box)}".*?<span>(.*?)</span>', page, re.DOTALL)
    return said[1] if said else ""


def test_a_received_vial_leads_to_its_page(desk: Pages) -> None:
    answer = desk.post("/receive", LABEL)
    assert answer.status_code == 303
    assert "Not accepted" in desk.get(answer.location).text


def test_the_same_page_sent_twice_makes_one_vial(desk: Pages, count: Callable[[], int]) -> None:
    first, again = desk.post("/receive", LABEL), desk.post("/receive", LABEL)
    assert first.location == again.location
    assert count() == 1


def test_what_was_typed_comes_back_with_every_fault_under_its_box(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, "lot": " ", "volume": "20,5"})
    assert answer.status_code == 422
    assert under(answer.text, "lot") == "This is needed."
    assert under(answer.text, "volume") == "Use a point as decimal sign: 20.5?"
    assert 'value="20,5"' in answer.text
    assert 'value="7585"' in answer.text


def test_nothing_is_written_by_a_refused_form(desk: Pages, count: Callable[[], int]) -> None:
    desk.post("/receive", {**LABEL, "expires_at_date": "2026-06-02"})
    assert count() == 0


def test_a_rule_speaks_under_the_box_it_is_about(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, "expires_at_date": "2026-06-02"})
    assert "later than the reference time" in under(answer.text, "expires_at")


def test_a_unit_typed_in_the_box_wins_over_the_switch(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, "reference_activity": "205 mCi"})
    assert "7,585 MBq" in desk.get(answer.location).text


def test_two_of_three_quantities_are_enough_and_one_is_not(desk: Pages) -> None:
    by_concentration = {**LABEL, "reference_activity": "", "concentration": "370"}
    assert desk.post("/receive", by_concentration).status_code == 303
    only_one = desk.post("/receive", {**LABEL, "volume": "", "idempotency_key": "other"})
    assert "two of activity, volume and" in under(only_one.text, "reference_activity")


def test_an_hour_that_did_not_exist_is_refused_in_words(desk: Pages) -> None:
    gap = {**LABEL, "reference_at_date": "2026-03-29", "reference_at_time": "02:30"}
    assert "did not exist" in under(desk.post("/receive", gap).text, "reference_at")


def test_an_hour_that_came_twice_asks_which(desk: Pages) -> None:
    overlap = {**LABEL, "expires_at_date": "2026-10-25", "expires_at_time": "02:30"}
    assert "twice that night" in under(desk.post("/receive", overlap).text, "expires_at")


def test_a_time_without_its_date_is_not_taken_for_nothing(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, "reference_at_date": ""})
    assert "Enter the date too" in under(answer.text, "reference_at")


def test_an_impurity_on_the_second_line_is_declared(desk: Pages, runtime: Runtime) -> None:
    assert desk.post("/receive", {**LABEL, **LU_177M}).status_code == 303
    with runtime.reading() as db:
        row = db.execute(sa.select(vial_compositions)).one()
    assert (row.nuclide, row.ratio) == ("Lu-177m", "0.0002")


def test_a_fault_of_an_impurity_stands_where_its_line_now_stands(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, **LU_177M, "impurities.1.nuclide": "Lu-999"})
    assert "no data for Lu-999" in under(answer.text, "impurities.0.nuclide")
    assert 'value="Lu-999"' in answer.text


def test_a_per_cent_sign_typed_too_is_not_taken_twice(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, **LU_177M, "impurities.1.ratio": "0.02 %"})
    assert answer.status_code == 303


@pytest.mark.parametrize("stated", ["2001-01-01", "2099-01-01"])
def test_a_certificate_of_another_age_is_refused_not_computed(desk: Pages, stated: str) -> None:
    at = {"impurities.1.at_date": stated, "impurities.1.at_time": "12:00"}
    answer = desk.post("/receive", {**LABEL, **LU_177M, **at})
    assert "10 half-lives of Lu-177" in under(answer.text, "impurities.0.at")


def test_a_directive_nobody_wrote_keeps_no_vial(desk: Pages) -> None:
    answer = desk.post("/receive", {**LABEL, "directive_id": "R-000099"})
    assert under(answer.text, "directive_id") == "There is no such directive."


def test_a_vial_is_kept_for_the_directive_that_was_scanned(desk: Pages, runtime: Runtime) -> None:
    directive_id = hospital.directive(runtime)
    answer = desk.post("/receive", {**LABEL, "directive_id": f"R-{directive_id:06d}"})
    assert f"R-{directive_id:06d}" in desk.get(answer.location).text


def test_the_live_figures_say_what_the_label_means_now(desk: Pages) -> None:
    shown = desk.get("/receive/figures", **LABEL).text
    assert "The reference time is 47 h ahead: activity now is 1.23 × the label." in shown
    assert "9.303" in shown


def test_the_live_figures_foretell_the_refusal(desk: Pages) -> None:
    shown = desk.get("/receive/figures", **{**LABEL, "expires_at_date": "2026-06-02"}).text
    assert "later than the reference time" in shown


def test_the_live_figures_warn_of_a_slip_of_the_unit(desk: Pages) -> None:
    slip = {**LABEL, "reference_activity": "7.585", "reference_activity_unit": "mCi"}
    assert "Check activity, unit and volume" in desk.get("/receive/figures", **slip).text


def half_typed() -> Iterator[dict[str, str]]:
    """Every form on its way to being whole, and whole ones with one box spoilt."""
    whole = {**LABEL, **LU_177M}
    names = list(whole)
    for number in range(len(names)):
        yield {name: whole[name] for name in names[:number]}
    for name in names:
        for spoilt in ("0", "\u202e", "9" * 40):
            yield {**whole, name: spoilt}
    yield {**whole, "reference_activity": "1 Bq", "volume": "", "concentration": "999 GBq"}
    yield {**whole, "volume": "1 uL", "reference_activity": "", "concentration": "1 Bq/mL"}


def test_half_typed_figures_are_never_an_error(desk: Pages) -> None:
    answers = {desk.get("/receive/figures", **typed).status_code for typed in half_typed()}
    assert answers == {200}


def test_the_first_page_of_arrival_is_now_and_never_a_lot(
    desk: Pages, clock: StandingClock
) -> None:
    page = desk.get("/receive", product="lutathera", lot="LT-26-0311").text
    assert 'value="14:00"' in page
    assert 'value="LT-26-0311"' not in page
    assert re.search(r'value="GBq" checked', page)
