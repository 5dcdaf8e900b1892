"""Every administration begun in a period, with what the patient got of the dose."""

from collections.abc import Iterator

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services.registers.doses import late_words, named
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import doses

REGISTER = Register(
    name="administrations",
    title="Administrations",
    about="Every administration with its net activity: the dose less its residues, at the start.",
    group=Group.DOSES,
    columns=(
        Column(name="started_at", title="Begun", kind=Kind.INSTANT, share=1.4),
        Column(name="patient", title="Patient", kind=Kind.CODE, share=1.1),
        Column(name="directive", title="Directive", kind=Kind.CODE, share=1.1),
        Column(name="dose", title="Dose", kind=Kind.CODE),
        Column(name="product", title="Product", share=1.6),
        Column(name="nuclide", title="Nuclide", kind=Kind.CODE, share=0.8),
        Column(name="route", title="Route"),
        Column(name="prescribed_bq", title="Prescribed", kind=Kind.ACTIVITY),
        Column(name="dose_bq", title="Dose", kind=Kind.ACTIVITY),
        Column(name="residue_bq", title="Residues", kind=Kind.ACTIVITY),
        Column(name="net_bq", title="Net", kind=Kind.ACTIVITY),
        Column(name="of_prescribed", title="Of prescribed", kind=Kind.PERCENT),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """In the order they were begun."""
    for row in doses.given(reading.db, reading.site.id, reading.asked):
        yield Line(
            cells={
                **named(row, reading),
                "started_at": row.started_at,
                "route": row.route,
                "prescribed_bq": row.prescribed_bq,
                "dose_bq": row.dose_bq,
                "residue_bq": row.dose_bq - row.net_bq,
                "net_bq": row.net_bq,
                "of_prescribed": row.net_bq / row.prescribed_bq,
            },
            mark=late_words(row.given_late, row.given_reason),
        )
