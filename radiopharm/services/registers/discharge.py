"""What went to the drain in a period, discharge by discharge and nuclide by nuclide."""

from collections.abc import Iterator
from typing import Any

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register, code
from radiopharm.services.registers.reading import Reading
from radiopharm.store import discharges

REGISTER = Register(
    name="discharge",
    title="Discharge to the drain",
    about="Every tank and liquid that went to the drain, by nuclide, with permit and rules.",
    group=Group.WASTE,
    columns=(
        Column(name="at", title="Discharged", kind=Kind.INSTANT, share=1.3),
        Column(name="source", title="From", kind=Kind.CODE, share=0.8),
        Column(name="what", title="What", share=1.5),
        Column(name="nuclide", title="Nuclide", kind=Kind.CODE, share=0.7),
        Column(name="activity_bq", title="Activity", kind=Kind.SMALL_ACTIVITY, share=0.9),
        Column(name="volume_l", title="Volume (L)", kind=Kind.NUMBER, share=0.7),
        Column(name="route", title="Drain", share=1.1),
        Column(name="permission", title="Permitted by", share=1.1),
        Column(name="rules", title="By the rules of", share=1.3),
        Column(name="by", title="Signed by", share=1.1),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """In the order they went; a discharge of several nuclides has a line for each."""
    asked = reading.asked
    since, until = asked.period.since, asked.period.until
    for row, contents_bq in discharges.listed(reading.db, reading.site.id, since, until):
        if row.at > asked.known_at:
            continue
        for nuclide, activity_bq in sorted(contents_bq.items()):
            cells = {"nuclide": nuclide, "activity_bq": activity_bq}
            yield Line(cells={**_said(row), **cells})


def _said(row: Any) -> dict[str, Any]:
    return {
        "at": row.at,
        "source": _source(row),
        "what": row.description,
        "volume_l": None if row.volume_ml is None else row.volume_ml / 1000,
        "route": row.route,
        "permission": row.permission,
        "rules": f"{row.pack}, edition {row.pack_edition}",
        "by": row.by,
    }


def _source(row: Any) -> str | None:
    """The tank's filling or the vial it came from; nothing where it was declared."""
    if row.filling_id is not None:
        return code("T", row.filling_id)
    return code("V", row.vial_id) if row.vial_id is not None else None
