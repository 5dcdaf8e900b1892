"""Errors as application/problem+json (RFC 9457): every reason at once, no typed value echoed."""

import json
from collections.abc import Iterable
from functools import singledispatch
from math import ceil
from typing import Any

import structlog
from flask import Response, current_app, g
from werkzeug.exceptions import HTTPException

from radiopharm.core.decay import OutOfRange, seconds
from radiopharm.core.nuclides import UnknownNuclide
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal, Refused
from radiopharm.logs import described
from radiopharm.services.accounts import WrongSecret
from radiopharm.store.errors import OutcomeUnknown, StorageUnavailable
from radiopharm.store.once import KeyReused

log = structlog.get_logger("radiopharm")

TITLES = {
    400: "This cannot be read",
    401: "Sign in with a token",
    403: "Your role does not include this",
    404: "There is nothing here",
    405: "This is not done here",
    409: "This cannot be done now",
    412: "This has changed meanwhile",
    413: "This is too large",
    415: "This is not JSON",
    422: "Something in it is wrong",
    428: "Something is missing that makes it safe to repeat",
    429: "Wait before the next try",
    503: "The database cannot be used now",
}


def problem(
    status: int,
    errors: Iterable[dict[str, Any]] = (),
    *,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Response:
    """One problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "This did not work"),
        "status": status,
        "saved": False,
        **more,
        "errors": list(errors),
    }
    if detail:
        body["detail"] = detail
    text = json.dumps(body, ensure_ascii=False, default=str)
    return Response(text, status, headers or {}, mimetype="application/problem+json")


@singledispatch
def answer(error: Exception) -> Response:
    """The problem that an exception means; what nobody foresaw is a bug, logged under a number."""
    if current_app.testing:
        raise error
    log.error("unexpected error", **described(error))
    return problem(500, detail="Nothing was saved.", request_id=g.get("request_id"))


@answer.register
def _refused(error: Refused) -> Response:
    return problem(409, map(_said, error.refusals))


@answer.register
def _invalid(error: Invalid) -> Response:
    return problem(422, map(_said, error.refusals))


@answer.register
def _conflict(error: Conflict) -> Response:
    return problem(409, [_reason(error.code, error.message)], now=error.facts)


@answer.register
def _not_found(_: NotFound) -> Response:
    return problem(404, [_reason("not_found", "There is no such record.")])


@answer.register
def _forbidden(error: Forbidden) -> Response:
    said = str(error) or TITLES[403]
    return problem(403, [_reason("forbidden", said)], detail=said)


@answer.register
def _wrong_secret(error: WrongSecret) -> Response:
    """403, and 429 with the seconds to wait while tries do not count, right ones neither."""
    if error.wait_until is None:
        return problem(403, [_reason("wrong_secret", _WRONG, "signature.secret")])
    wait_s = max(1, ceil(seconds(g.now, error.wait_until)))
    said = f"Too many wrong tries. The next one counts in {wait_s} s. Nothing was saved."
    reason = _reason("too_many_tries", said, "signature.secret")
    return problem(429, [reason], headers={"Retry-After": str(wait_s)})


@answer.register
def _key_reused(_: KeyReused) -> Response:
    said = "This Idempotency-Key was used for another request."
    return problem(422, [_reason("key_reused", said, "Idempotency-Key")])


@answer.register(OutOfRange)
@answer.register(UnknownNuclide)
def _out_of_range(error: Exception) -> Response:
    return problem(422, [_reason("out_of_range", str(error))])


@answer.register
def _unavailable(why: StorageUnavailable) -> Response:
    headers = {"Retry-After": "5"}
    if isinstance(why, OutcomeUnknown):
        detail = "Nobody can say whether this was saved. Send it again with the same key."
        return problem(503, detail=detail, headers=headers, saved=None)
    return problem(503, detail="Nothing was saved. Try again.", headers=headers)


@answer.register
def _http(error: HTTPException) -> Response:
    headers = {
        k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After", "WWW-Authenticate")
    }
    messages = getattr(error, "data", {}).get("messages")
    if messages is None:
        said = error.description or error.name
        errors = [_reason(error.name.lower().replace(" ", "_"), said)]
        return problem(error.code or 500, errors, detail=error.description, headers=headers)
    return problem(error.code or 500, list(_flat(messages)), headers=headers)


_WRONG = "User name and secret do not belong together. Nothing was saved."


def _said(refusal: Refusal) -> dict[str, Any]:
    return {"field": None, **refusal.as_dict()}


def _reason(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    return {"field": field, "code": code, "message": message}


def _flat(messages: Any, path: str = "") -> Iterable[dict[str, Any]]:
    """marshmallow's nested messages as one list; the location ("json", "query") is left out."""
    if isinstance(messages, list):
        for message in messages:
            yield {"field": path or None, "code": "invalid", "message": str(message)}
        return
    for name, inner in messages.items():
        is_location = not path and name in ("json", "query", "headers")
        own = "" if is_location or name == "_schema" else str(name)
        yield from _flat(inner, ".".join(part for part in (path, own) if part))
