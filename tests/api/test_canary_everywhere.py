"""A canary patient, in every state a dose can be in, read by every page and every call there is.

`tests/api/test_every_write.py` drives the same patients through every write.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.core.actions import Action
from radiopharm.runtime import Runtime
from radiopharm.services.registers import REGISTERS
from radiopharm.store.tables.audit import audit_events
from radiopharm.store.tables.derived import flags
from radiopharm.store.tables.directives import directives
from radiopharm.store.tables.doses import dispensings
from radiopharm.store.tables.patients import patients
from radiopharm.store.tables.vials import vials
from radiopharm.store.tables.waste import waste_containers
from tests.canary import betrays, traces
from tests.doors import Pages
from tests.ward import LEFT, Ward

SHOWS_WHO = {
    "today.show",
    "directives.index",
    "directives.show",
    "prescribing.change",
    "dispensing.show",
    "patients.show",
    "api_patients.show",
}
"""Who a patient is, for those who must know: a look at each of these is an event."""
ELSEWHERE = {"static", "api-docs.openapi_json", "registers.bundle", "api_registers.bundle"}
"""The same for everybody; and what holds only the registers and the trail, which are read here."""
ASKED = {
    "today.show": "?day=2026-06-03",
    "doses.export": "?day=2026-06-03",
    "directives.index": "?tab=all",
    "dispensing.show": "?directive_id={directive}",
}
IDS = {
    "directive_id": directives.c.id,
    "dose_id": dispensings.c.id,
    "flag_id": flags.c.id,
    "container_id": waste_containers.c.id,
    "vial_id": vials.c.id,
    "reference": patients.c.reference,
}
OTHERS = {"name": list(REGISTERS), "form": ["csv"], "kind": ["csv", "json"]}


@pytest.mark.requirement("RQ-49")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_of_all_that_can_be_read_only_what_must_says_who_a_patient_is(
    app: Flask, runtime: Runtime, capfd: pytest.CaptureFixture[str]
) -> None:
    ward, named, unseen, seen = lived(app, runtime), set(), set(), looks(runtime)
    browser = Pages(app, "everyone")
    values = found(runtime)
    for endpoint, address in addresses(app, values):
        call = ward.one.get if address.startswith("/api/v1") else browser.get
        answer = call(address.removeprefix("/api/v1"))
        assert answer.status_code < 500, address
        assert not betrays(address + str(answer.headers)), address
        if betrays(answer.text if "pdf" not in answer.content_type else ""):
            named.add(endpoint)
            if looks(runtime) == seen:
                unseen.add(endpoint)
        seen = looks(runtime)
    assert (named, unseen) == (SHOWS_WHO, set())
    assert traces(runtime) == []
    said = capfd.readouterr()
    assert not betrays(said.out + said.err)


def lived(app: Flask, runtime: Runtime) -> Ward:
    """Patients whose directive is drafted, signed, given orally, recalled; whose dose is given."""
    ward = Ward(app, runtime)
    for _ in (ward.signed(), ward.draft(), ward.oral(), ward.recalled(), ward.flag()):
        pass
    given, container = ward.given(residues=[LEFT]), ward.container()
    ward.do(f"{given}/residues/waste", {"container_id": container})
    return ward


def looks(runtime: Runtime) -> int:
    """How often somebody is said to have seen who a patient is."""
    query = sa.select(sa.func.count()).where(audit_events.c.action == Action.PATIENT_SEEN)
    with runtime.reading() as db:
        return db.scalar(query) or 0


def found(runtime: Runtime) -> dict[str, list[Any]]:
    """What each part of an address can be."""
    with runtime.reading() as db:
        ids = {name: list(db.scalars(sa.select(column))) for name, column in IDS.items()}
    some = {name: [*known[:1], *known[-2:]] for name, known in ids.items()}
    return {**some, **OTHERS, "vial_id": ids["vial_id"][-1:]}


def addresses(app: Flask, values: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """Every route for reading, with everything its address can name."""
    bound = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in ELSEWHERE:
            for chosen in product(*(values.get(name, [1]) for name in sorted(rule.arguments))):
                named = dict(zip(sorted(rule.arguments), chosen, strict=True))
                query = ASKED.get(rule.endpoint, "").format(directive=values["directive_id"][0])
                yield rule.endpoint, bound.build(rule.endpoint, named) + query
