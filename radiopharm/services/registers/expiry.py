"""Vials that still held something though their use was over, or would be within a day."""

from collections.abc import Iterator
from datetime import timedelta

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.core.states import use_by
from radiopharm.services.registers import vials
from radiopharm.services.registers.reading import Reading

NEAR = timedelta(hours=24)

REGISTER = Register(
    name="expiry",
    title="Expired and near expiry",
    about="Vials not empty at the instant whose use was over, or was within 24 hours of it.",
    group=Group.STOCK,
    of_instant=True,
    columns=(
        Column(name="use_by_at", title="Use by", kind=Kind.INSTANT, share=1.3),
        Column(name="status", title="Status", share=0.8),
        Column(name="vial", title="Vial", kind=Kind.CODE, share=0.8),
        Column(name="product", title="Product", share=1.8),
        Column(name="lot", title="Lot", kind=Kind.CODE),
        Column(name="activity_bq", title="Activity", kind=Kind.ACTIVITY),
        Column(name="volume_ul", title="Volume", kind=Kind.VOLUME, share=0.8),
        Column(name="place", title="Place", share=1.3),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """The longest over first."""
    at = reading.asked.at
    found = [(use_by(seen.vial, at), seen) for seen in vials.held(reading)]
    for limit_at, seen in sorted(found, key=lambda each: (each[0], each[1].vial.id)):
        if limit_at - at > NEAR:
            continue
        yield Line(
            cells={
                "use_by_at": limit_at,
                "status": "expired" if limit_at <= at else "near expiry",
                "vial": seen.vial.code,
                "product": seen.product.name,
                "lot": seen.vial.lot,
                "activity_bq": seen.activity_bq,
                "volume_ul": seen.balance.volume_ul if seen.balance else None,
                "place": seen.place,
            }
        )
