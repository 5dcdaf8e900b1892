"""A key of a page that nobody was given: told so by JSON, the first page by form; never a 500."""

import base64
from collections.abc import Callable

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.doors import Api, Pages

FORGED = [
    "[1e400]",
    "[99999999999999999999]",
    "[-1]",
    "[true]",
    "[null]",
    "{}",
    "[" * 40_000,
    '["Lu-177", 1e400]',
    '["a\\u0000", 1]',
    '["\\ud800", 1]',
    '["0001-01-01T00:00:00+14:00", 1]',
    '["9999-12-31T23:59:59-12:00", 1]',
    '["2026-06-01T12:00:00", 1]',
]
LISTS = ("vials", "waste-containers", "dispensings", "directives", "audit-events", "flags")


@pytest.mark.parametrize("forged", FORGED, ids=lambda text: text[:20])
def test_a_program_s_forged_key_is_no_accident(api: Callable[[str], Api], forged: str) -> None:
    after = base64.urlsafe_b64encode(forged.encode()).decode()
    everyone = api("everyone")
    answers = {name: everyone.get(f"/{name}", after=after).status_code for name in LISTS}
    assert set(answers.values()) <= {200, 422}, answers  # another list's key may be readable


@pytest.mark.parametrize("forged", FORGED, ids=lambda text: text[:20])
def test_a_page_begins_at_its_start(pages: Callable[[str], Pages], forged: str) -> None:
    after = base64.urlsafe_b64encode(forged.encode()).decode()
    everyone = pages("everyone")
    for path in ("/stock", "/waste", "/doses", "/directives", "/audit"):
        assert everyone.get(path, after=after).status_code == 200, path


def test_a_key_that_was_given_leads_on(api: Callable[[str], Api], runtime: Runtime) -> None:
    made = [hospital.receive(runtime) for _ in range(3)]
    first = api("auditor").get("/vials", limit="2").json
    rest = api("auditor").get("/vials", limit="2", after=first["next"]).json
    assert [vial["id"] for page in (first, rest) for vial in page["items"]] == made
    assert rest["next"] is None
