"""Every vial that came into the house in a period."""

from collections.abc import Iterator

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register, code
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import vials

REGISTER = Register(
    name="receipts",
    title="Receipts",
    about="Every vial received, with its certificate's figures and who took it in.",
    group=Group.STOCK,
    by_lot=True,
    columns=(
        Column(name="received_at", title="Received", kind=Kind.INSTANT, share=1.5),
        Column(name="vial", title="Vial", kind=Kind.CODE),
        Column(name="product", title="Product", share=1.4),
        Column(name="lot", title="Lot", kind=Kind.CODE, share=1.2),
        Column(name="nuclide", title="Nuclide", kind=Kind.CODE, share=0.8),
        Column(name="reference_bq", title="Reference activity", kind=Kind.ACTIVITY),
        Column(name="reference_at", title="Reference time", kind=Kind.INSTANT, share=1.5),
        Column(name="volume_ul", title="Volume", kind=Kind.VOLUME, share=0.8),
        Column(name="expires_at", title="Expires", kind=Kind.INSTANT, share=1.5),
        Column(name="received_by", title="Received by", share=1.3),
        Column(name="accepted", title="Accepted by", share=1.3),
        Column(name="recorded_at", title="Entered", kind=Kind.INSTANT, share=1.5),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """Oldest first; a vial that nobody has accepted says so."""
    for row in vials.receipts(reading.db, reading.site.id, reading.asked):
        yield Line(
            cells={
                "received_at": row.received_at,
                "vial": code("V", row.id),
                "product": reading.product(row.product),
                "lot": row.lot,
                "nuclide": row.nuclide,
                "reference_bq": row.reference_bq,
                "reference_at": row.reference_at,
                "volume_ul": row.volume_ul,
                "expires_at": row.expires_at,
                "received_by": row.receiver,
                "accepted": row.acceptor or "not accepted",
                "recorded_at": row.recorded_at,
            },
            void=reading.void_words(row),
        )
