"""What was typed and not sent when the lock fell: kept on the server for its person alone.

A form that is refused because the session is locked, or that its page sends when it sees the lock
fall, becomes a draft; the page shows it again to the same person, once they are back, and it goes
when the form is sent. Secrets are never in it.
"""

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, redirect, request, session, url_for

from radiopharm.store import acts, drafts
from radiopharm.store.once import SECRET_WORDS
from radiopharm.web import access
from radiopharm.web.sessions import ServerSession

bp = Blueprint("drafts", __name__)
PAGES = {
    "dispensing.show": "directive_id",
    "administering.show": "dose_id",
    "receiving.show": "",
    "reassigning.show": "dose_id",
}
"""The pages whose entries are kept, and what says which of them it is."""
SENT_TO = {
    "dispensing.submit": "dispensing.show",
    "dispensing.look": "dispensing.show",
    "dispensing.hand_over": "dispensing.show",
    "administering.submit": "administering.show",
    "receiving.submit": "receiving.show",
    "reassigning.submit": "reassigning.show",
    "reassigning.hand_over": "reassigning.show",
}
BUTTONS = ("idempotency_key", "scan", "take", "drop", "propose")
LONGEST = 64 * 1024
_KEY = re.compile(r"\d{0,18}", re.ASCII)


def register(app: Flask) -> None:
    """Forget a draft when its form was sent and did what it is for."""

    @app.after_request
    def sent(response: Response) -> Response:
        page = SENT_TO.get(request.endpoint or "")
        if page and response.status_code == 303 and g.get("person"):  # it was done
            _drop(page, _key(page))
        return response


@bp.post("/drafts")
def keep() -> Any:
    """Keep what a page holds unsent, though its session has just been locked."""
    page, key = request.args.get("page", ""), request.args.get("key", "")
    if page in PAGES and _KEY.fullmatch(key):
        _keep(page, key)
    return Response(status=204)


@bp.post("/drafts/discard")
def discard() -> Any:
    """Forget a draft and show the page empty."""
    page, key = request.args.get("page", ""), request.args.get("key", "")
    if page not in PAGES or not _KEY.fullmatch(key):
        return redirect("/")
    _drop(page, key)
    return redirect(_address(page, key), 303)


def kept(page: str, key: object = "") -> Mapping[str, str]:
    """What the person who looks had typed here; the page says that it came back."""
    if not _KEY.fullmatch(str(key)):
        return {}
    with access.runtime().reading() as db:
        g.draft = drafts.find(db, access.actor().id, page, str(key), g.now)
    return g.draft.typed if g.draft else {}


def refused() -> str | None:
    """Keep the form that the lock refuses; where to go on after it, None for a form not kept."""
    page = SENT_TO.get(request.endpoint or "")
    if page is None or not _KEY.fullmatch(_key(page)):
        return None
    _keep(page, _key(page))
    return _address(page, _key(page))


def _keep(page: str, key: str) -> None:
    current = cast(ServerSession, session)
    owner = current.user_id or current.lapsed_id
    typed = {
        name: text
        for name, text in request.form.items()
        if name not in BUTTONS and not _is_secret(name)
    }
    if owner is None or len(urlencode(typed)) > LONGEST:
        return
    with acts.writing(access.runtime().engine) as db:
        drafts.keep(db, owner, page, key, typed, g.now)


def _drop(page: str, key: str) -> None:
    runtime, owner = access.runtime(), access.actor().id
    with runtime.reading() as db:
        found = drafts.find(db, owner, page, key, g.now)
    if found:
        with acts.writing(runtime.engine) as db:
            drafts.drop(db, owner, page, key)


def _is_secret(name: str) -> bool:
    return any(word in name for word in SECRET_WORDS)


def _key(page: str) -> str:
    name = PAGES[page]
    return str((request.view_args or {}).get(name) or request.form.get(name, "")) if name else ""


def _address(page: str, key: str) -> str:
    return url_for(page, **({PAGES[page]: key} if PAGES[page] else {}))
