"""The door of the pages: who is there, may they, and how an act of theirs is done."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_wtf import CSRFProtect

from radiopharm.core.actions import Action
from radiopharm.core.erasing import EraseIdentity
from radiopharm.core.people import Person
from radiopharm.core.refusals import Forbidden
from radiopharm.core.rule_packs import ChooseRulePack
from radiopharm.core.second_check import Second
from radiopharm.core.signing import Signing
from radiopharm.core.site_figures import EnterSiteFigure
from radiopharm.runtime import Runtime
from radiopharm.services import patients
from radiopharm.store.acts import Act, Outcome, Work
from radiopharm.store.errors import StorageUnavailable
from radiopharm.store.once import Once, fingerprint
from radiopharm.web.sessions import ServerSession, ServerSessions

Signed = TypeVar("Signed", EraseIdentity, ChooseRulePack, EnterSiteFigure)


def runtime() -> Runtime:
    """What this process runs with."""
    return cast(Runtime, current_app.extensions["radiopharm"])


def actor() -> Person:
    """Who is signed in; only routes behind the access table may ask."""
    person = g.get("person")
    if person is None:
        raise Forbidden
    return cast(Person, person)


def act(work: Work) -> Outcome:
    """Do the form's act once, however often it is sent: the page supplied the key."""
    key = request.form.get("idempotency_key", "")[:60]
    typed = [request.path, request.form.to_dict(flat=False)]
    asked = fingerprint(typed, runtime().settings.secret_key)
    once = Once(key=f"web:{key}", fingerprint=asked) if key else None
    return runtime().act(work, actor=actor(), now=g.now, once=once)


def note_seen(references: Collection[str]) -> None:
    """Record that the page about to be shown says who these patients are; no record, no page."""

    def work(act: Act) -> dict[str, Any]:
        patients.note_seen(act, references, request.endpoint or "")
        return {}

    if references:
        runtime().act(work, actor=actor(), now=g.now)


def proved(signing: Signing) -> Signing:
    """A signature with its secret proved, before the act it is for."""
    return runtime().proved(signing, actor(), g.now)


def proved_second(second: Second) -> Second:
    """A second person with their secret proved."""
    return replace(second, signing=proved(second.signing))


def with_proof(command: Signed) -> Signed:
    """A command with the signature in it proved, before the act it is for."""
    return replace(command, signature=proved(command.signature))


def guard(app: Flask, csrf: CSRFProtect, keep_unsent: Callable[[], str | None]) -> None:
    """Read the clock once, find out who asks, and let only those pass whom the table allows.

    *keep_unsent* keeps the form that is turned away and says where to go on.
    """

    @app.before_request
    def check() -> Response | None:
        g.now = runtime().clock()
        if request.endpoint is None or request.path.startswith("/api/"):
            return None
        sessions = cast(ServerSessions, app.session_interface)
        if sessions.is_null_session(session):
            raise StorageUnavailable
        current = cast(ServerSession, session)
        g.person = sessions.person(current, request.remote_addr or "")
        if request.method == "POST":
            csrf.protect()
        table = runtime().access
        if table.is_public(request.endpoint):
            return None
        if g.person is None:
            return _turned_away(keep_unsent)
        if not table.allows(request.endpoint, g.person.roles):
            _record_refusal(request.endpoint)
            raise Forbidden
        return None


def _turned_away(keep_unsent: Callable[[], str | None]) -> Response:
    """To the door and back here afterwards; a script that asks for a piece of a page gets 401."""
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return Response("This session is locked or over.\n", 401, mimetype="text/plain")
    if request.method == "GET":
        return cast(Response, redirect(url_for("door.show", next=request.full_path.rstrip("?"))))
    return cast(Response, redirect(url_for("door.show", next=keep_unsent() or "/"), 303))


def _record_refusal(endpoint: str) -> None:
    def refuse(act: Act) -> dict[str, Any]:
        act.record(Action.ACCESS_REFUSED, route=endpoint)
        return {}

    runtime().act(refuse, actor=actor(), now=g.now)


def may(endpoint: str) -> bool:
    """Whether the person who looks at the page may call *endpoint*: the page hides the rest."""
    person = g.get("person")
    known = endpoint in current_app.view_functions
    return known and runtime().access.allows(endpoint, person.roles if person else frozenset())
