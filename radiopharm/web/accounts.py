"""One's own account with PIN and sessions, and the accounts of a site."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from radiopharm.core.refusals import Invalid
from radiopharm.schemas.accounts import AccountSchema, CloseAccountSchema, TokenSchema
from radiopharm.services import accounts as service
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import accounts
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("accounts", __name__)


@bp.get("/account")
def own() -> str:
    """One's own account: the bench PIN."""
    return render_template("accounts/own.html", form=Form())


@bp.post("/account/pin")
def set_pin() -> Any:
    """Set one's own bench PIN."""
    pin, password = request.form.get("pin", ""), request.form.get("password", "")

    def work(act: Act) -> dict[str, Any]:
        service.set_pin(act, pin, password)
        return {}

    try:
        access.act(work)
    except Invalid as invalid:
        return render_template("accounts/own.html", form=forms.refused({}, invalid)), 422
    except WrongSecret:
        form = Form({}, {"password": ["That is not your password."]})
        return render_template("accounts/own.html", form=form), 422
    flash("Your bench PIN is set.", "ok")
    return redirect(url_for("accounts.own"))


@bp.get("/accounts")
def show() -> str:
    """Every account of the site."""
    return _list(Form())


@bp.post("/accounts")
def create() -> Any:
    """Write an account."""
    typed = request.form.to_dict()

    chosen = request.form.getlist("roles")

    def work(act: Act) -> dict[str, Any]:
        named = forms.load(AccountSchema(), typed)
        return {
            "id": service.create_user(
                act, **named, password=typed.get("password", ""), roles=chosen
            )
        }

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _list(unreadable.form, chosen=chosen), 422
    except Invalid as invalid:
        return _list(forms.refused(typed, invalid), chosen=chosen), 422
    flash("The account is made.", "ok")
    return redirect(url_for("accounts.show"))


@bp.post("/accounts/<username>/disable")
def disable(username: str) -> Any:
    """Close an account."""

    def work(act: Act) -> dict[str, Any]:
        service.disable_user(act, username, **forms.load(CloseAccountSchema(), request.form))
        return {}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _list(unreadable.form), 422
    except Invalid as invalid:
        return _list(forms.refused({}, invalid)), 422
    flash(f"{username} can no longer sign in.", "ok")
    return redirect(url_for("accounts.show"))


@bp.post("/accounts/<username>/tokens")
def create_token(username: str) -> Any:
    """Make a program's key and show it this once."""
    made: dict[str, str] = {}

    def work(act: Act) -> dict[str, Any]:
        named = forms.load(TokenSchema(), request.form)
        made["token"] = service.create_token(act, username, **named)
        return {}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _list(unreadable.form), 422
    except Invalid as invalid:
        return _list(forms.refused({}, invalid)), 422
    return _list(Form(), token=made.get("token"), token_of=username)


def _list(form: Form, **more: Any) -> str:
    with access.runtime().reading() as db:
        rows = accounts.people(db, access.actor().site.id)
        held = accounts.roles_of(db, [row.id for row in rows])
    return render_template(
        "accounts/list.html", form=form, people=rows, held=held, roles=service.ROLES, **more
    )
