"""The door of the JSON room: a bearer token, the access table, and commands done once."""

from hashlib import sha256
from typing import Any, cast

from flask import current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, PreconditionRequired, Unauthorized

from radiopharm.api.decoding import decode
from radiopharm.core.actions import Action
from radiopharm.core.people import Person
from radiopharm.core.refusals import Forbidden
from radiopharm.core.signing import Signing
from radiopharm.runtime import Runtime
from radiopharm.services.accounts import secret_hash
from radiopharm.store import accounts
from radiopharm.store.acts import Act, Outcome, Work
from radiopharm.store.once import Once, fingerprint

MAX_KEY = 255
MAX_KEPT = 60  # as sent; a longer one is kept as its hash
_CHALLENGE = WWWAuthenticate("bearer")


def runtime() -> Runtime:
    """What this process runs with."""
    return cast(Runtime, current_app.extensions["radiopharm"])


def actor() -> Person:
    """Whose token the request bears."""
    person = g.get("person")
    if person is None:
        raise Forbidden
    return cast(Person, person)


def check() -> None:
    """Find out whose token asks, and let only those pass whom the table allows."""
    table, endpoint = runtime().access, request.endpoint or ""
    g.person = _bearer()
    if table.is_public(endpoint):
        return
    if g.person is None:
        raise Unauthorized(
            "Send the header Authorization: Bearer <token>.", www_authenticate=_CHALLENGE
        )
    if not table.allows(endpoint, g.person.roles):
        runtime().act(_refusal(endpoint), actor=g.person, now=g.now)
        raise Forbidden


def act(work: Work, *, key_required: bool = False) -> Outcome:
    """Do the command; with an `Idempotency-Key` at most once, whoever sends it again."""
    if key_required:
        require_key()
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return runtime().act(work, actor=actor(), now=g.now)
    once = Once(key=_readable(key), fingerprint=_asked())
    outcome = runtime().act(work, actor=actor(), now=g.now, once=once)
    g.replayed = outcome.replayed
    return outcome


def proved(signing: Signing) -> Signing:
    """A signature with its secret proved, before the act it is for."""
    return runtime().proved(signing, actor(), g.now)


def require_key() -> None:
    """Refuse a request that could not safely be sent again."""
    if "Idempotency-Key" not in request.headers:
        raise PreconditionRequired("Send an Idempotency-Key header, a new one for each act.")


def _bearer() -> Person | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    token_hash = secret_hash(token.strip())
    with runtime().reading() as db:
        user_id = accounts.token_user(db, token_hash, g.now)
        if user_id is None:
            return None
        source = request.remote_addr or ""
        return accounts.person(db, user_id, via="api", source=source, session=token_hash, at=g.now)


def _refusal(endpoint: str) -> Work:
    def refuse(act: Act) -> dict[str, Any]:
        act.record(Action.ACCESS_REFUSED, route=endpoint)
        return {}

    return refuse


def _readable(key: str) -> str:
    if not key or len(key) > MAX_KEY or not key.isascii() or not key.isprintable():
        raise BadRequest(f"An Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters.")
    if len(key) > MAX_KEPT:
        return f"api#{sha256(key.encode()).hexdigest()[:MAX_KEPT]}"
    return f"api:{key}"


def _asked() -> str:
    asked = [request.method, request.path, decode(request)]
    return fingerprint(asked, runtime().settings.secret_key)
