"""Patients: found by hospital number, recorded, seen; identity never stands in an address."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from radiopharm.core.actions import Action
from radiopharm.core.refusals import Invalid, NotFound, Refused
from radiopharm.documents.wristbands import wristband as wristband_label
from radiopharm.schemas.patients import FindPatientSchema, RecordPatientSchema
from radiopharm.services import directives, patients
from radiopharm.store import patients as stored
from radiopharm.store.acts import Act, Answer
from radiopharm.store.directive_lists import Filters
from radiopharm.web import access, downloads, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("patients", __name__)
MOST = 50


@bp.get("/patients")
def index() -> str:
    """The box for a hospital number."""
    return _page(Form())


@bp.post("/patients/search")
def find() -> Any:
    """Go to the patient with a hospital number, or offer to record one."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        command = forms.load(FindPatientSchema(), typed)
        return {"reference": patients.find(act, command["hospital_number"])}

    try:
        reference = access.act(work).answer["reference"]
    except Unreadable as unreadable:
        return _page(unreadable.form), 422
    except NotFound:
        return _page(Form({"hospital_number": typed["hospital_number"]}), is_new=True), 404
    return redirect(url_for("patients.show", reference=reference), 303)


@bp.post("/patients")
def record() -> Any:
    """Write a patient under a new random reference."""
    typed = request.form.to_dict()

    def work(act: Act) -> Answer:
        return {"reference": patients.record(act, forms.load(RecordPatientSchema(), typed))}

    try:
        reference = access.act(work).answer["reference"]
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why), is_new=True), 422
    except Refused as refused:
        return _page(forms.refused(typed, refused), is_new=True), 409
    flash("Recorded. From here on the reference stands for the patient.", "ok")
    return redirect(url_for("patients.show", reference=reference), 303)


@bp.get("/patients/<reference>")
def show(reference: str) -> str:
    """Who a reference is, which is recorded as seen, and the directives written for them."""
    runtime, actor = access.runtime(), access.actor()
    found = {}

    def work(act: Act) -> Answer:
        found["patient"] = patients.see(act, reference)
        return {}

    runtime.act(work, actor=actor, now=g.now)
    with runtime.reading() as db:
        listed = directives.listed(
            db, actor.site.id, Filters(patient=reference), None, MOST, with_identity=False
        )
    return render_template(
        "patients/page.html", listed=listed, products=runtime.reference.products, **found
    )


@bp.post("/patients/<reference>/wristband")
def wristband(reference: str) -> Response:
    """The label for the wristband, with the reference and nothing else; printing is recorded."""
    site = access.actor().site

    def work(act: Act) -> Answer:
        patient = stored.get(act.db, site.id, reference)
        subject = f"patient:{patient.reference}"
        act.record(Action.DOCUMENT_PRINTED, subject, document="wristband")
        return {}

    access.act(work)
    pdf = wristband_label(reference, site.name, site_zone(), g.now)
    return downloads.opened(pdf, f"{reference}.pdf")


def _page(form: Form, *, is_new: bool = False) -> str:
    return render_template("patients/find.html", form=form, is_new=is_new)
