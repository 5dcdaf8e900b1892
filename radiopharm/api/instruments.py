"""Instruments by JSON: the list, and a new one."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, runtime
from radiopharm.api.paging import page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.instruments import AddInstrument, Instrument
from radiopharm.schemas.fields import Id, Instant, instant_out
from radiopharm.schemas.instruments import AddInstrumentSchema
from radiopharm.services import instruments as service
from radiopharm.store import instruments
from radiopharm.store.acts import Act

blp = JsonBlueprint("instruments", "/instruments", "Activity meters and survey meters.")


class InstrumentOut(Schema):
    """An instrument."""

    id = Id()
    name = fields.String()
    kind = fields.String()
    serial = fields.String()
    calibration_due_at = Instant(allow_none=True)
    retired_at = Instant(allow_none=True)


@blp.get("")
@blp.response(200, schemas.page_of(InstrumentOut, "Instrument"))
def index() -> dict[str, Any]:
    """Every instrument of the site."""
    with runtime().reading() as db:
        return page(map(_shape, instruments.of_site(db, actor().site.id)), None)


@blp.post("")
@blp.arguments(AddInstrumentSchema)
@blp.response(201, InstrumentOut)
def add(command: AddInstrument) -> dict[str, Any]:
    """Add an instrument."""

    def work(act: Act) -> dict[str, Any]:
        instrument_id = service.add(act, command)
        found = instruments.find(act.db, act.actor.site.id, instrument_id)
        assert found is not None
        return _shape(found)

    return act(work, key_required=True).answer


def _shape(it: Instrument) -> dict[str, Any]:
    return {
        "id": it.id,
        "name": it.name,
        "kind": str(it.kind),
        "serial": it.serial,
        "calibration_due_at": it.calibration_due_at and instant_out(it.calibration_due_at),
        "retired_at": it.retired_at and instant_out(it.retired_at),
    }
