"""The instruments of a site: adding one, and naming one for a reading."""

from dataclasses import asdict, replace

from radiopharm.core.actions import Action
from radiopharm.core.instruments import AddInstrument, Instrument, InstrumentKind, MeterLine
from radiopharm.core.refusals import Invalid, NotFound, Refusal
from radiopharm.store import Connection, instruments
from radiopharm.store.acts import Act


def add(act: Act, command: AddInstrument) -> int:
    """Write an instrument; `Invalid` when its serial number is here already. Returns its id."""
    site_id = act.actor.site.id
    if instruments.has_serial(act.db, site_id, command.serial):
        said = "An instrument with this serial number is in the list already."
        raise Invalid([Refusal(code="serial_taken", field="serial", message=said)])
    instrument_id = instruments.add(act.db, site_id, command, act.now)
    act.record(
        Action.INSTRUMENT_ADDED,
        f"instrument:{instrument_id}",
        name=command.name,
        kind=str(command.kind),
        serial=command.serial,
        calibration_due_at=command.calibration_due_at,
    )
    return instrument_id


def connect(act: Act, instrument_id: int, line: MeterLine | None) -> Instrument:
    """Connect an activity meter over a line, or take its line off; the instrument as it is then."""
    found = instruments.find(act.db, act.actor.site.id, instrument_id)
    if found is None:
        raise NotFound(f"instrument {instrument_id}")
    if found.kind is not InstrumentKind.ACTIVITY_METER:
        said = "Only activity meters are read over a line."
        raise Invalid([Refusal(code="not_a_meter", field="dialect", message=said)])
    instruments.connect(act.db, instrument_id, line, act.actor.id, act.now)
    act.record(
        Action.INSTRUMENT_CONNECTED,
        f"instrument:{instrument_id}",
        old={"line": asdict(found.line) if found.line else None},
        line=asdict(line) if line else None,
    )
    return replace(found, line=line)


def for_reading(
    db: Connection, site_id: int, instrument_id: int, kind: InstrumentKind
) -> Instrument:
    """The site's instrument of *kind* that a reading names; `Invalid` when there is none such."""
    found = instruments.find(db, site_id, instrument_id)
    if found is not None and found.kind is kind and found.retired_at is None:
        return found
    said = f"Choose {'an activity' if kind is InstrumentKind.ACTIVITY_METER else 'a survey'} meter."
    raise Invalid([Refusal(code="unknown_instrument", field="instrument_id", message=said)])
