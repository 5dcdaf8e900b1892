"""What stays behind in syringes, tubes and vials, and how long a dose waits, by product."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from typing import Any

from radiopharm.core.decay import seconds
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import doses

REGISTER = Register(
    name="residues",
    title="Residues and turn-round",
    about="By product: residues as part of the dose, and the minutes from drawing to giving.",
    group=Group.DOSES,
    columns=(
        Column(name="product", title="Product", share=2),
        Column(name="given", title="Given", kind=Kind.NUMBER),
        Column(name="with_residue", title="With a residue", kind=Kind.NUMBER),
        Column(name="median_part", title="Median residue", kind=Kind.PERCENT),
        Column(name="largest_part", title="Largest residue", kind=Kind.PERCENT),
        Column(name="residue_bq", title="All residues", kind=Kind.ACTIVITY),
        Column(name="commonest_item", title="Most often in"),
        Column(name="median_minutes", title="Median minutes, drawn to given", kind=Kind.NUMBER),
        Column(name="longest_minutes", title="Longest", kind=Kind.NUMBER),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """Products by their names; a dose without a residue counts as 0 %."""
    db, site_id, asked = reading.db, reading.site.id, reading.asked
    left: dict[int, list[Any]] = defaultdict(list)
    for residue in doses.left_behind(db, site_id, asked):
        left[residue.administration_id].append(residue)
    by_product: dict[str, list[Any]] = defaultdict(list)
    for row in doses.given(db, site_id, asked):
        by_product[reading.product(row.product)].append(row)
    for product in sorted(by_product):
        rows = by_product[product]
        found = [each for row in rows for each in left[row.administration_id]]
        yield Line(cells={"product": product, **_residues(rows, found), **_minutes(rows)})


def _residues(rows: list[Any], found: list[Any]) -> dict[str, Any]:
    parts = [(row.dose_bq - row.net_bq) / row.dose_bq for row in rows if row.dose_bq > 0]
    items = sorted(residue.item for residue in found)
    return {
        "given": len(rows),
        "with_residue": len({residue.administration_id for residue in found}),
        "median_part": median(parts) if parts else None,
        "largest_part": max(parts, default=None),
        "residue_bq": sum(residue.at_start_bq for residue in found),
        "commonest_item": max(items, key=items.count, default=None),
    }


def _minutes(rows: list[Any]) -> dict[str, Any]:
    waited = [seconds(row.drawn_at, row.started_at) / 60 for row in rows]
    return {"median_minutes": round(median(waited)), "longest_minutes": round(max(waited))}
