"""Workstations: enrolled by an administrator, claimed once by the computer they are."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from radiopharm.core.refusals import Invalid
from radiopharm.core.workstations import WorkstationKind
from radiopharm.services import workstations as service
from radiopharm.store import workstations
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form
from radiopharm.web.sessions import device_cookie, set_cookie

bp = Blueprint("workstations", __name__)
YEARS_S = 5 * 365 * 86400


@bp.get("/workstations")
def show() -> str:
    """Every workstation of the site."""
    return _page(Form())


@bp.post("/workstations")
def enrol() -> Any:
    """Enrol a workstation, and show this once the code that its computer claims it with."""
    typed = request.form.to_dict()
    made: list[str] = []

    def work(act: Act) -> dict[str, Any]:
        boxes = (typed.get(name, "") for name in ("name", "room", "kind"))
        made.append(service.enrol(act, *boxes))
        return {}

    try:
        access.act(work)
    except Invalid as invalid:
        return _page(forms.refused(typed, invalid)), 422
    return _page(Form({"code": made[-1] if made else ""}), is_new=bool(made))


@bp.post("/workstations/<int:workstation_id>/revoke")
def revoke(workstation_id: int) -> Any:
    """Let a computer be a stranger again."""

    def work(act: Act) -> dict[str, Any]:
        service.revoke(act, workstation_id, request.form.get("reason", ""))
        return {}

    try:
        access.act(work)
    except Invalid as invalid:
        return _page(forms.refused({}, invalid)), 422
    flash("Revoked. A PIN no longer signs there.", "ok")
    return redirect(url_for("workstations.show"), 303)


@bp.post("/workstations/claim")
def claim() -> Any:
    """Make the computer at which this is typed the workstation of the code."""
    cookies: list[str] = []

    def work(act: Act) -> dict[str, Any]:
        cookies.append(service.claim(act, request.form.get("code", "")))
        return {}

    try:
        access.act(work)
    except Invalid as invalid:
        return render_template("workstations/claim.html", form=forms.refused({}, invalid)), 422
    flash("This computer is the workstation now.", "ok")
    answer = redirect("/", 303)
    if cookies:
        settings = access.runtime().settings
        set_cookie(answer, device_cookie(settings), cookies[-1], settings, max_age=YEARS_S)
    return answer


@bp.get("/workstations/claim")
def ask() -> str:
    """Type the code at the computer itself."""
    return render_template("workstations/claim.html", form=Form())


def _page(form: Form, *, is_new: bool = False) -> str:
    with access.runtime().reading() as db:
        rows = workstations.of_site(db, access.actor().site.id)
    kinds = [(str(kind), str(kind).replace("_", " ").capitalize()) for kind in WorkstationKind]
    return render_template(
        "workstations/list.html", form=form, rows=rows, kinds=kinds, is_new=is_new
    )
