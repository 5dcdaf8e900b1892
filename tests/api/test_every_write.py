"""Every write of directives and doses: done once, by one of two people or by both, or not at all.

`tests/writes.py` lists them. One database serves the whole file; each case prepares its own.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from radiopharm.core.actions import Action
from radiopharm.runtime import make_runtime
from radiopharm.services import audits
from radiopharm.store import make_engine
from radiopharm.store.backups_contents import contents
from radiopharm.store.tables.audit import audit_events
from radiopharm.store.vault import Vault
from tests import hospital
from tests.canary import betrays, tell_everything, traces
from tests.conftest import StandingClock
from tests.ward import Ward
from tests.writes import WRITES, Write

FORK = multiprocessing.get_context("fork")
COPIES = 8
EVERY = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
SAMPLE = pytest.mark.parametrize("write", WRITES[::5], ids=lambda write: write.name)
MOST = pytest.mark.parametrize(
    ("shared_url", "write"),
    [("sqlite", write) for write in WRITES] + [("postgresql", write) for write in WRITES[::3]],
    indirect=["shared_url"],
    ids=lambda given: getattr(given, "name", given),
    scope="module",
)
Post = Callable[[], TestResponse]


@pytest.fixture(autouse=True)
def _nobody_is_named(ward: "Ward", capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """The patients of all these writes are canaries: no log of theirs says who they are."""
    yield
    said = capfd.readouterr()
    assert not betrays(said.out + said.err)


ROOMS = {
    "directives",
    "oral_directives",
    "prescribing",
    "dispensing",
    "second_reading",
    "reassigning",
}
ROOMS |= {"doses", "administering", "observing", "flags", "api_splitting"}
ROOMS |= {
    f"api_{room}"
    for room in ("directives", "dispensings", "administrations", "observations", "flags")
}
BY_FORM = {
    "prescribing.submit": "api_directives.draft",
    "prescribing.change_submit": "api_directives.change",
    "directives.sign": "api_directives.sign",
    "directives.verify": "api_directives.verify",
    "directives.cancel": "api_directives.cancel",
    "oral_directives.submit": "api_directives.record_oral",
    "dispensing.submit": "api_dispensings.dispense",
    "second_reading.submit": "api_dispensings.dispense",
    "reassigning.submit": "api_dispensings.reassign",
    "doses.label": "api_dispensings.labels",
    "doses.void": "api_dispensings.void",
    "doses.put_back": "api_dispensings.put_back",
    "administering.submit": "api_administrations.administer",
    "administering.add_residues": "api_administrations.add_residues",
    "administering.put_residues": "api_administrations.put_residues",
    "observing.observe": "api_observations.observe",
    "flags.see_to": "api_flags.see_to",
}
WRITES_NOTHING = {
    "api_directives.sign_ticket", "api_dispensings.sign_ticket", "directives.statement",
    "oral_directives.statement", "reassigning.statement", "second_reading.statement",
    "dispensing.figures", "dispensing.look", "administering.figures",
}  # fmt: skip
ELSEWHERE = {
    "directives.keep": "a vial's allocation: tests/services/test_happenings.py",
    "dispensing.hand_over": "a first signature that waits: tests/web/test_second_readings.py",
    "reassigning.hand_over": "the same of another patient's dose",
    "second_reading.give_back": "the same, given back",
    "dispensing.read_meter": "a meter's line has one reader: tests/web/test_readings.py",
    "administering.read_meter": "the same",
}


@pytest.fixture(scope="module")
def ward(
    application: Flask, shared_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ward]:
    """One hospital for the whole file; a fault in it is an answer, as in service."""
    settings = hospital.settings(shared_url, tmp_path_factory.mktemp("ward"))
    runtime = make_runtime(settings, StandingClock())
    application.extensions["radiopharm"] = runtime
    application.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    log = tell_everything(runtime)
    yield Ward(application, runtime)
    runtime.engine.dispose()
    assert log is None or not betrays(log.read_text(errors="replace"))


def done(ward: Ward, action: Action) -> int:
    """How often the audit says it was done."""
    query = sa.select(sa.func.count()).where(audit_events.c.action == action)
    with ward.runtime.reading() as db:
        return db.scalar(query) or 0


def rows(ward: Ward) -> dict[str, int]:
    """How many rows each table has."""
    with ward.runtime.reading() as db:
        return dict(contents(db).rows)


def together(*posts: Post) -> list[TestResponse]:
    """The answers to requests that are sent at the same moment."""
    barrier = Barrier(len(posts))

    def send(post: Post) -> TestResponse:
        barrier.wait()
        return post()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(send, posts))


@MOST
@pytest.mark.requirement("RQ-28", "RQ-49")
def test_a_killed_request_leaves_nothing_and_eight_copies_of_it_at_once_do_it_once(
    ward: Ward, write: Write
) -> None:
    path, body = write.asked(ward)
    key, before, kept = f"copies-{write.name}", done(ward, write.action), rows(ward)
    kill(ward, lambda: ward.one.post(path, body, key=key), is_before=True)
    assert rows(ward) == kept

    answers = together(*[lambda: ward.one.post(path, body, key=key)] * COPIES)
    assert not betrays(answers[0].text + str(answers[0].headers))
    replayed = [answer.headers.get("Idempotent-Replay") for answer in answers]
    assert {answer.status_code for answer in answers} <= {200, 201}, answers[0].text
    assert len({answer.data for answer in answers}) == 1
    assert (replayed.count("true"), done(ward, write.action)) == (COPIES - 1, before + 1)


@EVERY
@pytest.mark.requirement("RQ-28")
def test_two_people_at_once_do_it_as_often_as_the_rule_says(ward: Ward, write: Write) -> None:
    path, body = write.asked(ward)
    before = done(ward, write.action)
    one, other = together(lambda: ward.one.post(path, body), lambda: ward.other.post(path, body))
    told = sorted((one.status_code, other.status_code))
    assert (told[0] < 300, told[1] < 300 or told[1] == 409) == (True, True)
    assert [status < 300 for status in told].count(True) == write.of_two
    assert done(ward, write.action) == before + write.of_two
    assert not betrays(one.text + other.text)


@SAMPLE
@pytest.mark.requirement("RQ-28", "RQ-49")
def test_what_was_committed_before_the_answer_was_lost_is_all_there_and_is_answered(
    ward: Ward, write: Write
) -> None:
    path, body = write.asked(ward)
    key, before = f"answered-{write.name}", done(ward, write.action)
    kill(ward, lambda: ward.one.post(path, body, key=key), is_before=False)
    kept = rows(ward)
    again = ward.one.post(path, body, key=key)
    assert (again.status_code < 300, again.headers.get("Idempotent-Replay")) == (True, "true")
    assert (rows(ward), done(ward, write.action)) == (kept, before + 1)


@pytest.mark.requirement("RQ-49")
def test_after_all_of_it_the_audit_and_its_rows_verify_and_no_row_names_a_patient(
    ward: Ward,
) -> None:
    assert traces(ward.runtime) == []
    with ward.runtime.reading() as db:
        assert audits.verify(db, ward.runtime.settings.audit_key).first_bad is None


def test_every_route_that_writes_is_listed_or_says_why_not(application: Flask) -> None:
    posts = {
        str(rule.endpoint)
        for rule in application.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] in ROOMS
    }
    listed = {it.route for it in WRITES if it.route.split(".")[0] in ROOMS}
    assert set(BY_FORM.values()) <= listed
    assert posts == listed | set(BY_FORM) | WRITES_NOTHING | set(ELSEWHERE)


def kill(ward: Ward, post: Post, *, is_before: bool) -> None:
    """Send it in a process of its own that SIGKILLs itself at the commit, just before or after."""
    child = FORK.Process(target=_die_at_commit, args=(ward, post, is_before))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL


def _die_at_commit(ward: Ward, post: Post, is_before: bool) -> None:
    ward.runtime.engine.dispose(close=False)  # the parent's connections stay the parent's
    vault = Vault(hospital.IDENTITY_KEY)
    engine = make_engine(ward.runtime.settings.database_url, vault)
    sa.event.listen(engine, "commit", lambda connection: _die(connection, is_before))
    ward.app.extensions["radiopharm"] = replace(ward.runtime, engine=engine)
    post()


def _die(connection: sa.Connection, is_before: bool) -> None:
    if not connection.get_execution_options().get("writing"):
        return
    if not is_before:
        connection.connection.driver_connection.commit()
    os.kill(os.getpid(), signal.SIGKILL)
