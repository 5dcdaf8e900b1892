"""Patients by JSON: recorded, found by hospital number, seen by reference; each look is recorded.

A look at identity is never kept for an idempotent replay: it would copy the identity.
"""

from typing import Any

from flask import g

from radiopharm.api import directive_shapes as shapes
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.patients import RecordPatient
from radiopharm.schemas.patients import FindPatientSchema, RecordPatientSchema
from radiopharm.services import patients
from radiopharm.store.acts import Act, Answer

blp = JsonBlueprint("patients", "/patients", "Patients: identity here, a reference everywhere.")


@blp.post("")
@blp.arguments(RecordPatientSchema)
@blp.response(201, shapes.ReferenceOut)
def record(command: RecordPatient) -> Answer:
    """Record a patient; a hospital number that is known already is refused."""

    def work(act: Act) -> Answer:
        return {"reference": patients.record(act, command)}

    return act(work, key_required=True).answer


@blp.post("/search")
@blp.arguments(FindPatientSchema)
@blp.response(200, shapes.ReferenceOut)
def find(command: dict[str, str]) -> Answer:
    """The reference of the patient with a hospital number, asked in the body."""

    def work(act: Act) -> Answer:
        return {"reference": patients.find(act, command["hospital_number"])}

    return runtime().act(work, actor=actor(), now=g.now).answer


@blp.get("/<string(length=10):reference>")
@blp.response(200, shapes.PatientOut)
def show(reference: str) -> dict[str, Any]:
    """The identity behind a reference."""

    def work(act: Act) -> Answer:
        return shapes.patient(patients.see(act, reference))

    return runtime().act(work, actor=actor(), now=g.now).answer
