"""How a directive stands is said in words wherever it is listed: oral, not verified, superseded."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.doors import Api, Pages

LISTS = ("/directives", "/today")


@pytest.fixture
def directive(runtime: Runtime) -> Callable[[bool], int]:
    """A directive planned two hours ahead, signed or not."""
    planned = runtime.clock() + timedelta(hours=2)
    return lambda signed: hospital.directive(runtime, signed=signed, planned_for=planned)


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


def said(username: str) -> dict[str, object]:
    signature = {"username": username, "secret": hospital.PASSWORD}
    return {"after_version": 1, "signature": signature}


@pytest.mark.parametrize("path", LISTS)
def test_an_oral_directive_counts_down_to_its_signature(
    pages: Callable[[str], Pages],
    bench: Api,
    runtime: Runtime,
    directive: Callable[[bool], int],
    path: str,
) -> None:
    told = {"given_by": "physician", "given_at": instant_out(runtime.clock()), "reason": "Airway"}
    bench.post(f"/directives/{directive(False)}/oral", {**said("radiopharmacist"), **told})
    page = pages("radiopharmacist").get(path).text
    assert "Given orally" in page
    assert "Signature due" in page
    assert "Not verified" not in page


@pytest.mark.parametrize("path", LISTS)
def test_a_signed_directive_is_not_verified_until_it_is(
    pages: Callable[[str], Pages], bench: Api, directive: Callable[[bool], int], path: str
) -> None:
    directive_id, page = directive(True), pages("radiopharmacist")
    assert "Not verified" in page.get(path).text
    bench.post(f"/directives/{directive_id}/verify", said("radiopharmacist"))
    assert "Not verified" not in page.get(path).text


@pytest.mark.parametrize("path", LISTS)
def test_a_change_makes_a_draft_of_it_and_the_old_version_is_superseded(
    pages: Callable[[str], Pages], bench: Api, directive: Callable[[bool], int], path: str
) -> None:
    directive_id, page = directive(True), pages("radiopharmacist")
    change = {"after_version": 1, "reason": "Counted", "cycle": 3}
    bench.post(f"/directives/{directive_id}/versions", change)
    assert "Draft" in page.get(path).text
    assert "Superseded" in page.get(f"/directives/{directive_id}").text
