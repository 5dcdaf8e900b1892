"""No audit event, no act: when the trail cannot be written, nothing else is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from radiopharm.runtime import Runtime
from radiopharm.store.backups_contents import contents
from tests import hospital
from tests.conftest import StandingClock
from tests.doors import Api, Pages
from tests.meddling import as_owner

ROOM = Path(__file__).parents[2] / "radiopharm"
VIAL = {
    "product": "lutathera",
    "lot": "LT-26-0400",
    "reference_activity": "7585 MBq",
    "reference_at": "2026-06-03T12:00:00Z",
    "volume": "20.5 mL",
    "expires_at": "2026-06-06T12:00:00Z",
    "received_at": "2026-06-01T11:00:00Z",
}


def break_the_trail(runtime: Runtime) -> None:
    """From now on every insert of an audit event fails."""
    with runtime.engine.connect() as db, db.begin():
        if db.dialect.name == "sqlite":
            as_owner(db)
            db.exec_driver_sql(
                "CREATE TRIGGER broken BEFORE INSERT ON audit_events "
                "BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        else:
            db.exec_driver_sql("ALTER TABLE audit_events ADD CHECK (number < 0) NOT VALID")


def rows(runtime: Runtime) -> dict[str, int]:
    with runtime.reading() as db:
        held = dict(contents(db).rows)
    held.pop("sessions")
    return held


@pytest.mark.requirement("RQ-49")
def test_a_command_without_its_event_leaves_nothing(
    app: Flask, api: Callable[[str], Api], runtime: Runtime
) -> None:
    vial_id = hospital.receive(runtime)
    bench, second = api("radiopharmacist"), Api(app, hospital.TOKENS["radiopharmacist"])
    break_the_trail(runtime)
    before = rows(runtime)
    app.testing = False

    received = bench.post("/vials", VIAL)
    accepted = second.post(
        f"/vials/{vial_id}/accept", {"after_sequence": 1, "reason": "nobody else is here"}
    )

    assert (received.status_code, accepted.status_code) == (500, 500)
    assert json.loads(received.text)["saved"] is False
    assert rows(runtime) == before


def test_a_form_without_its_event_leaves_nothing(
    app: Flask, pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    vial_id = hospital.receive(runtime)
    browser = pages("radiopharmacist")
    break_the_trail(runtime)
    before = rows(runtime)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = browser.post(
        f"/vials/{vial_id}/accept", {"after_sequence": "1", "reason": "nobody else is here"}
    )

    assert answer.status_code == 500
    assert rows(runtime) == before


def test_nobody_signs_in_unseen(app: Flask, runtime: Runtime, clock: StandingClock) -> None:
    break_the_trail(runtime)
    before = rows(runtime)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    browser = Pages(app, "auditor")
    assert browser.get("/audit").status_code == 302
    assert rows(runtime) == before


def test_an_export_without_its_event_is_not_handed_out(
    app: Flask, pages: Callable[[str], Pages], runtime: Runtime
) -> None:
    hospital.receive(runtime)
    browser = pages("auditor")
    break_the_trail(runtime)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = browser.get("/audit/export.csv")
    assert answer.status_code == 500
    assert "LT-26" not in answer.text


def test_an_act_that_records_nothing_does_not_happen(
    runtime: Runtime, person: Callable[[str], object]
) -> None:
    with pytest.raises(RuntimeError, match="without an audit event"):
        runtime.act(lambda act: {}, actor=person("physicist"), now=runtime.clock())


def test_only_these_open_a_writing_transaction_of_their_own() -> None:
    """Everything else writes through `runtime.act`, which asks for the event."""
    found = {
        str(path.relative_to(ROOM))
        for path in ROOM.rglob("*.py")
        if re.search(r"\bwriting\(", path.read_text())
    }
    assert found == {
        "cli/acting.py",  # the first site of a new database
        "services/sealing.py",  # what vouches for events from outside leaves none
        "store/acts.py",
        "store/migrations.py",
        "store/residues.py",  # what is destroyed already, written over
        "web/drafts.py",  # what was typed and not sent
        "web/handed_over.py",  # a first reading that waits for the second person
        "web/presence.py",  # who has a vial open
        "web/sessions.py",  # that a browser came back
    }
