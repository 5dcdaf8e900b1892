"""Holding limits: what is held of each nuclide against them, and a new one."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.limits import SetLimit
from radiopharm.core.refusals import Invalid
from radiopharm.schemas.limits import SetLimitSchema
from radiopharm.services import limits as service
from radiopharm.services import stock
from radiopharm.store import limits
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("limits", __name__)


@bp.get("/limits")
def show() -> str:
    """What is held in vials and waste, the limits in force, and every limit ever set."""
    return _page(Form())


@bp.post("/limits")
def enter() -> Any:
    """Set a limit from an instant on."""
    typed = request.form.to_dict()
    try:
        command: SetLimit = forms.load(SetLimitSchema(), typed)
        access.act(lambda act: _enter(act, command))
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    flash(f"The limit of {command.nuclide} is set.", "ok")
    return redirect(url_for("limits.show"), 303)


def _enter(act: Act, command: SetLimit) -> dict[str, Any]:
    return {"id": service.set_limit(act, command)}


def _page(form: Form) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        held = stock.inventory(db, runtime.reference, site.id, g.now, g.now)
        recorded = limits.recorded(db, site.id)
    return render_template(
        "limits/page.html", form=form, inventory=held, recorded=recorded, now=g.now
    )
