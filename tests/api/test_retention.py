"""What may be destroyed and when, of a site's own records."""

from collections.abc import Callable

from radiopharm.runtime import Runtime
from tests import hospital
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
