"""The meters, when their calibration runs out, and how often each was read in a period."""

from collections.abc import Iterator

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import oversight

REGISTER = Register(
    name="instruments",
    title="Instruments",
    about="Meters with their calibration, and the readings of doses, vials and waste they took.",
    group=Group.OVERSIGHT,
    columns=(
        Column(name="name", title="Instrument", share=1.5),
        Column(name="kind", title="Kind"),
        Column(name="serial", title="Serial number", kind=Kind.CODE),
        Column(name="since", title="In use since", kind=Kind.INSTANT, share=1.3),
        Column(name="due_at", title="Calibration due", kind=Kind.INSTANT, share=1.3),
        Column(name="readings", title="Readings", kind=Kind.NUMBER),
        Column(name="last_at", title="Last read", kind=Kind.INSTANT, share=1.3),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """By kind and name; one read after its calibration had run out says so."""
    for row in oversight.meters(reading.db, reading.site.id, reading.asked):
        due_at, last_at = row.calibration_due_at, row.last_at
        is_overdue = due_at is not None and last_at is not None and last_at >= due_at
        yield Line(
            cells={
                "name": row.name,
                "kind": row.kind.replace("_", " "),
                "serial": row.serial,
                "since": row.created_at,
                "due_at": due_at,
                "readings": row.readings,
                "last_at": last_at,
            },
            mark="Read after its calibration was due." if is_overdue else "",
        )
