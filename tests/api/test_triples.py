"""Every state of a directive and its dose × every event × every role, over HTTP, from one table.

What is refused must leave nothing behind, so refusals are asked of the prepared database itself;
what is done is done on a fresh copy of it. PostgreSQL answers a sample.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from radiopharm.core.actions import Action
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from radiopharm.store.tables.audit import audit_events
from tests import hospital
from tests.conftest import NOON
from tests.doors import Api

ANSWERS = """
state         version sign verify cancel dispense void return administer residue observe
draft         201     200  409    200    409      404  404    404        404     404
oral          201     200  409    200    201      404  404    404        404     404
signed        201     409  200    200    201      404  404    404        404     404
verified      201     409  409    200    201      404  404    404        404     404
cancelled     409     409  409    409    409      404  404    404        404     404
dispensed     201     409  200    200    409      200  409    201        404     201
recalled      409     409  409    409    409      200  409    409        404     201
void          201     409  200    200    201      409  409    409        404     409
returned      201     409  200    200    201      409  200    409        404     201
administered  409     409  409    409    409      409  409    409        201     201
"""
TREATING = ("technologist", "radiopharmacist", "physician")
MAY = {
    "version": TREATING,
    "sign": TREATING,
    "verify": TREATING,
    "cancel": ("radiopharmacist", "physician"),
    "dispense": ("technologist", "radiopharmacist"),
    "void": ("technologist", "radiopharmacist"),
    "return": ("technologist", "radiopharmacist"),
    "administer": TREATING,
    "residue": TREATING,
    "observe": (*TREATING, "physicist", "safety_officer"),
}
SAMPLE = ("radiopharmacist", "auditor")

_HEAD, *_ROWS = (line.split() for line in ANSWERS.strip().splitlines())
EXPECTED = {row[0]: dict(zip(_HEAD[1:], map(int, row[1:]), strict=True)) for row in _ROWS}
PREPARED_BY = {
    "draft": (),
    "oral": ("oral",),
    "signed": ("sign",),
    "verified": ("sign", "verify"),
    "cancelled": ("sign", "cancel"),
    "dispensed": ("sign", "draw"),
    "recalled": ("sign", "draw", "cancel"),
    "void": ("sign", "draw", "undraw"),
    "returned": ("sign", "draw", "void"),
    "administered": ("sign", "draw", "administer"),
}


def signing(username: str) -> dict[str, str]:
    return {"username": username, "secret": hospital.PASSWORD}


def requests(meter: int) -> dict[str, tuple[str, Any]]:
    """What is sent for each event; the dose prepared is of the first vial, a further of the second.

    A whole vial reads 9.3 GBq two days before the 7.4 GBq that its directive plans.
    """
    now, why = instant_out(NOON), {"reason": "as told"}
    reading = {"measured_activity": "9.3 GBq", "measured_at": now, "instrument_id": meter}
    signed = {"signature": signing("radiopharmacist"), "second": signing("second")}
    dose = {"directive_id": 1, **reading, **signed}
    by_physician = {"after_version": 1, "signature": signing("physician")}
    by_pharmacist = {"after_version": 1, "signature": signing("radiopharmacist")}
    left = {"item": "tubing", "activity": "37 MBq", "measured_at": now}
    seen = {"kind": "extravasation", "observed_at": now, "words": "Red arm"}
    told = {"given_by": "physician", "given_at": now, **why}
    return {
        "oral": ("/directives/1/oral", {**by_pharmacist, **told}),
        "draw": ("/dispensings", {**dose, "draws": [{"vial_id": 1, "after_sequence": 1}]}),
        "undraw": ("/dispensings/1/void", {"drawn": False, **why}),
        "version": ("/directives/1/versions", {"after_version": 1, "cycle": 3, **why}),
        "sign": ("/directives/1/sign", by_physician),
        "verify": ("/directives/1/verify", by_pharmacist),
        "cancel": ("/directives/1/cancel", why),
        "dispense": ("/dispensings", {**dose, "draws": [{"vial_id": 2, "after_sequence": 1}]}),
        "void": ("/dispensings/1/void", {"drawn": True, **why}),
        "return": ("/dispensings/1/return", why),
        "administer": ("/dispensings/1/administration", {"started_at": now, "ended_at": now}),
        "residue": ("/dispensings/1/residues", {"residues": [left], **why}),
        "observe": ("/dispensings/1/observations", seen),
    }


@pytest.fixture
def asked(api: Callable[[str], Api], runtime: Runtime) -> Callable[[str, str], int]:
    """`asked("sign", "physician")`: the status of the answer."""
    doors = {role: api(role) for role in hospital.ROLES}
    told = requests(hospital.calibrator(runtime))
    return lambda event, role: doors[role].post(*told[event]).status_code


def triples(state: str, roles: tuple[str, ...]) -> Iterator[tuple[str, str, int]]:
    """Event, role, and the answer in that state."""
    for event, status in EXPECTED[state].items():
        for role in roles:
            yield event, role, status if role in MAY[event] else 403


def effects(runtime: Runtime) -> int:
    """How many acts were done; a refused access is told too, and is none."""
    done = audit_events.c.action.not_in([Action.ACCESS_REFUSED])
    with runtime.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(audit_events).where(done)) or 0


@pytest.mark.parametrize("state", PREPARED_BY)
def test_each_event_by_each_role_is_answered_as_the_table_says(
    state: str, asked: Callable[[str, str], int], runtime: Runtime, url: str, tmp_path: Path
) -> None:
    for _ in range(2):
        hospital.accepted(runtime)
    hospital.directive(runtime, signed=False)
    assert all(asked(event, "radiopharmacist") < 300 for event in PREPARED_BY[state])
    is_sqlite = url.startswith("sqlite")
    table = list(triples(state, hospital.ROLES if is_sqlite else SAMPLE))

    before = effects(runtime)
    refused = [(event, role, status) for event, role, status in table if status >= 400]
    assert [(event, role, asked(event, role)) for event, role, _ in refused] == refused
    assert effects(runtime) == before

    done = [(event, role, status) for event, role, status in table if status < 400]
    database, kept = Path(url.removeprefix("sqlite:///")), tmp_path / "prepared.db"
    if is_sqlite:
        runtime.engine.dispose()
        shutil.copy(database, kept)
    for event, role, status in done if is_sqlite else done[:1]:
        assert (event, role, asked(event, role)) == (event, role, status)
        if is_sqlite:
            runtime.engine.dispose()
            shutil.copy(kept, database)


def test_the_table_names_every_state_and_every_event() -> None:
    assert EXPECTED.keys() == PREPARED_BY.keys()
    assert {frozenset(row) for row in EXPECTED.values()} == {frozenset(MAY)}
