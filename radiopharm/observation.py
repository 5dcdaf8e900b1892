"""What is observed of each request: an id, one line in the log, one count and one duration.

A route is named by its template, so that no number and no name of a record reaches log or metrics.
"""

import os
import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter("radiopharm_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("radiopharm_request_seconds", "Time to answer a request.", ["route"])
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger("radiopharm.requests")


def observe(app: Flask) -> None:
    """Observe the requests of *app*; to be called before anything else asks to see them."""
    app.before_request(_begin)
    app.after_request(_end)


def exposition() -> bytes:
    """The counts of all workers in Prometheus' text form."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    g.began = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    if "began" not in g:  # refused before it began: the session could not be read
        return response
    seconds = perf_counter() - g.began
    known = request.url_rule is not None
    route = str(request.url_rule) if known else "none"
    method = request.method if known else "any"
    REQUESTS.labels(method, route, response.status_code).inc()
    SECONDS.labels(route).observe(seconds)
    if request.endpoint != "static":
        _log(method, route, response.status_code, seconds)
    response.headers["X-Request-Id"] = g.request_id
    return response


def _log(method: str, route: str, status: int, seconds: float) -> None:
    person = g.get("person")
    log.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        user=person.id if person else None,
    )
