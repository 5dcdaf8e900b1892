"""One's own account with PIN and sessions, and the accounts of a site."""

from typing import Any, cast

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for

from radiopharm.core import emergency
from radiopharm.core.flags import FlagKind
from radiopharm.core.refusals import Invalid
from radiopharm.core.sessions import Limits, Stage, stage
from radiopharm.schemas.accounts import AccountSchema, CloseAccountSchema, TokenSchema
from radiopharm.services import accounts as service
from radiopharm.services import sessions as session_service
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import accounts, badges, envelopes, flags, sessions
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.sessions import ServerSession, limits_at

bp = Blueprint("accounts", __name__)


@bp.get("/account")
def own() -> str:
    """One's own account: the bench PIN, and where one is signed in."""
    return _own(Form())


@bp.post("/account/sessions/end")
def end_session() -> Any:
    """End one of one's own sessions."""
    chosen, limits = request.form.get("session", ""), _limits()

    def work(act: Act) -> dict[str, Any]:
        session_service.end(act, chosen, limits)
        return {}

    access.act(work)
    flash("That session is ended.", "ok")
    return redirect(url_for("accounts.own"), 303)


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
        return _own(forms.refused({}, invalid)), 422
    except WrongSecret:
        return _own(Form({}, {"password": ["That is not your password."]})), 422
    flash("Your bench PIN is set.", "ok")
    return redirect(url_for("accounts.own"))


@bp.get("/accounts")
def show() -> str:
    """Every account of the site."""
    return listed(Form())


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
    except (Unreadable, Invalid) as why:
        return listed(forms.refused(typed, why), chosen=chosen), 422
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
    except (Unreadable, Invalid) as why:
        return listed(forms.refused({}, why)), 422
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
    except (Unreadable, Invalid) as why:
        return listed(forms.refused({}, why)), 422
    return listed(Form(), token=made.get("token"), token_of=username)


def listed(form: Form, **more: Any) -> str:
    """The accounts of the site and its envelopes, with what was typed about one of them."""
    with access.runtime().reading() as db:
        rows = accounts.people(db, access.actor().site.id)
        held = accounts.roles_of(db, [row.id for row in rows])
        codes = badges.of_site(db, access.actor().site.id)
        sealed = envelopes.of_site(db, access.actor().site.id)
        raised = flags.of_kind(db, access.actor().site.id, FlagKind.EMERGENCY_ACCESS)
    return render_template(
        "accounts/list.html",
        form=form,
        people=rows,
        held=held,
        badges=codes,
        roles=service.ROLES,
        envelopes=sealed,
        envelope_roles=emergency.ROLES,
        lasts=emergency.LASTS,
        unseen={flag.subject_id: flag.id for flag in raised},
        **more,
    )


def _own(form: Form) -> str:
    limits = _limits()
    with access.runtime().reading() as db:
        rows = sessions.of_person(db, access.actor().id, g.now - limits.whole)
    stages = [(row, stage(sessions.instants(row), limits, g.now)) for row in rows]
    live = [(row, at) for row, at in stages if at is not Stage.ENDED]
    return render_template("accounts/own.html", form=form, sessions=live, here=_here())


def _limits() -> Limits:
    return limits_at(access.runtime().settings, cast(ServerSession, session).workstation)


def _here() -> str | None:
    return cast(ServerSession, session).token_hash
