"""Every waste container here at an instant, with what is in it then."""

from collections.abc import Iterator

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.core.states import container_state
from radiopharm.services.registers.reading import Reading
from radiopharm.services.registers.waste import as_known, held, nuclides
from radiopharm.store.registers import waste

REGISTER = Register(
    name="waste-in-store",
    title="Waste in store",
    about="Every container here at the instant, with its contents decayed to it.",
    group=Group.WASTE,
    of_instant=True,
    columns=(
        Column(name="container", title="Container", kind=Kind.CODE),
        Column(name="kind", title="Kind", share=0.7),
        Column(name="state", title="State", share=0.7),
        Column(name="opened_at", title="Opened", kind=Kind.INSTANT, share=1.3),
        Column(name="sealed_at", title="Sealed", kind=Kind.INSTANT, share=1.3),
        Column(name="nuclides", title="Nuclides (half-life)", share=1.8),
        Column(name="items", title="Items", kind=Kind.NUMBER, share=0.5),
        Column(name="mass_g", title="Mass (g)", kind=Kind.NUMBER, share=0.7),
        Column(name="held_bq", title="Activity", kind=Kind.SMALL_ACTIVITY),
        Column(name="contents", title="By nuclide", share=1.8),
        Column(name="place", title="Place", share=1.2),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """Oldest first."""
    at = reading.asked.at
    for it in as_known(reading, waste.in_store(reading.db, reading.site.id, reading.asked)):
        held_bq, words = held(it, at, reading)
        yield Line(
            cells={
                "container": it.code,
                "kind": str(it.kind),
                "state": str(container_state(it, at)),
                "opened_at": it.opened_at,
                "sealed_at": it.seal.at if it.seal else None,
                "nuclides": nuclides(it),
                "items": len(it.items),
                "mass_g": it.seal.mass_g if it.seal else None,
                "held_bq": held_bq,
                "contents": words,
                "place": it.place(at),
            }
        )
