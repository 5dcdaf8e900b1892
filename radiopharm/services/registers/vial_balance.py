"""Where every becquerel of every vial went in a period, and whether its books close."""

from collections.abc import Iterator

from radiopharm.core.balance import Route
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services import balances
from radiopharm.services.registers.reading import Reading

ROUTES = (
    (Route.RECEIVED, "Received"),
    (Route.ADMINISTERED, "Given, net"),
    (Route.WASTE, "To waste"),
    (Route.TRANSFERRED, "Transferred"),
    (Route.DISCHARGED, "Discharged"),
    (Route.DIFFERENCE, "Measurement difference"),
)

REGISTER = Register(
    name="vial-balance",
    title="Balance of every vial",
    about="Here at the beginning + received = given + waste + transferred + discharged + decayed "
    "+ measurement difference + in stock.",
    group=Group.STOCK,
    columns=(
        Column(name="vial", title="Vial", kind=Kind.CODE),
        Column(name="product", title="Product", share=1.5),
        Column(name="lot", title="Lot", kind=Kind.CODE),
        Column(name="nuclide", title="Nuclide", kind=Kind.CODE, share=0.8),
        Column(name="opening_bq", title="At the beginning", kind=Kind.ACTIVITY),
        *(Column(name=f"{it}_bq", title=title, kind=Kind.ACTIVITY) for it, title in ROUTES),
        Column(name="decayed_bq", title="Decayed", kind=Kind.ACTIVITY),
        Column(name="in_stock_bq", title="In stock", kind=Kind.ACTIVITY),
        Column(name="unexplained_bq", title="Does not close by", kind=Kind.ACTIVITY),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """Every vial that held something in the period, in its principal nuclide."""
    asked = reading.asked
    period = balances.Window(since=asked.period.since, until=asked.at, known_at=asked.known_at)
    found = balances.of_site(reading.db, reading.reference, reading.site.id, period)
    for it in found.vials:
        routes = {f"{route}_bq": it.balance.routes_bq[route] for route, _ in ROUTES}
        yield Line(
            cells={
                "vial": it.code,
                "product": reading.product(it.product),
                "lot": it.lot,
                "nuclide": it.nuclide,
                "opening_bq": it.balance.opening_bq,
                **routes,
                "decayed_bq": it.balance.decayed_bq,
                "in_stock_bq": it.balance.in_stock_bq,
                "unexplained_bq": 0 if it.balance.closes else it.balance.unexplained_bq,
            },
            mark="" if it.balance.closes else "The books of this vial do not close.",
        )
