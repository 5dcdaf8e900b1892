"""Consignments: what left the house together, its paper, and who has received it."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from radiopharm.core.consignments import Consignment
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.documents import consignments as documents
from radiopharm.schemas import page_keys
from radiopharm.schemas.consignments import NumberQuery, ReceiveSchema
from radiopharm.services import consignments
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("consignments", __name__)
PAGE = 50


@bp.get("/consignments")
def index() -> str:
    """What left together, the last first."""
    runtime, site = access.runtime(), access.actor().site
    key = asked_key(request.args, page_keys.instant, page_keys.number)
    with runtime.reading() as db:
        found, following = consignments.page(db, runtime.reference, site, key, PAGE)
    after = following and (following[0].isoformat(), following[1])
    return render_template(
        "consignments/list.html", found=found, next_url=next_url("consignments.index", after)
    )


@bp.get("/consignments/one")
def show() -> str:
    """Everything that left under a number, and who has received it."""
    return _page(_number(), Form())


@bp.post("/consignments/one")
def receive() -> Any:
    """Record who has received it."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": consignments.receive(act, forms.load(ReceiveSchema(), typed))}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        return _page(typed.get("number", ""), forms.refused(typed, why)), 422
    except Refused as refused:
        return _page(typed.get("number", ""), forms.refused(typed, refused)), 409
    flash("The receipt is on record.", "ok")
    return redirect(url_for("consignments.show", number=typed["number"]), 303)


@bp.get("/consignments/one.pdf")
def paper() -> Response:
    """The paper that goes along; that it was made is audited."""
    it = _taken("consignment paper")
    return downloads.opened(documents.paper(it), documents.file_name(it, "pdf"))


@bp.get("/consignments/one.csv")
def export() -> Response:
    """What left under a number, a line a nuclide of each piece; that it was taken is audited."""
    it = _taken("consignment list")
    return downloads.kept(documents.table(it, bom=True), documents.file_name(it, "csv"), "text/csv")


def _taken(document: str) -> Consignment:
    take = partial(consignments.take, number=_number(), document=document)
    return access.runtime().taken(take, access.actor(), g.now)


def _number() -> str:
    try:
        return str(forms.load(NumberQuery(), request.args)["number"])
    except Unreadable:
        return ""  # nothing left under no number


def _page(number: str, form: Form) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        it = consignments.get(db, runtime.reference, site, number)
    return render_template("consignments/page.html", it=it, form=form)
