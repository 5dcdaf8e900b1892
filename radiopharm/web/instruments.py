"""Instruments: what readings are taken with."""

import math
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.check_standing import Standing
from radiopharm.core.instruments import AddInstrument, MeterLine
from radiopharm.core.refusals import Invalid
from radiopharm.devices.dialects import DIALECTS
from radiopharm.schemas.instruments import BAUDS, AddInstrumentSchema, MeterLineSchema
from radiopharm.services import check_standings
from radiopharm.services import instruments as service
from radiopharm.store import instruments
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("instruments", __name__)


@bp.get("/instruments")
def show() -> str:
    """Every instrument of the site, and a form for a new one."""
    return _page(Form())


@bp.post("/instruments")
def add() -> Any:
    """Add an instrument."""
    typed = request.form.to_dict()
    try:
        command: AddInstrument = forms.load(AddInstrumentSchema(), typed)

        def work(act: Act) -> dict[str, Any]:
            return {"id": service.add(act, command)}

        access.act(work)
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    flash(f"{command.name} is in the list.", "ok")
    return redirect(url_for("instruments.show"), 303)


@bp.post("/instruments/<int:instrument_id>/line")
def connect(instrument_id: int) -> Any:
    """Connect a meter over a line, or take its line off."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        command = forms.load(MeterLineSchema(), typed)
        return {"name": service.connect(act, instrument_id, command["line"]).name}

    try:
        name = access.act(work).answer["name"]
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why), connecting=instrument_id), 422
    flash(f"{name}: its line is set. Try a reading on the dispensing page.", "ok")
    return redirect(url_for("instruments.show"), 303)


def _page(form: Form, *, connecting: int = 0) -> str:
    site = access.actor().site
    with access.runtime().reading() as db:
        found = instruments.of_site(db, site.id)
        standings = check_standings.of_site(db, site).values()
    return render_template(
        "instruments/list.html",
        form=form,
        instruments=found,
        standings=sorted(standings, key=_how_soon),
        names={it.id: it.name for it in found},
        connecting=connecting,
        line_forms={it.id: _line_form(it.line) for it in found},
        dialects=[(str(name), dialect.title) for name, dialect in DIALECTS.items()],
        bauds=[str(baud) for baud in BAUDS],
        now=g.now,
    )


def _how_soon(it: Standing) -> tuple[bool, float]:
    """What locks its instrument first, then by when it is due."""
    return not it.is_locking(g.now), it.due_at.timestamp() if it.due_at else math.inf


def _line_form(line: MeterLine | None) -> Form:
    if line is None:
        return Form({"decimal_sign": "."})
    said = {"dialect": str(line.dialect), "port": line.port, "decimal_sign": line.decimal}
    return Form({**said, "baud": str(line.baud)})
