"""One strict decoder in front of every JSON route.

UTF-8 only, `application/json` only, no duplicate keys, no NaN or Infinity, no lone surrogates, at
most 64 levels deep; numbers with a point become exact decimals. Whatever else arrives is answered
400 or 415 in words, never 500.
"""

import json
from decimal import Decimal
from typing import Any

from flask import Request
from marshmallow import RAISE, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnprocessableEntity, UnsupportedMediaType

MAX_DEPTH = 64


class StrictParser(FlaskParser):
    """webargs with our decoder; unknown fields are refused in body and query alike."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}  # noqa: RUF012 - webargs' own name

    def load_json(self, req: Request, schema: Any) -> Any:
        body = decode(req)
        if not isinstance(body, dict):
            raise UnprocessableEntity("The body must be a JSON object.")
        return body

    def load_querystring(self, req: Request, schema: Any) -> Any:
        many = [name for name in req.args if len(req.args.getlist(name)) > 1]
        if repeated := [name for name in many if name not in ("impurity",)]:
            raise BadRequest(f"Give {repeated[0]} once only.")
        return super().load_querystring(req, schema)


def decode(req: Request) -> Any:
    """The JSON value of a request's body; `missing` when it has none."""
    if not req.get_data():
        return missing if req.mimetype == "" else {}
    if req.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    charset = req.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("Send UTF-8.")
    try:
        text = req.get_data().decode("utf-8")
        _require_shallow(text)
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=Decimal,
            parse_int=_integer,
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest(_reason(error)) from error


def _require_shallow(text: str) -> None:
    depth, inside, escaped = 0, False, False
    for sign in text:
        if inside:
            inside = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"nested deeper than {MAX_DEPTH}")
        elif sign in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError("the same name stands twice in one object")
        for text in (name, value):
            if isinstance(text, str):
                text.encode()  # a lone surrogate cannot be stored
        found[name] = value
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _integer(text: str) -> int:
    if len(text) > 25:
        raise ValueError("a number is too long")
    return int(text)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"The body is not JSON: {error.msg} at line {error.lineno} column {error.colno}."
    if isinstance(error, UnicodeError):
        return "The body is not valid UTF-8."
    return f"The body is refused: {error}."
