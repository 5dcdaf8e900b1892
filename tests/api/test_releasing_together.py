"""Several containers in one act of signing: each by its own check, wholly or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from radiopharm.runtime import Runtime
from tests import hospital
from tests.api.test_releasing import LU177M, TECHNOLOGIST, choose, measured
from tests.api.test_waste import SIGNATURE, codes, release
from tests.conftest import StandingClock
from tests.doors import Api
from tests.services.test_fail_closed import break_the_trail, rows


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def together(officer: Api, *paths: str, key: str | None = None, **changes: Any) -> Any:
    ticked = [{"id": int(path.rsplit("/", 1)[1])} for path in paths]
    body = {"containers": ticked, "destination": "Clinical waste", "labels_defaced": True}
    return officer.post("/waste-releases", {**body, "signature": SIGNATURE, **changes}, key=key)


def test_those_that_pass_leave_and_the_others_stay_with_every_reason(
    officer: Api, runtime: Runtime
) -> None:
    choose(officer)
    first, never, last = measured(officer, runtime), "", ""
    never, last = measured(officer, runtime, *LU177M), measured(officer, runtime)
    answer = together(officer, first, never, last, last)
    assert answer.status_code == 201, answer.json
    kept = [each["release"] for each in answer.json["released"]]
    assert len({release["signature_id"] for release in kept}) == len(kept) == 2
    assert "W-000001" in kept[0]["signature"]["shown"][0]
    (stayed,) = answer.json["refused"]
    assert [error["code"] for error in stayed["errors"]] == ["half_life"]
    states = [officer.get(path).json["state"] for path in (first, never, last)]
    assert states == ["released", "sealed", "released"]


def test_each_has_its_own_event_and_the_same_key_does_it_once(
    officer: Api, runtime: Runtime
) -> None:
    choose(officer)
    paths = [measured(officer, runtime) for _ in range(3)]
    first, again = (together(officer, *paths, key="walk") for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    events = officer.get("/audit-events", action="waste:released").json["items"]
    assert len(events) == len(paths)


def test_where_none_passes_nothing_is_signed_and_all_is_said(
    officer: Api, runtime: Runtime
) -> None:
    choose(officer, signers=2)
    paths = [measured(officer, runtime, *LU177M), measured(officer, runtime)]
    answer = together(officer, *paths)
    assert (answer.status_code, codes(answer)) == (409, {"half_life", "no_releaser"})
    assert all("W-00000" in error["message"] for error in answer.json["errors"])
    both = together(officer, paths[1], releaser=TECHNOLOGIST)
    assert both.json["released"][0]["release"]["releaser"]["name"] == "Technologist"


def test_what_stops_it_in_the_middle_leaves_nothing_half_released(
    app: Flask, officer: Api, runtime: Runtime
) -> None:
    choose(officer)
    paths = [measured(officer, runtime) for _ in range(2)]
    break_the_trail(runtime)
    before = rows(runtime)
    app.testing = False
    assert together(officer, *paths).status_code >= 500
    assert rows(runtime) == before


def test_a_container_that_changed_since_it_was_ticked_stays(officer: Api, runtime: Runtime) -> None:
    choose(officer)
    path = measured(officer, runtime)
    ticked = [{"id": int(path.rsplit("/", 1)[1]), "after_sequence": 1}]
    assert codes(together(officer, containers=ticked)) == {"stale"}


def test_only_a_safety_officer_releases_by_the_list(
    officer: Api, api: Callable[[str], Api], runtime: Runtime
) -> None:
    path = measured(officer, runtime)
    assert together(api("radiopharmacist"), path).status_code == 403
    pin = {**SIGNATURE, "secret": hospital.PIN}
    choose(officer)
    assert together(officer, path, signature=pin).status_code == 403


def test_no_more_leaves_in_a_day_than_the_site_allows(
    officer: Api, runtime: Runtime, clock: StandingClock
) -> None:
    choose(officer)
    limit = {"nuclide": "Lu-177", "limit": "250 MBq", "per": "day", "source": "us", "reason": "x"}
    assert officer.post("/limits", limit).json["per"] == "day"
    paths = [measured(officer, runtime) for _ in range(3)]
    answer = together(officer, *paths)
    assert len(answer.json["released"]) == 2  # twice 118 MBq
    assert [e["code"] for e in answer.json["refused"][0]["errors"]] == ["day_limit"]
    assert codes(release(officer, paths[2])) == {"day_limit"}
    clock.move(hours=12)  # past the site's midnight
    assert release(officer, paths[2]).status_code == 201
