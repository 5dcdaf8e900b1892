"""What may be destroyed and when, of a site's own records."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.api.test_waste import choose
from tests.conftest import StandingClock
from tests.doors import Api, Pages


def test_a_record_waits_for_a_decision_and_then_for_its_years(
    api: Callable[[str], Api],
    pages: Callable[[str], Pages],
    runtime: Runtime,
    clock: StandingClock,
) -> None:
    hospital.directive(runtime)
    hospital.accepted(runtime)
    officer = api("safety_officer")
    for record_class in ("directive", "dosage", "receipt", "waste", "survey"):
        assert officer.get("/retention", record_class=record_class).status_code == 200
    (waits,) = officer.get("/retention", record_class="directive").json["items"]
    assert (waits["record"], waits["earliest"], waits["terms"]) == ("R-000001", None, [])
    body = {"record_class": "directive", "years": 10, "source": "Law 1", "reason": "Read it"}
    for years in (9.9, True, "9.9", -1):
        assert officer.post("/retention/decisions", {**body, "years": years}).status_code == 422
    assert officer.post("/retention/decisions", body).status_code == 201
    (kept,) = officer.get("/retention", record_class="directive").json["items"]
    assert kept["earliest"] == "2036-06-01"
    page = pages("safety_officer").get("/retention?record_class=directive").text
    assert "2036-06-01" in page
    assert "no button here destroys" in page


ENDS = {"ended_on": "2026-05-31", "source": "Letter of the CNSC", "reason": "The unit moves"}
SIGNATURE = {"username": "safety_officer", "secret": hospital.PASSWORD}


def entered(officer: Api, **changes: Any) -> Any:
    entry = {**ENDS, **changes}
    ticket = officer.post("/licence-ends/sign-ticket", entry).json.get("ticket")
    signed = {**entry, "signature": {**SIGNATURE, "ticket": ticket or ""}}
    return officer.post("/licence-ends", signed)


def earliest(officer: Api) -> list[str | None]:
    kept = officer.get("/retention", record_class="receipt").json["items"]
    return [it["earliest"] for it in kept]


def test_what_runs_from_the_licence_s_end_is_computed_from_the_day_that_was_signed(
    api: Callable[[str], Api], pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.accepted(runtime)
    officer = api("safety_officer")
    choose(officer, "ca-clearance")
    assert earliest(officer) == [None]
    assert entered(officer).status_code == 201
    assert earliest(officer) == ["2027-05-31"]
    assert entered(officer).json["errors"][0]["code"] == "unchanged"
    assert entered(officer, ended_on=None, reason="Renewed after all").status_code == 201
    assert earliest(officer) == [None]
    ends = [it["ended_on"] for it in api("auditor").get("/licence-ends").json["items"]]
    assert ends == [None, "2026-05-31"]
    page = pages("auditor").get("/retention/licence").text
    assert "Letter of the CNSC: Renewed after all" in page


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_end_of_the_licence_is_signed_by_form_as_shown(pages: Callable[[str], Pages]) -> None:
    officer = pages("safety_officer")
    form = ENDS | {"signature.username": "safety_officer", "signature.secret": hospital.PASSWORD}
    frame = officer.post("/retention/licence/statement", form).text
    assert "The licence of Hospital Sant Joan ends on 2026-05-31." in frame
    ticket = re.search(r'name="signature.ticket" value="([^"]+)"', frame)
    assert ticket
    assert officer.post("/retention/licence", form | {"signature.ticket": ""}).status_code == 409
    signed = form | {"signature.ticket": ticket[1]}
    assert officer.post("/retention/licence", signed).status_code == 303
    again = officer.post("/retention/licence", form | {"reason": ""})
    assert (again.status_code, "Letter of the CNSC" in again.text) == (422, True)
