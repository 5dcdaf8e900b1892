"""Keep what a meter said over its line; the line itself is read before, outside the transaction."""

from radiopharm.core.actions import Action
from radiopharm.core.instruments import MeterLine
from radiopharm.core.readings import Measured, MeterAnswer, ReadingId, TakenReading, as_measured
from radiopharm.core.refusals import Conflict, Invalid, NotFound, Refusal
from radiopharm.store import Connection, instruments, readings
from radiopharm.store.acts import Act


def line_of(db: Connection, site_id: int, instrument_id: int) -> MeterLine:
    """The line a meter is read over; `NotFound`, or `Conflict` where it has none."""
    found = instruments.find(db, site_id, instrument_id)
    if found is None:
        raise NotFound(f"instrument {instrument_id}")
    if found.line is None or found.retired_at is not None:
        raise Conflict("meter_not_connected", f"{found.name} is not connected. Type what it shows.")
    return found.line


def measured(db: Connection, site_id: int, said: Measured | ReadingId) -> Measured:
    """What was typed, or what the device reading named says; `Invalid` where there is none."""
    if isinstance(said, Measured):
        return said
    return as_measured(named(db, site_id, said))


def named(db: Connection, site_id: int, reading_id: ReadingId) -> TakenReading:
    """A reading of the site; raises `Invalid`."""
    reading = readings.find(db, site_id, reading_id)
    if reading is None:
        unknown = "There is no such reading. Read the meter again."
        raise Invalid([Refusal(code="unknown_reading", field="reading_id", message=unknown)])
    return reading


def take(act: Act, instrument_id: int, line: MeterLine, answer: MeterAnswer) -> int:
    """Write a reading as the meter sent it; returns its id."""
    said = answer.reading
    reading_id = readings.add(
        act.db,
        site_id=act.actor.site.id,
        instrument_id=instrument_id,
        dialect=str(line.dialect),
        raw=answer.raw,
        activity_bq=said.activity_bq,
        activity_text=said.text,
        setting=said.setting,
        nuclide=said.nuclide,
        read_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.METER_READ,
        f"reading:{reading_id}",
        f"instrument:{instrument_id}",
        raw=answer.raw,
        activity_bq=said.activity_bq,
        text=said.text,
        setting=said.setting,
    )
    return reading_id
