"""The balance over HTTP: the site's, a vial's, and the table of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages


def test_site_and_vial_say_the_same_of_one_vial(
    api: Callable[[str], Api], runtime: Runtime, clock: StandingClock
) -> None:
    vial_id = hospital.receive(runtime)
    clock.move(days=3)
    auditor = api("auditor")
    site, vial = auditor.get("/balance").json, auditor.get(f"/balance/vials/{vial_id}").json
    assert site == vial
    (found,) = vial["vials"]
    assert found["closes"]
    assert found["decayed_bq"] == found["received_bq"] - found["in_stock_bq"] > 10**9


def test_a_period_that_runs_backwards_and_a_vial_of_nobody_are_refused(
    api: Callable[[str], Api], clock: StandingClock
) -> None:
    auditor = api("auditor")
    assert (
        auditor.get("/balance", since=instant_out(clock.now + timedelta(days=1))).status_code == 422
    )
    assert auditor.get("/balance/vials/99").status_code == 404


@pytest.mark.requirement("RQ-37")
def test_the_page_and_its_table_say_that_it_closes(
    pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.receive(runtime)
    officer = pages("safety_officer")
    assert "Closes" in officer.get("/balance").text
    table = officer.get("/balance.csv").text
    assert "V-000001,lutathera,LT-26-0311,Lu-177,0," in table
    assert table.rstrip().endswith(",yes")
    assert "ends before it begins" in officer.get("/balance?since=2027-01-01T00:00:00Z").text
