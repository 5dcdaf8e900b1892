"""Directives verified and given orally by form: what is shown is signed, what stands is said."""

from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.doors import Pages
from tests.web.bench import sign, tickets

ORAL = {
    "after_version": "1",
    "given_by": "physician",
    "given_at_date": "2026-06-01",
    "given_at_time": "13:00",
    "given_at_zone": "Europe/Madrid",
    "reason": "Airway obstructed",
}


@pytest.fixture
def bench(pages: Callable[[str], Pages]) -> Pages:
    return pages("radiopharmacist")


SIGNING = {
    "after_version": "1",
    "signature.username": "radiopharmacist",
    "signature.secret": hospital.PASSWORD,
}


@pytest.mark.requirement("RQ-08")
def test_a_pharmacist_verifies_on_the_directives_page(bench: Pages, runtime: Runtime) -> None:
    path = f"/directives/{hospital.directive(runtime)}"
    assert "Not verified" in bench.get(path).text
    assert sign(bench, f"{path}/verify", f"{path}/statement", SIGNING).status_code == 303
    assert "Verified against the prescription" in bench.get(path).text


def test_an_oral_directive_is_shown_before_it_is_signed_and_counts_down(
    bench: Pages, runtime: Runtime
) -> None:
    path = f"/directives/{hospital.directive(runtime, signed=False)}"
    unseen = bench.post(f"{path}/oral", {**SIGNING, **ORAL})
    assert (unseen.status_code, "Airway obstructed." in unseen.text) == (409, True)
    answer = bench.post(f"{path}/oral", {**SIGNING, **ORAL, **tickets(unseen.text)})
    assert answer.status_code == 303
    page = bench.get(path).text
    assert "Signature due" in page
