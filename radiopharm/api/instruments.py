"""Instruments by JSON: the list, a new one, a meter's line, a reading over it."""

from typing import Any

from marshmallow import Schema, fields

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, require_key, runtime
from radiopharm.api.paging import page
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.instruments import AddInstrument, Instrument, MeterLine
from radiopharm.core.readings import TakenReading
from radiopharm.devices import meters
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.instruments import AddInstrumentSchema, MeterLineSchema
from radiopharm.services import instruments as service
from radiopharm.services import readings as taking
from radiopharm.store import instruments, readings
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
    dialect = fields.String(allow_none=True)
    port = fields.String(allow_none=True)
    baud = fields.Integer(allow_none=True)
    decimal_sign = fields.String(allow_none=True)


class ReadingOut(Schema):
    """What a meter said over its line: `raw` verbatim, the activity exact in becquerels."""

    id = Id()
    instrument_id = Id()
    activity_bq = fields.Integer()
    activity_mbq = fields.Float()
    activity = fields.String()
    setting = fields.String()
    nuclide = fields.String(allow_none=True)
    read_at = Instant()
    dialect = fields.String()
    raw = fields.String()
    dispensing_id = Id(allow_none=True)


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


@blp.post("/<int:instrument_id>/line")
@blp.arguments(MeterLineSchema)
@blp.response(200, InstrumentOut)
def connect(command: dict[str, MeterLine | None], instrument_id: int) -> dict[str, Any]:
    """Connect an activity meter over a line; without a dialect its line is taken off."""

    def work(act: Act) -> dict[str, Any]:
        return _shape(service.connect(act, instrument_id, command["line"]))

    return act(work).answer


@blp.post("/<int:instrument_id>/readings")
@blp.response(201, ReadingOut)
def read(instrument_id: int) -> dict[str, Any]:
    """Read the meter over its line now; 409 says what is wrong with the meter or its line."""
    require_key()  # before the meter is asked: that takes seconds
    with runtime().reading() as db:
        line = taking.line_of(db, actor().site.id, instrument_id)
    said = meters.read(line)

    def work(act: Act) -> dict[str, Any]:
        reading_id = taking.take(act, instrument_id, line, said)
        taken = readings.find(act.db, act.actor.site.id, reading_id)
        assert taken is not None
        return _reading(taken)

    return act(work, key_required=True).answer


def _reading(it: TakenReading) -> dict[str, Any]:
    return {
        "id": it.id,
        "instrument_id": it.instrument_id,
        "activity_bq": it.activity_bq,
        "activity_mbq": it.activity_bq / 1e6,
        "activity": it.text,
        "setting": it.setting,
        "nuclide": it.nuclide,
        "read_at": instant_out(it.read_at),
        "dialect": it.dialect,
        "raw": it.raw,
        "dispensing_id": it.used_by,
    }


def _shape(it: Instrument) -> dict[str, Any]:
    return {
        "id": it.id,
        "name": it.name,
        "kind": str(it.kind),
        "serial": it.serial,
        "calibration_due_at": it.calibration_due_at and instant_out(it.calibration_due_at),
        "retired_at": it.retired_at and instant_out(it.retired_at),
        "dialect": it.line and str(it.line.dialect),
        "port": it.line and it.line.port,
        "baud": it.line and it.line.baud,
        "decimal_sign": it.line and it.line.decimal,
    }
