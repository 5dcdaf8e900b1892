"""Releases that two people sign, and derogations, over JSON and in the database."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.runtime import Runtime
from radiopharm.store import waste
from tests import hospital
from tests.api.test_waste import CLEAN, SIGNATURE, codes, measure, other, release, sealed_bag
from tests.doors import Api

TECHNOLOGIST = {"username": "technologist", "secret": hospital.PASSWORD}
DEROGATOR = {"username": "derogator", "secret": hospital.PASSWORD}
LU177M = (("Lu-177", "118 MBq"), ("Lu-177m", "23.6 kBq"))


@pytest.fixture
def officer(api: Callable[[str], Api]) -> Api:
    return api("safety_officer")


def choose(officer: Api, **changes: Any) -> None:
    body = {"pack": "us-dis", "reason": "Our licence", "signature": SIGNATURE, **changes}
    assert officer.post("/rule-pack-choices", body).status_code == 201


def measured(officer: Api, runtime: Runtime, *activities: tuple[str, str]) -> str:
    path = sealed_bag(officer, *activities)
    assert measure(officer, path, runtime, place="Corridor").status_code == 201
    return path


def derogate(derogator: Api, path: str, **changes: Any) -> Any:
    body = {"destination": "Depot", "labels_defaced": True, "reason": "The store burns"}
    signed = {"signature": DEROGATOR, "officer": SIGNATURE}
    return derogator.post(f"{path}/derogation", {**body, **signed, **changes})


def test_where_the_site_says_two_people_one_is_not_enough(officer: Api, runtime: Runtime) -> None:
    choose(officer, signers=2)
    path = measured(officer, runtime)
    assert codes(release(officer, path)) == {"no_releaser"}
    same = release(officer, path, releaser={**SIGNATURE, "username": "SAFETY_OFFICER"})
    assert (same.status_code, codes(same)) == (422, {"same_person"})
    done = release(officer, path, releaser=TECHNOLOGIST, biohazard="treated", consignment="C-9")
    assert done.status_code == 201, done.json
    assert (done.json["conforms"], done.json["biohazard"]) == (True, "treated")
    assert done.json["releaser"]["name"] == "Technologist"
    assert "carried out" in done.json["releaser"]["meaning"]


def test_the_database_itself_refuses_one_person_as_two(officer: Api, runtime: Runtime) -> None:
    choose(officer)
    path = measured(officer, runtime)
    assert release(officer, path, releaser=TECHNOLOGIST).status_code == 201
    with runtime.engine.connect() as db:
        signed = db.execute(sa.text("SELECT id, signature_id FROM waste_releases")).one()
        row = {"r": signed.id, "s": signed.signature_id}
        insert = (
            "INSERT INTO derogations (release_id, officer_signature_id, officer_id, signature_id,"
            " derogator_id, reason, failed) SELECT :r, :s, user_id, :s, user_id, 'x', '[]'"
            " FROM signatures WHERE id = :s"
        )
        with pytest.raises(sa.exc.IntegrityError, match="two_people_are_two_people"):
            db.execute(sa.text(insert), row)


def test_a_release_says_what_the_reading_was_and_that_it_was_typed(
    officer: Api, runtime: Runtime
) -> None:
    choose(officer)
    path = measured(officer, runtime)
    ticket = {"destination": "Depot", "labels_defaced": True, "biohazard": "none"}
    shown = " ".join(officer.post(f"{path}/sign-ticket", ticket).json["shown"])
    assert f"Reading (typed): {CLEAN['reading']} µSv/h at the surface" in shown
    assert "Warning: The book says 118 MBq of Lu-177 is still inside" in shown
    assert officer.get(f"{path}/release-check").json["doubts"][0]["nuclide"] == "Lu-177"
    assert officer.get(path).json["measurements"][0]["place"] == "Corridor"


@pytest.mark.requirement("RQ-40")
def test_a_derogation_is_its_own_record_and_never_counts_as_released(
    officer: Api, api: Callable[[str], Api], runtime: Runtime
) -> None:
    choose(officer)
    path = measured(officer, runtime, *LU177M)
    assert codes(release(officer, path)) == {"half_life"}
    done = derogate(api("derogator"), path)
    assert done.status_code == 201, done.json
    kept = done.json["derogation"]
    assert (done.json["conforms"], kept["reason"]) == (False, "The store burns")
    assert [leg["code"] for leg in kept["failed"]] == ["half_life"]
    assert officer.get(path).json["state"] == "derogated"
    assert officer.get("/waste-containers", state="released").json["items"] == []
    assert len(officer.get("/waste-containers", state="derogated").json["items"]) == 1
    assert codes(derogate(api("derogator"), path)) == {"already_left"}


def test_the_limit_of_a_day_refuses_no_derogation_and_both_sign_that_it_is_exceeded(
    officer: Api, api: Callable[[str], Api], runtime: Runtime, pages
) -> None:
    choose(officer)
    limit = {"nuclide": "Lu-177", "limit": "1 MBq", "per": "day", "source": "us", "reason": "x"}
    officer.post("/limits", limit)
    path = measured(officer, runtime, *LU177M)
    page = pages("derogator").get("/waste/1?act=derogate").text
    assert "Over the site's limit of a day" in page.replace("&#39;", "'")
    assert derogate(api("derogator"), path).status_code == 201
    event = officer.get("/audit-events", action="waste:derogated").json["items"][0]
    assert "exceeds the day's 1.00 MBq" in event["facts"]["over_the_day"][0]
    with runtime.reading() as db:
        release = waste.get(db, 1, 1).release
        assert release is not None
        assert any("limit of a day" in said for said in release.signature.sentences)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"officer": DEROGATOR}, 422),
        ({"signature": TECHNOLOGIST}, 403),
        ({"officer": TECHNOLOGIST}, 403),
        ({"reason": ""}, 422),
        ({"signature": {"username": "derogator", "secret": hospital.PIN}}, 403),
    ],
)
def test_a_derogation_needs_derogator_officer_and_reason(
    officer: Api,
    api: Callable[[str], Api],
    runtime: Runtime,
    changes: dict[str, Any],
    status: int,
) -> None:
    choose(officer)
    path = measured(officer, runtime, *LU177M)
    assert derogate(api("derogator"), path, **changes).status_code == status
    assert officer.get(path).json["state"] == "sealed"


def test_nobody_but_a_derogator_derogates(officer: Api, runtime: Runtime) -> None:
    choose(officer)
    path = measured(officer, runtime, *LU177M)
    assert derogate(officer, path).status_code == 403


def test_an_open_bag_leaves_by_no_derogation(
    officer: Api, api: Callable[[str], Api], runtime: Runtime
) -> None:
    choose(officer)
    bag = officer.post("/waste-containers", {"kind": "bag", "nuclide": "Lu-177", "place": "B"})
    path = f"/waste-containers/{bag.json['id']}"
    officer.post(f"{path}/items", other(("Lu-177", "1 MBq")))
    assert codes(derogate(api("derogator"), path)) == {"sealed"}
