"""A vial's own page, and what is done to it there."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.refusals import Refused
from radiopharm.schemas.corrections import AfterSequenceSchema
from radiopharm.services import receiving, stock
from radiopharm.store import accounts, vials
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_at
from radiopharm.web.forms import Form

bp = Blueprint("vials", __name__)


@bp.get("/vials/<int:vial_id>")
def show(vial_id: int) -> str:
    """A vial now or at a chosen instant: what is in it, how that follows, what happened to it."""
    return _page(vial_id, Form())


@bp.post("/vials/<int:vial_id>/accept")
def accept(vial_id: int) -> Any:
    """Accept the delivery."""
    typed = request.form.to_dict()
    command = forms.load(AfterSequenceSchema(), typed)

    def work(act: Act) -> dict[str, Any]:
        receiving.accept(act, vial_id, command["after_sequence"], command["reason"])
        return {}

    try:
        access.act(work)
    except Refused as refused:
        return _page(vial_id, forms.again(typed, refused.refusals)), 409
    flash("Accepted. The vial may now be drawn from.", "ok")
    return redirect(url_for("vials.show", vial_id=vial_id), 303)


def _page(vial_id: int, form: Form) -> str:
    look, at = asked_at(request.args, g.now)
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        seen = stock.look(db, runtime.reference, actor.site.id, vial_id, at, g.now)
        rows = vials.ledger_rows(db, vial_id)
        people = accounts.names(
            db, [seen.vial.received_by, *(event.actor_id for event in seen.vial.events)]
        )
    return render_template(
        "vials/page.html", form=form, look=look, at=at, seen=seen, rows=rows, people=people
    )
