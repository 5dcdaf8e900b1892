"""The page of an instrument with the form of one kind of check, filled in as far as it is typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, render_template

from radiopharm.core.check_plans import AGAINST, IN_PERCENT, PERCENT, WITHIN, CheckKind
from radiopharm.core.check_sources import CheckSource
from radiopharm.core.instrument_checks import LEAST_READINGS
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.refusals import Invalid, NotFound
from radiopharm.schemas.instrument_checks import UNITS
from radiopharm.services import check_standings
from radiopharm.store import check_sources, instrument_checks, instruments
from radiopharm.web import access, forms, readings
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

MOST = 60
LINES = 8
HINTS = {
    CheckKind.LINEARITY: "Such as first day, 9:00.",
    CheckKind.GEOMETRY: "Such as 5 mL in a 10 mL syringe.",
    CheckKind.CONTAMINATION: "Empty; then with dipper, with liner.",
}
NAMES = {
    CheckKind.CONSTANCY: "Constancy",
    CheckKind.BACKGROUND: "Background",
    CheckKind.ACCURACY: "Accuracy",
    CheckKind.LINEARITY: "Linearity",
    CheckKind.GEOMETRY: "Geometry",
    CheckKind.CONTAMINATION: "Dipper and liner",
}


def closed_up(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, its filled lines moved up over empty ones."""
    return forms.closed_up(dict(typed), "readings")


def plan_typed(typed: Mapping[str, str]) -> dict[str, str]:
    """A tolerance as its schema has it: the number by itself, its unit beside it."""
    joined = {name: text for name, text in typed.items() if name != "tolerance_unit"}
    return {**joined, "unit": typed.get("tolerance_unit", "")}


def plan_again(typed: Mapping[str, str], why: Unreadable | Invalid) -> Form:
    """The form of a tolerance again; what is wrong with its unit stands under its number."""
    errors = forms.refused(typed, why).by_box
    return Form(typed, {"tolerance" if box == "unit" else box: errors[box] for box in errors})


def page(
    instrument_id: int,
    kind: CheckKind,
    form: Form | None = None,
    *,
    planning: Form | None = None,
) -> str:
    """The page of an instrument of the site, its forms fresh or as typed; raises `NotFound`."""
    site = access.actor().site
    with access.runtime().reading() as db:
        meter = instruments.find(db, site.id, instrument_id)
        if meter is None:
            raise NotFound("instrument")
        standings = check_standings.of_instruments(db, [instrument_id], site_zone())
        made = instrument_checks.of_instrument(db, instrument_id, MOST, kind)
        sources = [it for it in check_sources.of_site(db, site.id) if it.taken_out is None]
    recording = form or _fresh(sources)
    return render_template(
        "instrument_checks/page.html",
        meter=meter,
        is_checked=meter.kind is InstrumentKind.ACTIVITY_METER,
        kind=kind,
        names=NAMES,
        hints=HINTS,
        form=planning or recording,
        recording=recording,
        planning=planning or Form(),
        is_planning=planning is not None,
        taken=readings.named(recording),
        standings={kind: it for (_, kind), it in standings.items()},
        checks=made,
        against=str(AGAINST[kind]),
        lines=LINES if AGAINST[kind] in LEAST_READINGS else 1,
        sources=[(str(it.id), it.name) for it in sources],
        now=g.now,
        **_plan_choices(kind),
    )


def _fresh(sources: Sequence[CheckSource]) -> Form:
    """A form whose first reading is taken now, of the only source there is."""
    local, box = g.now.astimezone(site_zone()), "readings.0.measured_at"
    now = {f"{box}_date": f"{local:%Y-%m-%d}", f"{box}_time": f"{local:%H:%M}"}
    return Form({**now, "source_id": str(sources[0].id) if len(sources) == 1 else ""})


def _plan_choices(kind: CheckKind) -> dict[str, Any]:
    """What the form of a tolerance lets its author choose from."""
    units = [unit for unit in UNITS if (unit == PERCENT) is (kind in IN_PERCENT)]
    signs = [(sign, f"{sign.replace('<=', '≤')} the tolerance") for sign in WITHIN]
    return {"units": units, "operators": signs}
