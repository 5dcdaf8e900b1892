"""What is noted on a dose, by JSON: adverse reactions and extravasations."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api.access import act, actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.observing import ObserveSchema
from radiopharm.services import observing
from radiopharm.store import Connection, doses, observations
from radiopharm.store.acts import Act

blp = JsonBlueprint("observations", "/dispensings", "Adverse reactions and extravasations.")
Answer = dict[str, Any]


class ObservationOut(Schema):
    """Something seen on a dose."""

    id = Id()
    kind = fields.String()
    observed_at = Instant()
    words = fields.String()
    recorded_at = Instant()


class ObservationsOut(Schema):
    """Everything noted on a dose, as it was noted."""

    items = fields.List(fields.Nested(ObservationOut))


@blp.post("/<int:dose_id>/observations")
@blp.arguments(ObserveSchema)
@blp.response(201, ObservationOut)
def observe(data: Answer, dose_id: int) -> Answer:
    """Note an adverse reaction or an extravasation; it is flagged for the safety officer."""
    command = ObserveSchema().command(data, dose_id)

    def work(act: Act) -> Answer:
        observing.observe(act, command)
        return _items(act.db, dose_id)[-1]

    return act(work, key_required=True).answer


@blp.get("/<int:dose_id>/observations")
@blp.response(200, ObservationsOut)
def index(dose_id: int) -> Answer:
    """Everything noted on a dose."""
    with runtime().reading() as db:
        doses.get(db, actor().site.id, dose_id)
        return {"items": _items(db, dose_id)}


def _items(db: Connection, dose_id: int) -> list[Answer]:
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "observed_at": instant_out(row.observed_at),
            "words": row.words,
            "recorded_at": instant_out(row.recorded_at),
        }
        for row in observations.of_dose(db, dose_id)
    ]
