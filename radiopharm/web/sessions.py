"""Sessions live on the server: the cookie is a random token of which only the hash is kept.

A session is locked, and later ended, by the server's clock alone (core.sessions); whoever comes in
gets a new one, so that a planted cookie is worth nothing. While locked it answers for nobody: it
only remembers whose it is.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Request, Response, current_app
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from config.settings import Settings
from radiopharm.core import sessions as rules
from radiopharm.core.people import Person
from radiopharm.core.sessions import Limits, Stage
from radiopharm.core.workstations import Workstation, WorkstationKind
from radiopharm.runtime import Runtime
from radiopharm.services.accounts import secret_hash
from radiopharm.store import accounts, acts, sessions, workstations
from radiopharm.store.errors import StorageUnavailable

SEEN_EVERY = timedelta(seconds=15)
STATE = "/session"
"""Asking how long a session is still open does not keep it open; saying `?active=1` does."""


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What a browser's session holds, whose it is, and what it lets them do.

    `lapsed_id` is whose it was when its time ended; `lock_at` when it locks if nothing is heard.
    """

    def __init__(self, initial: dict[str, Any], workstation: Workstation | None = None) -> None:
        super().__init__(initial, lambda changed: setattr(changed, "modified", True))
        self.workstation = workstation
        self.token: str | None = None
        self.user_id: int | None = None
        self.lapsed_id: int | None = None
        self.stage = Stage.ENDED
        self.started_at: datetime | None = None
        self.lock_at: datetime | None = None
        self.modified = False
        self.is_due = False

    @property
    def token_hash(self) -> str | None:
        """How the session is known on the server."""
        return secret_hash(self.token) if self.token else None

    @property
    def is_locked(self) -> bool:
        """Whether somebody's session waits for its person."""
        return self.user_id is not None and self.stage is Stage.LOCKED


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
        if request.path.startswith(("/api/", "/static/", "/healthz")):
            return ServerSession({})  # that the process lives, no database need say
        token = request.cookies.get(self.cookie_name())
        device = request.cookies.get(device_cookie(self._runtime.settings))
        if not (token or device):
            return ServerSession({})
        try:
            with self._runtime.reading() as db:
                place = workstations.of_device(db, secret_hash(device)) if device else None
                row = sessions.find(db, secret_hash(token)) if token else None
        except StorageUnavailable:
            return None
        if row is None or token is None:
            return ServerSession({}, place)
        is_heard = request.path != STATE or "active" in request.args
        return self._opened(row, token, place, is_heard)

    def _opened(
        self, row: Any, token: str, place: Workstation | None, is_heard: bool
    ) -> ServerSession:
        now, limits = self._runtime.clock(), limits_at(self._runtime.settings, place)
        found, data = sessions.instants(row), json.loads(row.data)
        at = rules.stage(found, limits, now)
        if at is Stage.ENDED:
            lapsed = ServerSession({k: data[k] for k in ("csrf_token",) if k in data}, place)
            lapsed.lapsed_id = row.user_id
            return lapsed
        session = ServerSession(data, place)
        session.token, session.user_id, session.stage = token, row.user_id, at
        session.started_at, session.lock_at = row.started_at, rules.locks_at(found, limits)
        if at is Stage.OPEN and is_heard:
            session.is_due = now >= row.seen_at + SEEN_EVERY
            session.lock_at = now + limits.idle if session.is_due else session.lock_at
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
                self._add(db, session, response, now)
                return
            hashed = secret_hash(session.token)
            if session.modified:
                sessions.keep(db, hashed, session)
            if session.is_due:
                sessions.see(db, hashed, now)

    def begin(
        self, session: ServerSession, user_id: int | None, started_at: datetime | None = None
    ) -> None:
        """Let a new session begin, for a person or for nobody; who goes on keeps what it held."""
        if user_id is None or user_id != session.user_id:
            session.clear()
        session.token, session.user_id, session.lapsed_id = None, user_id, None
        session.started_at, session.modified, session.is_due = started_at, True, False
        session["began"] = True

    def end(self, session: ServerSession) -> None:
        """End the present session at once; nobody is there then."""
        if session.token_hash:
            with acts.writing(self._runtime.engine) as db:
                sessions.end(db, session.token_hash, self._runtime.clock())
        self.begin(session, None)

    def person(self, session: ServerSession, source: str) -> Person | None:
        """Who is signed in; None while locked and when the account was disabled meanwhile."""
        return None if session.stage is not Stage.OPEN else self.owner(session, source)

    def owner(self, session: ServerSession, source: str) -> Person | None:
        """Whose session it is, open or locked."""
        if session.user_id is None:
            return None
        place = session.workstation
        with self._runtime.reading() as db:
            return accounts.person(
                db,
                session.user_id,
                via="web",
                at=self._runtime.clock(),
                session=secret_hash(session.token or ""),
                source=f"{source}, {place.name}" if place else source,
                workstation_id=place.id if place else None,
            )

    def _add(self, db: Any, session: ServerSession, response: Response, now: datetime) -> None:
        token = secrets.token_urlsafe(32)
        sessions.add(
            db,
            secret_hash(token),
            session.user_id,
            session,
            started_at=session.started_at or now,
            now=now,
            workstation_id=session.workstation.id if session.workstation else None,
        )
        session.token = token
        set_cookie(response, self.cookie_name(), token, self._runtime.settings)


def limits_at(settings: Settings, place: Workstation | None) -> Limits:
    """How soon a browser locks and ends; one that is not enrolled is an office."""
    is_hot = place is not None and place.kind is WorkstationKind.HOT_LAB
    minutes = settings.lock_minutes_hot_lab if is_hot else settings.lock_minutes_office
    return Limits(
        idle=timedelta(minutes=minutes),
        locked=timedelta(minutes=settings.locked_minutes),
        whole=timedelta(hours=settings.session_hours),
    )


def device_cookie(settings: Settings) -> str:
    """The name of the cookie that makes a computer a workstation."""
    return "__Host-ws" if settings.https else "ws"


def set_cookie(
    response: Any, name: str, value: str, settings: Settings, max_age: int | None = None
) -> None:
    """A cookie for the server alone: no script reads it, no other site sends it."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        httponly=True,
        samesite="Strict",
        secure=settings.https,
        path="/",
    )
