"""Signing in and out, one's own PIN, and the accounts of a site."""

import re
import secrets
from typing import Any, cast

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from radiopharm.core.actions import Action
from radiopharm.core.decay import seconds
from radiopharm.core.people import SYSTEM, Person
from radiopharm.core.refusals import Invalid
from radiopharm.services import accounts as service
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import accounts
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form
from radiopharm.web.sessions import ServerSession, ServerSessions

bp = Blueprint("accounts", __name__)
DEVICE = "rp_device"
WRONG = "Name or password is not right."


@bp.get("/sign-in")
def sign_in() -> str:
    """Sign in."""
    return _door(Form({"next": request.args.get("next", "")}))


@bp.post("/sign-in")
def sign_in_submit() -> Any:
    """Sign in with name and password; the device is remembered so that strangers' guesses do not
    delay the people who work here."""
    typed = {name: request.form.get(name, "") for name in ("username", "next")}
    device = request.cookies.get(DEVICE)
    try:
        user_id = _try(typed["username"], request.form.get("password", "")[:1000], device)
    except WrongSecret as wrong:
        wait_s = max(1, round(seconds(g.now, wrong.wait_until or g.now)))
        said = f"Too many wrong tries from new devices. Try again in {wait_s} s."
        return _door(Form(typed, {"password": [said]})), 429
    if user_id is None:
        return _door(Form(typed, {"password": [WRONG]})), 422
    _sessions().begin(cast(ServerSession, session), user_id)
    return _remember_device(redirect(_inside(typed["next"])), device)


@bp.post("/sign-out")
def sign_out() -> Response:
    """End the session at once."""
    _end(Action.SIGNED_OUT)
    return redirect(url_for("accounts.sign_in"))


@bp.post("/lock")
def lock() -> Response:
    """End the session and come back here after signing in again."""
    back = request.form.get("next", "")
    _end(Action.SIGNED_OUT)
    return redirect(url_for("accounts.sign_in", next=_inside(back)))


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

    def work(act: Act) -> dict[str, Any]:
        user_id = service.create_user(
            act,
            typed.get("username", ""),
            typed.get("display_name", ""),
            typed.get("password", ""),
            request.form.getlist("roles"),
        )
        return {"id": user_id}

    try:
        access.act(work)
    except Invalid as invalid:
        chosen = request.form.getlist("roles")
        return _list(forms.refused(typed, invalid), chosen=chosen), 422
    flash("The account is made.", "ok")
    return redirect(url_for("accounts.show"))


@bp.post("/accounts/<username>/disable")
def disable(username: str) -> Any:
    """Close an account."""
    reason = request.form.get("reason", "")

    def work(act: Act) -> dict[str, Any]:
        service.disable_user(act, username, reason)
        return {}

    try:
        access.act(work)
    except Invalid as invalid:
        return _list(forms.refused({}, invalid)), 422
    flash(f"{username} can no longer sign in.", "ok")
    return redirect(url_for("accounts.show"))


@bp.post("/accounts/<username>/tokens")
def create_token(username: str) -> Any:
    """Make a program's key and show it this once."""
    made: dict[str, str] = {}

    def work(act: Act) -> dict[str, Any]:
        made["token"] = service.create_token(act, username, request.form.get("name", "")[:100])
        return {}

    try:
        access.act(work)
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


def _door(form: Form) -> str:
    session.setdefault("began", True)  # a session of nobody, for the CSRF token
    return render_template("sign_in.html", form=form, locked=None)


def _try(username: str, password: str, device: str | None) -> int | None:
    runtime = access.runtime()
    with runtime.reading() as db:
        row = accounts.account(db, username.strip())
        someone = accounts.person(db, row.id, via="web") if row else None
    source = request.remote_addr or ""
    who = Person(
        id=0,
        username=username.strip().lower()[:64] if someone else "-",
        display_name="",
        roles=frozenset(),
        site=someone.site if someone else SYSTEM.site,
        via="web",
        source=source,
    )

    def work(act: Act) -> dict[str, Any]:
        return {"user_id": service.sign_in(act, username, password, device)}

    user_id = runtime.act(work, actor=who, now=g.now).answer["user_id"]
    return cast("int | None", user_id)


def _end(action: Action) -> None:
    def work(act: Act) -> dict[str, Any]:
        act.record(action)
        return {}

    access.runtime().act(work, actor=access.actor(), now=g.now)
    _sessions().begin(cast(ServerSession, session), None)


def _sessions() -> ServerSessions:
    return cast(ServerSessions, current_app.session_interface)


def _inside(address: str) -> str:
    """Only paths of our own; anything else leads to the first page.

    Browsers leave out tabs and line breaks, and take a backslash for a slash.
    """
    own = re.match(r"/(?![/\\])", address) and address.isprintable()
    return address if own else "/"


def _remember_device(response: Response, device: str | None) -> Response:
    response.set_cookie(
        DEVICE,
        device or secrets.token_urlsafe(32),
        max_age=400 * 86400,
        httponly=True,
        samesite="Strict",
        secure=access.runtime().settings.https,
    )
    return response
