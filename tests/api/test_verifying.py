"""A pharmacist verifies what a physician has signed: another person, the version that was shown."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.runtime import Runtime
from radiopharm.store.tables.directives import directive_verifications
from tests import hospital
from tests.doors import Api


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


def signing(username: str = "radiopharmacist", **changes: Any) -> dict[str, Any]:
    signature = {"username": username, "secret": hospital.PASSWORD, **changes}
    return {"after_version": 1, "signature": signature}


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json["errors"]]


@pytest.mark.requirement("RQ-08", "RQ-09")
def test_a_verification_stands_beside_the_physicians_signature(
    bench: Api, runtime: Runtime
) -> None:
    path = f"/directives/{hospital.directive(runtime)}"
    assert bench.get(path).json["verified"] is False
    verified = bench.post(f"{path}/verify", signing(secret=hospital.PIN)).json
    assert (verified["state"], verified["verified"]) == ("signed", True)
    verification = verified["versions"][0]["verification"]
    assert (verification["version"], verification["signed_at"]) == (1, "2026-06-01T12:00:00Z")
    assert (verification["name"], verification["roles"]) == ("Radiopharmacist", ["radiopharmacist"])
    assert verification["meaning"] == "Verified against the prescription"
    assert len(verified["signatures"]) == 1


@pytest.mark.parametrize(
    ("signature", "status"),
    [
        (signing("physician"), 403),
        (signing("technologist"), 403),
        (signing(secret="not the password"), 403),
        ({"after_version": 2, **{"signature": signing()["signature"]}}, 409),
    ],
)
def test_who_may_not_verify_leaves_nothing_behind(
    bench: Api, runtime: Runtime, signature: dict[str, Any], status: int
) -> None:
    path = f"/directives/{hospital.directive(runtime)}"
    assert bench.post(f"{path}/verify", signature).status_code == status
    assert bench.get(path).json["verified"] is False


def test_nobody_verifies_their_own_prescription(api: Callable[[str], Api]) -> None:
    both = api("everyone")
    text = {"product": "lutathera", "prescribed": "7.4 GBq", "planned_for": "2026-06-03T10:30:00Z"}
    who = {"hospital_number": "H-1", "family_name": "A", "given_name": "B"}
    drafted = both.post("/directives", {**text, "patient": {**who, "birth_date": "1960-01-01"}})
    path = f"/directives/{drafted.json['id']}"
    assert both.post(f"{path}/sign", signing("everyone")).status_code == 200
    answer = both.post(f"{path}/verify", signing("everyone"))
    assert (answer.status_code, codes(answer)) == (422, ["verifier"])
    assert both.post(f"{path}/verify", signing()).status_code == 200


def test_a_draft_cannot_be_verified_and_a_signed_version_only_once(
    bench: Api, runtime: Runtime
) -> None:
    draft = f"/directives/{hospital.directive(runtime, signed=False)}/verify"
    signed = f"/directives/{hospital.directive(runtime)}/verify"
    bench.post(signed, signing())
    assert codes(bench.post(draft, signing())) == ["not_signed"]
    assert codes(bench.post(signed, signing("second"))) == ["verified_already"]


def test_a_change_takes_the_verification_away(bench: Api, runtime: Runtime) -> None:
    path = f"/directives/{hospital.directive(runtime)}"
    bench.post(f"{path}/verify", signing())
    changed = bench.post(f"{path}/versions", {"after_version": 1, "cycle": 2, "reason": "Counted"})
    assert changed.json["verified"] is False
    assert changed.json["versions"][0]["verification"]["name"] == "Radiopharmacist"


def test_the_database_knows_that_two_people_are_two(runtime: Runtime, bench: Api) -> None:
    bench.post(f"/directives/{hospital.directive(runtime)}/verify", signing())
    other = hospital.directive(runtime)
    with runtime.reading() as db:
        row = db.execute(sa.select(directive_verifications)).one()._mapping
    alone = {"prescription_id": 3, "signature_id": 3, "verifier_id": row["signer_id"]}
    assert other == 2
    with pytest.raises(sa.exc.IntegrityError), runtime.engine.begin() as db:
        db.execute(directive_verifications.insert().values({**row, "id": 9, **alone}))


@pytest.fixture
def strict(runtime: Runtime) -> Iterator[None]:
    """A site whose Lutathera waits for the pharmacist."""
    products = dict(runtime.reference.products)
    products["lutathera"] = replace(products["lutathera"], pharmacist_verifies=True)
    kept = runtime.reference
    object.__setattr__(runtime, "reference", replace(kept, products=products))
    yield
    object.__setattr__(runtime, "reference", kept)


@pytest.mark.usefixtures("strict")
def test_where_the_product_says_so_a_dose_waits_for_the_pharmacist(
    bench: Api, runtime: Runtime
) -> None:
    directive_id, vial_id = hospital.directive(runtime), hospital.accepted(runtime)
    body = {
        "directive_id": directive_id,
        "draws": [{"vial_id": vial_id, "after_sequence": 1}],
        "measured_activity": "9.3 GBq",
        "measured_at": "2026-06-01T12:00:00Z",
        "instrument_id": hospital.calibrator(runtime),
        "signature": signing()["signature"],
    }
    assert codes(bench.post("/dispensings", body)) == ["not_verified"]
    bench.post(f"/directives/{directive_id}/verify", signing())
    assert bench.post("/dispensings", body).status_code == 201
