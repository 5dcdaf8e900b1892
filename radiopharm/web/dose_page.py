"""A dose's own page, and how an act done from it ends: back on it, or on it with why not."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core.doses import Dose
from radiopharm.core.observing import Kind
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.core.splitting import Share
from radiopharm.core.states import dose_state
from radiopharm.schemas.instants import parse_instant
from radiopharm.services import given_already, medical_events, printing, recalls
from radiopharm.store import (
    Connection,
    accounts,
    administrations,
    directives,
    doses,
    instruments,
    observations,
    readings,
    shares,
    vials,
    waste_lists,
)
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable


def show_dose(dose_id: int, form: Form | None = None) -> str:
    """What it is, how that follows, who answers for it, and what became of it."""
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        dose = doses.get(db, site.id, dose_id)
        given = administrations.of_dose(db, dose_id)
        directive = directives.get(db, site.id, dose.directive_id)
        noted = observations.of_dose(db, dose_id)
        found = vials.by_ids(db, site.id, [draw.vial_id for draw in dose.draws])
        ids = [dose.actor_id, dose.second_id, dose.void.actor_id if dose.void else None]
        ids += [row.actor_id for row in noted]
        shown = {
            "dose": dose,
            "given": given,
            "event": medical_events.of_dose(db, dose, given, site.zone),
            "in_spite": given_already.signature(db, given),
            "noted": noted,
            "directive": directive,
            "prescribed": directive.versions[dose.version - 1].signature,
            "recall": recalls.of_dose(db, runtime.reference, directive, dose),
            "meter": instruments.find(db, site.id, dose.instrument_id),
            "reading": readings.find(db, site.id, dose.reading_id) if dose.reading_id else None,
            "prints": printing.prints(db, site, dose_id),
            "people": accounts.names(db, [each for each in ids if each is not None]),
            "places": _places(db, dose),
            "bags": waste_lists.open_for(db, site.id, dose.nuclide, g.now),
        }
    today = f"{g.now.astimezone(site_zone()):%Y-%m-%d}"
    return render_template(
        "doses/page.html",
        form=form or Form({"observed_at_date": today}),
        state=dose_state(dose),
        product=runtime.reference.products[dose.product],
        draws=list(zip(dose.draws, found, _workings(dose), strict=True)),
        kinds=[(str(kind), str(kind).replace("_", " ").capitalize()) for kind in Kind],
        **shown,
    )


def _places(db: Connection, dose: Dose) -> tuple[Share, ...]:
    """The containers a returned dose lies in; none where it went elsewhere."""
    if dose.waste_item_id is None:
        return ()
    return shares.places(db, [dose.waste_item_id])[dose.waste_item_id]


def do_on_dose(
    dose_id: int, schema: Schema, do: Callable[[Act, dict[str, Any]], Any], done: str
) -> Any:
    """Do one act of the dose's page, or show the page again with what was typed and why not."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        do(act, forms.load(schema, typed))
        return {}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        return show_dose(dose_id, forms.refused(typed, why)), 422
    except Refused as refused:
        return show_dose(dose_id, forms.refused(typed, refused)), 409
    flash(done, "ok")
    return redirect(url_for("doses.show", dose_id=dose_id), 303)


def _workings(dose: Dose) -> list[dict[str, Any]]:
    """The frozen working of each draw, its instants as instants again."""
    kept = [draw["working"] for draw in dose.working["draws"]]
    return [
        {**each, "reference_at": parse_instant(each["reference_at"]), "at": dose.administer_at}
        for each in kept
    ]
