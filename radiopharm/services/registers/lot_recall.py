"""From a lot to its patients: each vial of it, each dose from it, whose it was, whether given."""

from collections.abc import Iterator

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register, code
from radiopharm.services.registers.doses import named
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import doses

REGISTER = Register(
    name="lot-recall",
    title="Lot recall",
    about="From a lot to every dose drawn from it and whom it was given to, by reference.",
    group=Group.DOSES,
    by_lot=True,
    columns=(
        Column(name="lot", title="Lot", kind=Kind.CODE),
        Column(name="vial", title="Vial", kind=Kind.CODE),
        Column(name="product", title="Product", share=1.5),
        Column(name="dose", title="Dose", kind=Kind.CODE),
        Column(name="patient", title="Patient", kind=Kind.CODE),
        Column(name="directive", title="Directive", kind=Kind.CODE),
        Column(name="drawn_at", title="Drawn", kind=Kind.INSTANT, share=1.4),
        Column(name="volume_ul", title="Volume", kind=Kind.VOLUME, share=0.7),
        Column(name="given_at", title="Given", kind=Kind.INSTANT, share=1.4),
        Column(name="net_bq", title="Net", kind=Kind.ACTIVITY, share=0.8),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """By lot and vial; a dose from two vials stands under both."""
    db, site_id, asked = reading.db, reading.site.id, reading.asked
    made = {row.id: row for row in doses.dispensed(db, site_id, asked)}
    given = doses.given_by_dose(db, site_id, asked)
    for draw in doses.drawn(db, site_id, asked):
        dose, taken = made[draw.dose_id], given.get(draw.dose_id)
        yield Line(
            cells={
                **named(dose, reading),
                "lot": draw.lot,
                "vial": code("V", draw.vial_id),
                "drawn_at": dose.drawn_at,
                "volume_ul": -draw.volume_ul,
                "given_at": taken.started_at if taken else None,
                "net_bq": taken.net_bq if taken else None,
            },
            void=reading.void_words(dose),
        )
