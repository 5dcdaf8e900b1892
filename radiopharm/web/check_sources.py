"""Check sources: what instruments are checked with, one more, one that is used no more."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.check_sources import CheckSource
from radiopharm.core.decay import OutOfRange
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.core.working import Working, explain
from radiopharm.schemas.check_sources import AddSourceSchema
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.services import check_sources as service
from radiopharm.store import check_sources
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("check_sources", __name__)


@bp.get("/check-sources")
def show() -> str:
    """Every check source with what it holds now, and a form for a new one."""
    return _page(Form())


@bp.post("/check-sources")
def add() -> Any:
    """Add a check source."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.add(act, forms.load(AddSourceSchema(), typed))}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    flash("The check source is in the list.", "ok")
    return redirect(url_for("check_sources.show"), 303)


@bp.post("/check-sources/<int:source_id>/take-out")
def take_out(source_id: int) -> Any:
    """Say that a source is used no more."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        service.take_out(act, source_id, forms.load(ReasonSchema(), typed)["reason"])
        return {}

    try:
        access.act(work)
    except Unreadable as why:
        return _page(why.form, leaving=source_id), 422
    except Refused as refused:
        return _page(forms.refused(typed, refused), leaving=source_id), 409
    flash("The source is out of use. What was checked with it stays.", "ok")
    return redirect(url_for("check_sources.show"), 303)


def _page(form: Form, *, leaving: int = 0) -> str:
    with access.runtime().reading() as db:
        found = check_sources.of_site(db, access.actor().site.id)
    shown = [(source, _working(source)) for source in found]
    return render_template(
        "check_sources/list.html", sources=shown, form=form, leaving=leaving, blank=Form()
    )


def _working(source: CheckSource) -> Working | None:
    """What a source holds now; None where that is no figure any more."""
    try:
        return explain(
            amount_bq=source.activity_bq,
            ratios={},
            principal=source.nuclide,
            reference_at=source.reference_at,
            at=g.now,
            data=access.runtime().reference.default_nuclear_data,
        )
    except OutOfRange:
        return None
