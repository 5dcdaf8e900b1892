"""A canary patient, through what reads, refuses, fails and erases, is found in no sink."""

from collections.abc import Callable

import pytest
from flask import Flask

from radiopharm.jobs.registry import all_jobs
from radiopharm.jobs.running import run
from radiopharm.runtime import Runtime
from tests import hospital
from tests.canary import CANARY, betrays, tell_everything, traces
from tests.conftest import StandingClock
from tests.doors import Api, Pages
from tests.services.test_fail_closed import break_the_trail

NUMBER = {"hospital_number": CANARY["hospital_number"]}
WHY = {"reason": "Asked for by the person"}
SIGNATURE = {"username": "safety_officer", "secret": hospital.PASSWORD}


@pytest.mark.requirement("RQ-49")
def test_a_canary_is_found_in_no_sink(
    app: Flask,
    api: Callable[[str], Api],
    pages: Callable[[str], Pages],
    runtime: Runtime,
    clock: StandingClock,
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = tell_everything(runtime)
    bench, officer, desk = api("radiopharmacist"), api("safety_officer"), pages("radiopharmacist")
    reference = bench.post("/patients", CANARY, key="once").json["reference"]
    answers = [
        bench.post("/patients", {**CANARY, "given_name": "Other"}),
        bench.post("/patients", {**CANARY, "birth_date": "30.04.1961"}),
        bench.post("/patients/search", NUMBER),
        desk.post("/patients/search", NUMBER),
        officer.get(f"/patients/{reference}/erasure"),
        officer.post(f"/patients/{reference}/erasure", {**WHY, "signature": SIGNATURE}),
    ]
    for job in all_jobs(runtime.settings):
        run(runtime, job, clock())
    break_the_trail(runtime)
    app.testing = False
    answers.append(bench.post("/patients", {**CANARY, "hospital_number": "HN-CANARY-4711-B"}))
    assert [it.status_code for it in answers] == [409, 422, 200, 303, 200, 201, 500]
    assert not [it for it in answers if betrays(it.text) or betrays(str(it.headers))]
    assert not betrays(app.test_client().get("/metrics").text)
    assert traces(runtime) == []
    said = capfd.readouterr()
    assert "unexpected error" in said.out
    assert not betrays(said.out + said.err)
    if log:
        told = log.read_text(errors="replace")
        assert "INSERT INTO patients" in told
        assert reference in told
        assert not betrays(told)
