"""Sessions live on the server: the cookie is a random token of which only the hash is kept.

A session ends on the server when someone signs out, is disabled, idles too long or a shift is over;
signing in begins a new one, so that a planted cookie is worth nothing.
"""

import json
import secrets
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, Response, current_app
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from radiopharm.core.people import Person
from radiopharm.runtime import Runtime
from radiopharm.services.accounts import secret_hash
from radiopharm.store import accounts, acts, sessions
from radiopharm.store.errors import StorageUnavailable

SEEN_EVERY = timedelta(minutes=1)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What a browser's session holds, and the person it belongs to."""

    def __init__(self, initial: dict[str, Any], token: str | None, user_id: int | None) -> None:
        super().__init__(initial, lambda changed: setattr(changed, "modified", True))
        self.token = token
        self.user_id = user_id
        self.modified = False
        self.is_due = False


class ServerSessions(SessionInterface):
    """Flask's sessions, kept in the `sessions` table."""

    @property
    def _runtime(self) -> Runtime:
        return cast(Runtime, current_app.extensions["radiopharm"])

    def cookie_name(self) -> str:
        """The `__Host-` prefix binds the cookie to this host; browsers want HTTPS for it."""
        return "__Host-rp" if self._runtime.settings.https else "rp"

    def open_session(self, app: Flask, request: Request) -> ServerSession | None:
        """The session of a cookie; None (for Flask: a null session) where it cannot be read."""
        token = request.cookies.get(self.cookie_name())
        if request.path.startswith(("/api/", "/static/")) or not token:
            return ServerSession({}, None, None)
        settings, now = self._runtime.settings, self._runtime.clock()
        try:
            with self._runtime.reading() as db:
                row = sessions.find(db, secret_hash(token))
        except StorageUnavailable:
            return None
        if (
            row is None
            or now >= row.started_at + timedelta(hours=settings.session_hours)
            or now >= row.seen_at + timedelta(minutes=settings.session_idle_minutes)
        ):
            return ServerSession({}, None, None)
        session = ServerSession(json.loads(row.data), token, row.user_id)
        session.is_due = now >= row.seen_at + SEEN_EVERY
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSession)
        if not (session.modified or session.is_due) or (session.token is None and not session):
            return
        try:
            self._keep(session, response)
        except StorageUnavailable:
            if session.modified:
                raise
            # who only looks may look on, though nothing can keep that they were here

    def _keep(self, session: ServerSession, response: Response) -> None:
        now = self._runtime.clock()
        with acts.writing(self._runtime.engine) as db:
            if session.token is None:
                token = secrets.token_urlsafe(32)
                sessions.add(db, secret_hash(token), session.user_id, session, now)
                session.token = token
                self._set_cookie(response, token)
            else:
                sessions.keep(db, secret_hash(session.token), session, now)

    def begin(self, session: ServerSession, user_id: int | None) -> None:
        """End the present session and let a new one begin, for a person or for nobody."""
        if session.token is not None:
            with acts.writing(self._runtime.engine) as db:
                sessions.end(db, secret_hash(session.token), self._runtime.clock())
        session.clear()
        session.token, session.user_id, session.modified = None, user_id, True
        session["began"] = True

    def person(self, session: ServerSession, source: str) -> Person | None:
        """Who is signed in; None also when the account was disabled meanwhile."""
        if session.user_id is None or session.token is None:
            return None
        token_hash = secret_hash(session.token)
        with self._runtime.reading() as db:
            return accounts.person(
                db, session.user_id, via="web", source=source, session=token_hash
            )

    def _set_cookie(self, response: Response, token: str) -> None:
        response.set_cookie(
            self.cookie_name(),
            token,
            httponly=True,
            samesite="Strict",
            secure=self._runtime.settings.https,
            path="/",
        )
