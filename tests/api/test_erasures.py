"""An identity is refused while a record must name it, then destroyed for good: the facts stay."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.runtime import Runtime
from radiopharm.services import audits, backups, erasures
from radiopharm.store import acts, patients
from tests import hospital
from tests.canary import CANARY, betrays
from tests.conftest import StandingClock
from tests.doors import Api

NUMBER = {"hospital_number": CANARY["hospital_number"]}
WHY = {"reason": "Asked for by the person"}
SIGNATURE = {"username": "safety_officer", "secret": hospital.PASSWORD}


@pytest.fixture
def reference(api: Callable[[str], Api]) -> str:
    return str(api("radiopharmacist").post("/patients", CANARY).json["reference"])


def erase(officer: Api, reference: str) -> int:
    offered = officer.post(f"/patients/{reference}/erasure/sign-ticket", WHY).json
    signed = {**SIGNATURE, "ticket": offered["ticket"] or ""}
    return officer.post(f"/patients/{reference}/erasure", {**WHY, "signature": signed}).status_code


@pytest.mark.requirement("RQ-52")
def test_an_erased_identity_reads_so_and_is_found_no_more_and_the_chain_holds(
    api: Callable[[str], Api], runtime: Runtime, reference: str
) -> None:
    officer, pharmacist = api("safety_officer"), api("radiopharmacist")
    assert erase(officer, reference) == 201
    found = pharmacist.get(f"/patients/{reference}").json
    assert found["erased"] == "erased on 2026-06-01 by Safety_Officer"
    assert not betrays(str(found))
    assert pharmacist.post("/patients/search", NUMBER).status_code == 404
    assert erase(officer, reference) == 409
    assert pharmacist.post("/patients", CANARY).json["reference"] != reference
    with runtime.reading() as db:
        assert audits.verify(db, runtime.settings.audit_key).first_bad is None


def test_an_identity_that_a_record_needs_stays_with_every_reason(
    api: Callable[[str], Api], runtime: Runtime, clock: StandingClock
) -> None:
    hospital.directive(runtime)
    with runtime.reading() as db:
        reference = db.scalar(sa.text("SELECT reference FROM patients"))
    officer = api("safety_officer")
    assert erase(officer, reference) == 409
    (refusal,) = officer.get(f"/patients/{reference}/erasure").json["refusals"]
    assert "until the safety officer decides" in refusal["message"]
    decision = {"record_class": "directive", "years": 1, "source": "Law 1", "reason": "Read it"}
    officer.post("/retention/decisions", decision)
    clock.move(days=364, hours=9, minutes=59)
    assert erase(officer, reference) == 409
    clock.move(minutes=1)  # midnight in Madrid
    assert erase(officer, reference) == 201


@pytest.mark.parametrize("role", ["radiopharmacist", "physician", "auditor", "admin"])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_nobody_else_erases_or_signs_for_it(
    api: Callable[[str], Api], reference: str, role: str
) -> None:
    assert erase_as(api(role), reference, "safety_officer") == 403
    assert erase_as(api("safety_officer"), reference, role) == 403


def erase_as(who: Api, reference: str, signer: str) -> int:
    body = {**WHY, "signature": {**SIGNATURE, "username": signer}}
    return who.post(f"/patients/{reference}/erasure", body).status_code


def test_an_older_backup_brings_nobody_back(
    app: Flask, api: Callable[[str], Api], runtime: Runtime, reference: str
) -> None:
    settings, folder = runtime.settings, runtime.settings.backup_directory
    file = folder / "older.backup"
    backups.save(runtime.engine, settings.audit_key, file, runtime.clock())
    erase(api("safety_officer"), reference)
    assert list(erasures.listed(folder, settings.audit_key)) == [reference]
    done = app.test_cli_runner().invoke(args=["restore", str(file), "--replace"])
    assert done.exit_code == 0, done.output
    with acts.reading(runtime.engine) as db:
        found = patients.get(db, 1, reference)
        assert found.name == "erased on 2026-06-01 by Safety_Officer"
        assert audits.verify(db, settings.audit_key).first_bad is None


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_forged_list_of_the_erased_stops_a_restore(
    app: Flask, runtime: Runtime, reference: str, tmp_path: Path
) -> None:
    settings, folder = runtime.settings, runtime.settings.backup_directory
    backups.save(runtime.engine, settings.audit_key, folder / "b.backup", runtime.clock())
    (folder / erasures.LIST).write_text('{"erased": {}, "format": "x", "mac": "y"}')
    done = app.test_cli_runner().invoke(args=["restore", str(folder / "b.backup"), "--replace"])
    assert done.exit_code == 1
    assert "list of erased patients" in done.output
    with runtime.reading() as db:
        assert patients.get(db, 1, reference).erased is None
