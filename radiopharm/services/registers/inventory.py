"""Everything radioactive here at an instant: vials, what was drawn from them and waste, by line."""

from collections.abc import Iterator
from typing import Any

from radiopharm.core.containers import WasteContainer
from radiopharm.core.lives import Books, in_hand
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.core.states import container_state
from radiopharm.core.stock import VialAt
from radiopharm.services.registers import vials
from radiopharm.services.registers.reading import Reading
from radiopharm.services.registers.waste import as_known, held
from radiopharm.store.registers import waste

REGISTER = Register(
    name="inventory",
    title="Inventory",
    about="Every vial that held something, its doses that had not gone, and every waste container.",
    group=Group.STOCK,
    of_instant=True,
    columns=(
        Column(name="nuclide", title="Nuclide", kind=Kind.CODE, share=0.7),
        Column(name="item", title="Item", kind=Kind.CODE, share=0.8),
        Column(name="what", title="What it is", share=2),
        Column(name="lot", title="Lot", kind=Kind.CODE),
        Column(name="state", title="State", share=0.8),
        Column(name="activity_bq", title="Activity", kind=Kind.ACTIVITY),
        Column(name="volume_ul", title="Volume", kind=Kind.VOLUME, share=0.8),
        Column(name="reference_at", title="Reference time", kind=Kind.INSTANT, share=1.3),
        Column(name="place", title="Place", share=1.3),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """Vials by nuclide, what of each stands in doses and residues, then waste, oldest first."""
    for seen in vials.held(reading):
        yield Line(cells=_vial(seen), mark=seen.undefined or "")
    for books in vials.books(reading):
        if (reference_bq := in_hand(books, reading.asked.at)) > 0:
            yield Line(cells=_drawn(books, reference_bq, reading))
    found = waste.in_store(reading.db, reading.site.id, reading.asked)
    for container in as_known(reading, found):
        yield Line(cells=_container(container, reading))


def _vial(seen: VialAt) -> dict[str, Any]:
    return {
        "nuclide": seen.vial.nuclide,
        "item": seen.vial.code,
        "what": seen.product.name,
        "lot": seen.vial.lot,
        "state": str(seen.state),
        "activity_bq": seen.activity_bq,
        "volume_ul": seen.balance.volume_ul if seen.balance else None,
        "reference_at": seen.vial.reference_at,
        "place": seen.place,
    }


def _drawn(books: Books, reference_bq: float, reading: Reading) -> dict[str, Any]:
    vial = books.vial
    return {
        "nuclide": vial.nuclide,
        "item": vial.code,
        "what": f"Drawn, {reading.product(vial.product)}: doses not gone, loose residues",
        "lot": vial.lot,
        "state": "drawn",
        "activity_bq": reference_bq * books.factor(reading.asked.at),
        "volume_ul": None,
        "reference_at": vial.reference_at,
        "place": None,
    }


def _container(it: WasteContainer, reading: Reading) -> dict[str, Any]:
    at = reading.asked.at
    held_bq, words = held(it, at, reading)
    return {
        "nuclide": it.nuclide,
        "item": it.code,
        "what": f"Waste, {it.kind}: {words or 'empty'}",
        "lot": None,
        "state": str(container_state(it, at)),
        "activity_bq": held_bq,
        "volume_ul": None,
        "reference_at": None,
        "place": it.place(at),
    }
