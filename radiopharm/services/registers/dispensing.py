"""Every dose drawn in a period, by product, with the void ones struck through."""

from collections import defaultdict
from collections.abc import Iterator

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register, code
from radiopharm.services.registers.doses import late_words, named
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import doses

REGISTER = Register(
    name="dispensing",
    title="Dispensing by product",
    about="Every dose drawn, by product: prescribed, calculated and measured for one instant.",
    group=Group.DOSES,
    by_lot=True,
    columns=(
        Column(name="product", title="Product", share=1.4),
        Column(name="drawn_at", title="Drawn", kind=Kind.INSTANT, share=1.4),
        Column(name="dose", title="Dose", kind=Kind.CODE),
        Column(name="directive", title="Directive", kind=Kind.CODE, share=1.2),
        Column(name="patient", title="Patient", kind=Kind.CODE, share=1.2),
        Column(name="vials", title="From", kind=Kind.CODE, share=1.3),
        Column(name="volume_ul", title="Volume", kind=Kind.VOLUME, share=0.8),
        Column(name="administer_at", title="For", kind=Kind.INSTANT, share=1.4),
        Column(name="prescribed_bq", title="Prescribed", kind=Kind.ACTIVITY, share=1.1),
        Column(name="calculated_bq", title="Calculated", kind=Kind.ACTIVITY, share=1.1),
        Column(name="measured_bq", title="Measured", kind=Kind.ACTIVITY, share=1.1),
        Column(name="meter", title="Meter", kind=Kind.CODE),
        Column(name="by", title="Drawn by", share=1.4),
        Column(name="second", title="Second person", share=1.2),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """By product, then by time."""
    db, site_id, asked = reading.db, reading.site.id, reading.asked
    vials: dict[int, list[str]] = defaultdict(list)
    for draw in doses.drawn(db, site_id, asked):
        vials[draw.dose_id].append(f"{code('V', draw.vial_id)} ({draw.lot})")
    for row in doses.dispensed(db, site_id, asked):
        if asked.lot and row.id not in vials:
            continue
        yield Line(
            cells={
                **named(row, reading),
                "drawn_at": row.drawn_at,
                "vials": ", ".join(vials[row.id]),
                "volume_ul": row.volume_ul,
                "administer_at": row.administer_at,
                "prescribed_bq": row.prescribed_bq,
                "calculated_bq": row.calculated_bq,
                "measured_bq": row.measured_then_bq,
                "meter": row.serial,
                "by": row.maker,
                "second": row.second,
            },
            void=reading.void_words(row),
            mark=late_words(row.late, row.reason),
        )
