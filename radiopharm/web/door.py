"""The door of the shared bench: sign in, lock, unlock, let the next person in, sign out.

One page does all four, for all four ask who and then for a secret. What stood there before is gone
from the browser, and nothing of the former person is on the page but, while locked, their name.
"""

import re
import secrets
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from radiopharm.core.actions import Action
from radiopharm.core.decay import seconds
from radiopharm.core.people import SYSTEM, Person, is_badge
from radiopharm.core.refusals import Invalid
from radiopharm.core.sessions import Stage
from radiopharm.services import sessions as service
from radiopharm.services.accounts import WrongSecret
from radiopharm.services.sessions import Door, Entry
from radiopharm.store import accounts
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.forms import Form
from radiopharm.web.sessions import STATE, ServerSession, ServerSessions, limits_at, set_cookie

bp = Blueprint("door", __name__)
DEVICE = "rp_device"
WRONG = "Name and secret do not belong together."


@bp.get("/sign-in")
def show() -> Any:
    """Sign in, unlock, or let somebody else in; who is in already goes on."""
    with access.runtime().reading() as db:
        who = service.named(db, request.args.get("who", ""))
    typed = {"next": request.args.get("next", ""), "username": who}
    if g.person:
        return redirect(_inside(typed["next"]))
    return _page(typed, is_switch="switch" in request.args)


@bp.post("/sign-in")
def enter() -> Any:
    """Let the person in whose name (or badge) and secret these are."""
    typed = {name: request.form.get(name, "") for name in ("username", "next", "switch")}
    secret = request.form.get("password", "")[:1000]
    if is_badge(secret.strip().upper()):  # scanned into the box the cursor was in: it names only
        typed["username"], secret = secret, ""
    with access.runtime().reading() as db:
        username = service.named(db, typed["username"])
    if not username:
        return _page(typed, {"username": ["Nobody is known by that."]}), 422
    typed["username"] = username
    if not secret:
        return _page(typed, {"password": ["Now your password or PIN."]}), 422
    try:
        entry = _try(username, secret)
    except WrongSecret as wrong:
        return _page(typed, {"password": [wait(wrong)]}), 429
    except Invalid as invalid:
        return _page(typed, forms.refused(typed, invalid).by_box), 422
    if entry is None:
        return _page(typed, {"password": [WRONG]}), 422
    return let_in(entry, typed["next"])


@bp.post("/lock")
def lock() -> Response:
    """Lock one's own session at once; `who` or `switch` let somebody else come in."""
    names = ("next", "who", "switch")
    return lock_and_ask({name: request.form[name] for name in names if request.form.get(name)})


def lock_and_ask(asked: dict[str, str]) -> Response:
    """Lock the session, then ask at the door who goes on."""
    current = _current()

    def work(act: Act) -> dict[str, Any]:
        service.lock(act, current.token_hash or "")
        return {}

    if current.stage is Stage.OPEN:
        access.runtime().act(work, actor=access.actor(), now=g.now)
    return _swept(redirect(url_for("door.show", **asked), 303))


@bp.post("/sign-out")
def leave() -> Response:
    """End the session at once."""

    def work(act: Act) -> dict[str, Any]:
        act.record(Action.SIGNED_OUT)
        return {}

    access.runtime().act(work, actor=access.actor(), now=g.now)
    _sessions().end(_current())
    return _swept(redirect(url_for("door.show"), 303))


@bp.get(STATE)
def state() -> Any:
    """How long this browser's session is still open, and whose it is: a number, no name."""
    current, person = _current(), g.person
    left_s = seconds(g.now, current.lock_at) if person and current.lock_at else 0
    return {
        "stage": "open" if person else "locked" if current.is_locked else "ended",
        "person": person.id if person else None,
        "lock_in_s": left_s,
    }


def _page(typed: dict[str, str], errors: Any = None, *, is_switch: bool = False) -> str:
    """The door; while locked it names whose session waits, unless somebody else is to come in."""
    current = _current()
    current.setdefault("began", True)  # a session of nobody, for the CSRF token
    owner = _sessions().owner(current, "") if current.is_locked else None
    switching = is_switch or bool(typed.get("switch"))
    values = {**typed, "switch": "yes" if switching else ""}
    if owner and not switching and not values["username"]:
        values["username"] = owner.username
    form = Form(values, errors, focus="password" if values["username"] else "username")
    return render_template(
        "sign_in.html",
        form=form,
        locked=owner.display_name if owner else None,
        switching=switching,
        workstation=current.workstation,
    )


def _try(username: str, secret: str) -> Entry | None:
    entered: list[Entry | None] = []

    def work(act: Act) -> dict[str, Any]:
        entered.append(service.enter(act, username, secret, here()))
        return {}

    access.runtime().act(work, actor=stranger(username), now=g.now)
    return entered[-1]


def here() -> Door:
    """Where the request comes from."""
    current = _current()
    return Door(
        device=request.cookies.get(DEVICE),
        workstation=current.workstation,
        limits=limits_at(access.runtime().settings, current.workstation),
        token_hash=current.token_hash,
    )


def wait(wrong: WrongSecret) -> str:
    """What is said while tries do not count."""
    wait_s = max(1, round(seconds(g.now, wrong.wait_until or g.now)))
    return f"Too many wrong tries from new devices. Try again in {wait_s} s."


def stranger(username: str) -> Person:
    """Who tries the door, for the audit: a name that is an account's, or nobody's."""
    with access.runtime().reading() as db:
        row = accounts.account(db, username)
        site = accounts.site(db, row.site_id) if row else None
    return Person(
        id=0,
        username=username if site else "-",
        display_name="",
        roles=frozenset(),
        site=site or SYSTEM.site,
        via="web",
        source=request.remote_addr or "",
    )


def let_in(entry: Entry, wanted: str) -> Response:
    """Begin the session of somebody who came in, and go where they wanted to."""
    current = _current()
    is_another = current.user_id not in (None, entry.user_id)
    _sessions().begin(current, entry.user_id, entry.started_at)
    answer = redirect(_inside(wanted) if not is_another else "/", 303)
    if is_another:
        with access.runtime().reading() as db:
            flash(f"Now working: {accounts.names(db, [entry.user_id])[entry.user_id]}.", "info")
        _swept(answer)
    device = request.cookies.get(DEVICE) or secrets.token_urlsafe(32)
    set_cookie(answer, DEVICE, device, access.runtime().settings, max_age=400 * 86400)
    return cast(Response, answer)


def _swept(answer: Any) -> Response:
    """The answer after which the browser keeps nothing of what it has shown."""
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return cast(Response, answer)


def _current() -> ServerSession:
    return cast(ServerSession, session)


def _sessions() -> ServerSessions:
    return cast(ServerSessions, current_app.session_interface)


def _inside(address: str) -> str:
    """Only paths of our own; anything else leads to the first page.

    Browsers leave out tabs and line breaks, and take a backslash for a slash.
    """
    own = re.match(r"/(?![/\\])", address) and address.isprintable()
    return address if own else "/"
