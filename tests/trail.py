"""A watch on every commit of a request: who changed rows left an audit event in that transaction.

Every test that goes through a door is thereby also a test that the trail is complete.
"""

import re
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
UNRECORDED = {"sessions", "presences", "drafts", "audit_seals", "audit_anchors"}
"""That a browser came back, that somebody has a vial open, or what is not sent yet, is no act, no
fact; and an event of a seal would need a seal again."""


def watch(engine: sa.Engine) -> None:
    """Refuse a request's commit that changed rows without an audit event."""
    sa.event.listen(engine, "before_cursor_execute", _note)
    sa.event.listen(engine, "rollback", lambda connection: connection.info.pop("written", None))
    sa.event.listen(engine, "commit", _require_event)


def _note(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
    if found := WRITES.match(statement):
        connection.info.setdefault("written", set()).add(found[1])


def _require_event(connection: sa.Connection) -> None:
    changed = connection.info.pop("written", set()) - UNRECORDED
    if has_request_context() and changed and "audit_events" not in changed:
        raise AssertionError(f"{request.endpoint} changed {changed} and left no audit event")
