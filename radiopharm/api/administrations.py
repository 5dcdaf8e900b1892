"""Administrations by JSON: what was given, what was left, what was found out later."""

from typing import Any

from marshmallow import Schema

from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.administration_schemas import AdministrationOut
from radiopharm.api.administration_shapes import administration
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.refusals import NotFound
from radiopharm.schemas.administering import AddResiduesSchema, AdministerSchema
from radiopharm.schemas.fields import Id
from radiopharm.services import administering, medical_events, residues
from radiopharm.store import Connection, administrations, doses
from radiopharm.store.acts import Act

blp = JsonBlueprint("administrations", "/dispensings", "What was given, what was left, the net.")
Answer = dict[str, Any]


class ContainerSchema(Schema):
    """The container that everything goes into."""

    container_id = Id(required=True)


@blp.post("/<int:dose_id>/administration")
@blp.arguments(AdministerSchema)
@blp.response(201, AdministrationOut)
def administer(data: Answer, dose_id: int) -> Answer:
    """Record the administration of a dose with its residues.

    `patient` and `dose` are the codes scanned; left out, each is recorded as not scanned.
    A recalled dose that was given all the same is recorded as `already_given`, with a `reason` and
    a `second` person's signature.
    """
    command = AdministerSchema().command(data, dose_id)
    second = proved(data["second"]) if data["second"] else None

    def work(act: Act) -> Answer:
        administering.administer(act, command, second)
        return _shape(act.db, dose_id)

    return act(work, key_required=True).answer


@blp.get("/<int:dose_id>/administration")
@blp.response(200, AdministrationOut)
def show(dose_id: int) -> Answer:
    """The administration of a dose."""
    with runtime().reading() as db:
        return _shape(db, dose_id)


@blp.post("/<int:dose_id>/residues")
@blp.arguments(AddResiduesSchema)
@blp.response(201, AdministrationOut)
def add_residues(data: Answer, dose_id: int) -> Answer:
    """Add residues found after the administration was recorded; the balance is made anew."""
    command = AddResiduesSchema().command(data, dose_id)

    def work(act: Act) -> Answer:
        residues.add(act, command)
        return _shape(act.db, dose_id)

    return act(work, key_required=True).answer


@blp.post("/<int:dose_id>/residues/waste")
@blp.arguments(ContainerSchema)
@blp.response(200, AdministrationOut)
def put_residues(data: Answer, dose_id: int) -> Answer:
    """Put every residue of the dose that has no place yet into one open container."""

    def work(act: Act) -> Answer:
        residues.put_all_in(act, dose_id, data["container_id"])
        return _shape(act.db, dose_id)

    return act(work).answer


def _shape(db: Connection, dose_id: int) -> Answer:
    person = actor()
    dose = doses.get(db, person.site.id, dose_id)
    found = administrations.of_dose(db, dose_id)
    if found is None:
        raise NotFound("administration")
    return administration(found, medical_events.of_dose(db, dose, found, person.site.zone))
