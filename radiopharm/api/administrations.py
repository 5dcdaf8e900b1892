"""Administrations by JSON: what was given, what was left, what the patient received."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api.access import act, actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.refusals import NotFound
from radiopharm.schemas.administering import AdministerSchema
from radiopharm.schemas.fields import Id, Instant, instant_out
from radiopharm.services import administering
from radiopharm.store import Connection, administrations, doses
from radiopharm.store.acts import Act

blp = JsonBlueprint("administrations", "/dispensings", "What was given, what was left, the net.")
Answer = dict[str, Any]


class ResidueOut(Schema):
    """A residue as read, and carried to the start."""

    id = Id()
    item = fields.String()
    activity = fields.String()
    measured_at = Instant()
    measured_bq = fields.Integer()
    at_start_bq = fields.Float()


class AdministrationOut(Schema):
    """What the patient received, at the start of the administration."""

    id = Id()
    dispensing_id = Id()
    started_at = Instant()
    ended_at = Instant()
    route = fields.String()
    dose_bq = fields.Float()
    dose_mbq = fields.Float()
    net_administered_bq = fields.Float()
    net_administered_mbq = fields.Float()
    net_administered_at = Instant()
    percent_of_prescribed = fields.Float()
    meets_event_percentage = fields.Boolean()
    late = fields.Boolean()
    residues = fields.List(fields.Nested(ResidueOut))
    working = fields.Dict()


@blp.post("/<int:dose_id>/administration")
@blp.arguments(AdministerSchema)
@blp.response(201, AdministrationOut)
def administer(data: Answer, dose_id: int) -> Answer:
    """Record the administration of a dose with its residues."""
    command = AdministerSchema().command(data, dose_id)

    def work(act: Act) -> Answer:
        administering.administer(act, command)
        return _shape(act.db, dose_id)

    return act(work, key_required=True).answer


@blp.get("/<int:dose_id>/administration")
@blp.response(200, AdministrationOut)
def show(dose_id: int) -> Answer:
    """The administration of a dose."""
    with runtime().reading() as db:
        doses.get(db, actor().site.id, dose_id)
        return _shape(db, dose_id)


def _shape(db: Connection, dose_id: int) -> Answer:
    found = administrations.of_dose(db, dose_id)
    if found is None:
        raise NotFound("administration")
    return {
        "id": found["id"],
        "dispensing_id": dose_id,
        "started_at": instant_out(found["started_at"]),
        "ended_at": instant_out(found["ended_at"]),
        "route": found["route"],
        "dose_bq": found["dose_bq"],
        "dose_mbq": found["dose_bq"] / 1e6,
        "net_administered_bq": found["net_bq"],
        "net_administered_mbq": found["net_bq"] / 1e6,
        "net_administered_at": instant_out(found["started_at"]),
        "percent_of_prescribed": float(found["percent_of_prescribed"]),
        "meets_event_percentage": found["working"]["meets_event_percentage"],
        "late": found["late"],
        "residues": [
            {
                "id": residue["id"],
                "item": residue["item"],
                "activity": residue["measured_text"],
                "measured_at": instant_out(residue["measured_at"]),
                "measured_bq": residue["measured_bq"],
                "at_start_bq": residue["at_start_bq"],
            }
            for residue in found["residues"]
        ],
        "working": found["working"],
    }
