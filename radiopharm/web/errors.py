"""Answers that are not the page asked for: what happened, what was saved, what to do."""

from typing import Any

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from radiopharm.core.decay import OutOfRange
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, NotFound, Refused
from radiopharm.logs import described
from radiopharm.store.errors import OutcomeUnknown, StorageUnavailable
from radiopharm.store.once import KeyReused

log = structlog.get_logger("radiopharm")
Answer = tuple[str, int]


def register(app: Flask) -> None:
    """Translate what pages raise; the JSON room does its own under /api/."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Invalid, _refused)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(OutOfRange, _out_of_range)
    app.register_error_handler(KeyReused, _reused)
    app.register_error_handler(StorageUnavailable, _unavailable)
    app.register_error_handler(CSRFError, _too_old)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str, message: str, **more: Any) -> Answer:
    """The error page."""
    if request.method == "GET":
        more.setdefault("saved", "")  # whoever only looked had nothing to save
    shown = render_template("error.html", status=status, title=title, message=message, **more)
    return shown, status


def _refused(error: Refused | Invalid) -> Answer:
    status = 409 if isinstance(error, Refused) else 422
    return page(status, "This cannot be done now", "See why below.", refusals=error.refusals)


def _conflict(error: Conflict) -> Answer:
    return page(409, "This has changed meanwhile", error.message, facts=error.facts)


def _not_found(_: NotFound) -> Answer:
    return page(404, "There is nothing here", "Check the code, or look in the list.")


def _forbidden(_: Forbidden) -> Answer:
    return page(403, "Your role does not include this", "Ask someone whose role it is.")


def _out_of_range(far: OutOfRange) -> Answer:
    said = f"{far} Choose another."
    return page(422, "No figure at that instant", said, saved="", back=request.path)


def _reused(_: KeyReused) -> Answer:
    return page(422, "This page was sent before", "Open the form again and send it once.")


def _unavailable(why: StorageUnavailable) -> Response:
    g.person = None  # whose frame would ask the database
    message, more = "Wait a moment, then send again.", {}
    if isinstance(why, OutcomeUnknown):
        message = "Send it again as it is: what is saved already is not done twice."
        more = {"saved": "Nobody can say whether this was saved."}
    said, _status = page(503, "The database cannot be used now", message, **more)
    return Response(said, 503, {"Retry-After": "5"})


def _too_old(_: CSRFError) -> Answer:
    return page(403, "This page was too old", "Go back, your entries are kept, and send again.")


def answer(error: HTTPException) -> Any:
    """The page for what Flask itself refuses, or met outside of a view: keeping the session."""
    original = getattr(error, "original_exception", None)
    if isinstance(original, StorageUnavailable):
        return _unavailable(original)
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return _not_found(NotFound())
    answer = page(error.code, error.name, "Go back and try again.")
    return Response(answer[0], answer[1], [h for h in error.get_headers() if h[0] == "Allow"])


def _unexpected(error: Exception) -> Answer:
    if current_app.testing:
        raise error
    log.error("unexpected error", **described(error))
    g.setdefault("person", None)
    number = g.get("request_id")
    return page(500, "Something went wrong here", "Tell support the number.", request_id=number)
