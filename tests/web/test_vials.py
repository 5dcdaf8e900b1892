"""A vial's own page: what is in it, how that follows, what happened, and what is printed of it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from radiopharm.core.certificates import DeclaredImpurity
from radiopharm.runtime import Runtime
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Pages


@pytest.fixture
def desk(pages: Callable[[str], Pages]) -> Pages:
    return pages("second")


def accept(desk: Pages, vial_id: int, **changes: str) -> tuple[int, str]:
    answer = desk.post(f"/vials/{vial_id}/accept", {"after_sequence": "1", "reason": "", **changes})
    return answer.status_code, answer.text


@pytest.mark.requirement("RQ-14")
def test_a_vial_explains_its_activity(desk: Pages, runtime: Runtime) -> None:
    page = desk.get(f"/vials/{hospital.accepted(runtime)}").text
    for said in ("7.585 GBq", "9.344", "6.647 d", "Lutathera SmPC", "172,800", "455.8"):
        assert said in page


def test_a_vial_shows_itself_at_a_chosen_instant(desk: Pages, runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    page = desk.get(f"/vials/{vial_id}", at_date="2026-06-03", at_time="14:00").text
    assert "Activity at 14:00 CEST" in page
    assert "<b>7.585<i>GBq</i></b>" in page


def test_an_instant_without_any_figure_is_said_not_crashed(desk: Pages, runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    answer = desk.get(f"/vials/{vial_id}", at_date="2099-01-01", at_time="14:00")
    assert answer.status_code == 422
    assert "1,000 half-lives" in answer.text


def test_the_composition_stands_as_the_certificate_states_it(desk: Pages, runtime: Runtime) -> None:
    declared = DeclaredImpurity(nuclide="Lu-177m", ratio=Decimal("0.0002"))
    page = desk.get(f"/vials/{hospital.receive(runtime, impurities=(declared,))}").text
    assert "0.02 % of Lu-177" in page
    assert "160.4 d" in page


def test_accepting_by_another_makes_the_vial_available(desk: Pages, runtime: Runtime) -> None:
    vial_id = hospital.receive(runtime)
    assert accept(desk, vial_id)[0] == 303
    page = desk.get(f"/vials/{vial_id}").text
    assert "Available" in page
    assert "Second Pharmacist" in page
    assert "Accept the delivery" not in page


def test_ones_own_delivery_needs_a_reason_where_two_people_must_look(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    own = pages("radiopharmacist")
    vial_id = hospital.receive(runtime, product="i-131-mibg")
    status, page = accept(own, vial_id)
    assert status == 409
    assert "accepted by a second person" in page
    assert accept(own, vial_id, reason="Alone on call")[0] == 303


def test_an_acceptance_from_a_stale_page_shows_how_it_stands(desk: Pages, runtime: Runtime) -> None:
    status, page = accept(desk, hospital.receive(runtime), after_sequence="7")
    assert status == 409
    assert "has moved on since you looked" in page


def test_an_acceptance_that_cannot_be_read_comes_back_with_the_page(
    desk: Pages, runtime: Runtime
) -> None:
    vial_id = hospital.receive(runtime)
    status, page = accept(desk, vial_id, reason="looked\u202eback")
    assert status == 422
    assert "Remove invisible characters" in page


def test_another_sites_vial_is_not_there(desk: Pages) -> None:
    for path in ("", "/decay-curve.svg", "/decay-sheet.pdf", "/label.pdf"):
        assert desk.get(f"/vials/4711{path}").status_code == 404


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_decay_curve_is_a_picture(
    desk: Pages, runtime: Runtime, theme: str, scale: str
) -> None:
    address = f"/vials/{hospital.accepted(runtime)}/decay-curve.svg"
    answer = desk.get(address, theme=theme, scale=scale)
    assert answer.mimetype == "image/svg+xml"
    assert "expires" in answer.text


def test_the_decay_sheet_is_printed_for_a_day_and_that_is_audited(
    desk: Pages, runtime: Runtime, pages: Callable[[str], Pages]
) -> None:
    vial_id = hospital.accepted(runtime)
    answer = desk.get(f"/vials/{vial_id}/decay-sheet.pdf", day="2026-06-03")
    assert answer.data.startswith(b"%PDF")
    assert "document:printed" in pages("auditor").get("/audit", view="taken-out").text


def test_a_day_that_is_none_is_refused(desk: Pages, runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    for day in ("tomorrow", "2026-02-30", "0001-01-01"):
        assert desk.get(f"/vials/{vial_id}/decay-sheet.pdf", day=day).status_code == 422


def test_the_label_is_printed(desk: Pages, runtime: Runtime) -> None:
    assert desk.get(f"/vials/{hospital.receive(runtime)}/label.pdf").data.startswith(b"%PDF")


def test_a_vial_that_expired_on_arrival_still_has_its_page_and_curve(
    desk: Pages, runtime: Runtime, clock: StandingClock
) -> None:
    past = clock.now - timedelta(days=9)
    vial_id = hospital.receive(
        runtime, reference_at=past, expires_at=past + timedelta(days=1), received_at=clock.now
    )
    assert "Expired" in desk.get(f"/vials/{vial_id}").text
    assert desk.get(f"/vials/{vial_id}/decay-curve.svg").status_code == 200
