"""A vial's own page, and what is done to it there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.refusals import Refused
from radiopharm.core.stock import VialAt
from radiopharm.schemas.corrections import AfterSequenceSchema
from radiopharm.services import receiving, stock
from radiopharm.store import Connection, accounts, hand_overs, ledgers, presences
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_at
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("vials", __name__)
AHEAD_H = (1, 2, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What an untouched vial will hold some hours after the instant shown."""

    hours: int
    seen: VialAt


@bp.get("/vials/<int:vial_id>")
def show(vial_id: int) -> str:
    """A vial now or at a chosen instant: what is in it, how that follows, what happened to it."""
    return page(vial_id, Form())


@bp.post("/vials/<int:vial_id>/accept")
def accept(vial_id: int) -> Any:
    """Accept the delivery."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        command = forms.load(AfterSequenceSchema(), typed)
        receiving.accept(act, vial_id, command["after_sequence"], command["reason"])
        return {}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return page(vial_id, unreadable.form), 422
    except Refused as refused:
        return page(vial_id, forms.refused(typed, refused)), 409
    flash("Accepted. The vial may now be drawn from.", "ok")
    return redirect(url_for("vials.show", vial_id=vial_id), 303)


def page(vial_id: int, form: Form) -> str:
    """The vial's page, with *form* as far as an act on it was typed and refused."""
    look, at = asked_at(request.args, g.now)
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        seen = stock.look(db, runtime.reference, site.id, vial_id, at, g.now)
        rows = ledgers.rows(db, vial_id)
        papers = hand_overs.of_vial(db, vial_id)
        in_use = presences.others(db, [vial_id], access.actor().id, g.now)
        events = seen.vial.events
        people = accounts.names(db, [seen.vial.received_by, *(event.actor_id for event in events)])
        ahead = [
            Ahead(hours=hours, seen=_later(db, seen, timedelta(hours=hours))) for hours in AHEAD_H
        ]
    return render_template(
        "vials/page.html",
        form=form,
        look=look,
        at=at,
        is_now=at == g.now,
        seen=seen,
        ahead=ahead,
        rows=rows,
        hand_overs=papers,
        in_use=in_use,
        people=people,
    )


def _later(db: Connection, seen: VialAt, away: timedelta) -> VialAt:
    reference = access.runtime().reference
    return stock.at_instant(db, reference, [seen.vial], seen.at + away, g.now)[0]
