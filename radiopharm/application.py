"""The Flask application: settings become a runtime, rooms plug in, answers get their headers."""

import os
from collections.abc import Mapping

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from config.settings import Settings, from_environment
from radiopharm import api, cli, web
from radiopharm.clock import Clock, utc_now
from radiopharm.observation import observe
from radiopharm.runtime import make_runtime
from radiopharm.schemas.fields import MAX_ID

POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "font", "connect")),
        "img-src 'self' data:",  # Bootstrap's own ticks and arrows
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TWO_YEARS_OF_HTTPS = "max-age=63072000; includeSubDomains"
MAX_BODY = 1024 * 1024
MAX_FIELDS = 300


class RecordId(IntegerConverter):
    """A record's number in an address, in one spelling; any other is simply not there."""

    regex = "[1-9][0-9]{0,15}"  # the usual one takes the digits of every script

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=MAX_ID)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = utc_now,
    environ: Mapping[str, str] | None = None,
) -> Flask:
    """The application of *settings* (by default: of the environment), telling time by *clock*."""
    settings = settings or from_environment(os.environ if environ is None else environ)
    app = Flask("radiopharm", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_PARTS=MAX_FIELDS,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_CHECK_DEFAULT=False,  # web.access checks, after it knows who asks
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.url_map.converters["int"] = RecordId
    app.extensions["radiopharm"] = make_runtime(settings, clock)
    observe(app)
    csrf = CSRFProtect(app)
    web.register(app, csrf)
    app.before_request(_refuse_nul)
    api.register(app)
    cli.register(app)
    app.register_error_handler(HTTPException, _http_error)
    app.after_request(_protect)
    if settings.https:
        app.after_request(_stay_on_https)
        _stand_behind_proxy(app)
    return app


def _stand_behind_proxy(app: Flask) -> None:
    """One proxy ends TLS and says who called, by which name and how."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]


def _refuse_nul() -> None:
    """No text of ours holds a NUL, and PostgreSQL keeps none; JSON is read by its own decoder."""
    boxes = [*request.args.items(multi=True)]
    if not request.path.startswith("/api/"):
        boxes += request.form.items(multi=True)
    if "\0" in request.path or any("\0" in text for _, text in boxes):
        raise BadRequest("A NUL character was sent.")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    room = api.problems if request.path.startswith("/api/") else web.errors
    return room.answer(error)


def _stay_on_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = TWO_YEARS_OF_HTTPS
    return response


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    return response
