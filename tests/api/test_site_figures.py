"""A missing figure is entered and signed over JSON, decides from then on, and rewrites nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from radiopharm.runtime import Runtime
from tests import hospital
from tests.api.test_waste import SIGNATURE, codes, legs, measure, release, sealed_bag
from tests.conftest import StandingClock
from tests.doors import Api

FIGURE = {
    "table": "uk-out-of-scope/artificial",
    "nuclide": "177Lu",
    "value": "1000000",
    "unit": "Bq/g",
    "clause": "EPR 2016 Schedule 23 Part 3 Table 2",
    "source": "legislation.gov.uk, read 2026-06-01",
    "reason": "The pack has no row for it",
    "signature": SIGNATURE,
}
UK = "uk-out-of-scope"


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def enter(officer: Api, **changes: Any) -> Any:
    return officer.post("/site-figures", {**FIGURE, **changes})


def test_an_entry_decides_and_a_later_one_rewrites_no_release(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    first, second = (sealed_bag(officer) for _ in range(2))
    for path in (first, second):
        measure(officer, path, runtime)
    assert codes(release(officer, first, pack=UK)) == {"out_of_scope"}
    made = enter(officer)
    assert made.status_code == 201, made.json
    assert made.json["signature"]["name"] == "Safety_Officer"
    kept = release(officer, first, pack=UK)
    assert kept.status_code == 201, kept.json
    clock.move(hours=1)
    assert enter(officer, value="1").status_code == 201
    check = officer.get(f"{second}/release-check", pack=UK)
    assert legs(check)["out_of_scope"]["passed"] is False
    assert officer.get(first).json["release"] == kept.json
    assert [each["value"] for each in officer.get("/site-figures").json] == ["1", "1000000"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"nuclide": "I-131"}, 422),
        ({"table": "uk-out-of-scope/none"}, 422),
        ({"value": "0"}, 422),
        ({"source": ""}, 422),
        ({"signature": {**SIGNATURE, "secret": hospital.PIN}}, 403),
    ],
)
def test_an_entry_that_cannot_stand_is_refused(
    officer: Api, changes: dict[str, Any], status: int
) -> None:
    assert enter(officer, **changes).status_code == status
    assert officer.get("/site-figures").json == []


def test_only_a_safety_officer_enters_a_figure(api: Callable[[str], Api]) -> None:
    assert enter(api("physicist")).status_code == 403
