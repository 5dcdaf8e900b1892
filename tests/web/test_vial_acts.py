"""The small pages of what is done to a vial."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.doors import Pages
from tests.services.acting import entries, vial

ACTS = (
    "open",
    "move",
    "allocate",
    "assay",
    "dilute",
    "quarantine",
    "release",
    "transfer",
    "discard",
)


@pytest.fixture
def vial_id(runtime: Runtime) -> int:
    return hospital.accepted(runtime)


@pytest.fixture
def bench(pages: Callable[[str], Pages]) -> Pages:
    return pages("radiopharmacist")


@pytest.mark.parametrize("act", [*ACTS, "entries/1/reversal"])
def test_each_act_has_its_page_and_names_the_vial(bench: Pages, vial_id: int, act: str) -> None:
    page = bench.get(f"/vials/{vial_id}/{act}")
    assert page.status_code == 200
    assert f"V-{vial_id:06d}" in page.text


def test_the_vials_page_offers_what_its_reader_may_do(
    pages: Callable[[str], Pages], vial_id: int
) -> None:
    bench = pages("technologist").get(f"/vials/{vial_id}").text
    assert f"/vials/{vial_id}/discard" in bench
    assert f"/vials/{vial_id}/transfer" not in bench
    assert f"/vials/{vial_id}/thaw" not in bench
    assert f"/vials/{vial_id}/discard" not in pages("auditor").get(f"/vials/{vial_id}").text


def test_a_discard_by_form(bench: Pages, runtime: Runtime, vial_id: int) -> None:
    form = {"after_sequence": "1", "volume": "1.5", "volume_unit": "mL"}
    assert bench.post(f"/vials/{vial_id}/discard", form).status_code == 303
    assert vial(runtime, vial_id).ledger.balance.volume_ul == 19_000
    assert "Undo" in bench.get(f"/vials/{vial_id}").text


def test_an_entry_is_undone_by_form(bench: Pages, runtime: Runtime, vial_id: int) -> None:
    bench.post(f"/vials/{vial_id}/discard", {"after_sequence": "1"})
    form = {"after_sequence": "2", "reason": "wrong vial"}
    assert bench.post(f"/vials/{vial_id}/entries/2/reversal", form).status_code == 303
    assert entries(runtime, vial_id)[-1].reverses == 2


def test_a_refused_act_keeps_what_was_typed(bench: Pages, vial_id: int) -> None:
    form = {"after_sequence": "1", "volume": "30", "volume_unit": "mL", "reason": "spilt"}
    answer = bench.post(f"/vials/{vial_id}/discard", form)
    assert answer.status_code == 409
    assert 'value="30"' in answer.text
    assert 'value="spilt"' in answer.text
    assert "holds 20.50 mL by the book" in answer.text


def test_a_moved_vial_is_shown_as_it_stands_with_what_was_typed(
    bench: Pages, runtime: Runtime, vial_id: int
) -> None:
    bench.post(f"/vials/{vial_id}/discard", {"after_sequence": "1", "volume": "1 mL"})
    form = {"after_sequence": "1", "volume": "2", "volume_unit": "mL"}
    answer = bench.post(f"/vials/{vial_id}/discard", form)
    assert answer.status_code == 409
    assert 'name="after_sequence" value="2"' in answer.text
    assert 'value="2"' in answer.text
    assert len(entries(runtime, vial_id)) == 2


def test_an_unreadable_quantity_is_named(bench: Pages, vial_id: int) -> None:
    form = {"after_sequence": "1", "volume": "1,5", "volume_unit": "mL"}
    answer = bench.post(f"/vials/{vial_id}/discard", form)
    assert answer.status_code == 422
    assert "Use a point as decimal sign: 1.5?" in answer.text


def test_who_may_not_is_refused(pages: Callable[[str], Pages], vial_id: int) -> None:
    form = {"after_sequence": "1", "reason": "clean"}
    assert pages("technologist").post(f"/vials/{vial_id}/release", form).status_code == 403
