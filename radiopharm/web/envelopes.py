"""Envelopes for an emergency: sealed by an administrator, opened by whoever needs one.

The answer to sealing is the paper itself: the secret is in no page, no session and no log.
"""

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from radiopharm.core.emergency import OpenEnvelope, Sealed
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.documents.envelopes import envelope_paper
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.envelopes import OpenEnvelopeSchema
from radiopharm.services import envelopes as service
from radiopharm.services import seeing_to
from radiopharm.services.accounts import WrongSecret
from radiopharm.services.sessions import Entry
from radiopharm.store.acts import Act
from radiopharm.web import access, door, forms
from radiopharm.web.accounts import listed
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("envelopes", __name__)
WRONG = "No sealed envelope has that name and secret: wrong, opened already or revoked."


@bp.get("/emergency")
def show() -> Any:
    """The form that breaks a seal."""
    return redirect("/") if g.person else _page(Form())


@bp.post("/emergency")
def open_() -> Any:
    """Break the seal, and let the opener in."""
    typed = request.form.to_dict()
    try:
        entry = _open(forms.load(OpenEnvelopeSchema(), typed))
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    except WrongSecret as wrong:
        return _page(Form(typed, {"secret": [door.wait(wrong)]})), 429
    if entry is None:
        return _page(Form(typed, {"secret": [WRONG]})), 422
    return door.let_in(entry, "/")


@bp.post("/accounts/envelopes")
def seal() -> Any:
    """Seal an account; the answer is the paper, this once."""
    roles = request.form.getlist("roles")
    made: list[Sealed] = []

    def work(act: Act) -> dict[str, Any]:
        made.append(service.seal(act, roles))
        return {}

    try:
        outcome = access.act(work)
    except Invalid as invalid:
        return listed(forms.refused({}, invalid), sealing=roles), 422
    if outcome.replayed:
        flash("That paper was printed already, and is not printed twice. Revoke it.", "warn")
        return redirect(url_for("accounts.show"), 303)
    return _printed(made[-1])


@bp.post("/accounts/envelopes/<int:flag_id>/seen")
def see_to(flag_id: int) -> Any:
    """Say that an opened envelope was seen to."""

    def work(act: Act) -> dict[str, Any]:
        seeing_to.see_to(act, flag_id, forms.load(ReasonSchema(), request.form)["reason"])
        return {}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return listed(unreadable.form), 422
    except Refused as refused:
        return listed(forms.again({}, refused.refusals)), 409
    flash("Noted that it was seen to.", "ok")
    return redirect(url_for("accounts.show"), 303)


def _open(asked: OpenEnvelope) -> Entry | None:
    opened: list[Entry | None] = []

    def work(act: Act) -> dict[str, Any]:
        opened.append(service.open_(act, asked, door.here()))
        return {}

    access.runtime().act(work, actor=door.stranger(asked.username), now=g.now)
    return opened[-1]


def _page(form: Form) -> str:
    session.setdefault("began", True)  # a session of nobody, for the CSRF token
    return render_template("accounts/envelope.html", form=form)


def _printed(sealed: Sealed) -> Response:
    name = f'attachment; filename="{sealed.username}.pdf"'
    return Response(
        envelope_paper(sealed), mimetype="application/pdf", headers={"Content-Disposition": name}
    )
