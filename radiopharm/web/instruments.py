"""Instruments: what readings are taken with."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.instruments import AddInstrument
from radiopharm.core.refusals import Invalid
from radiopharm.schemas.instruments import AddInstrumentSchema
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
    except Unreadable as unreadable:
        return _page(unreadable.form), 422
    except Invalid as invalid:
        return _page(forms.refused(typed, invalid)), 422
    flash(f"{command.name} is in the list.", "ok")
    return redirect(url_for("instruments.show"), 303)


def _page(form: Form) -> str:
    with access.runtime().reading() as db:
        found = instruments.of_site(db, access.actor().site.id)
    return render_template("instruments/list.html", form=form, instruments=found, now=g.now)
