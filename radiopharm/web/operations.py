"""The first page, the scanner's one door, and whether the process is well."""

import re
from ipaddress import ip_address
from typing import Any

import structlog
from flask import Blueprint, Response, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from radiopharm.core.people import is_badge
from radiopharm.core.refusals import Forbidden
from radiopharm.observation import exposition
from radiopharm.schemas.patients import is_reference
from radiopharm.services import oversight
from radiopharm.store import durability
from radiopharm.web import door
from radiopharm.web.access import may, runtime

log = structlog.get_logger("radiopharm")
bp = Blueprint("operations", __name__)
FIRST_PAGES = ("today.show", "stock.show", "waste.show", "accounts.show", "calculator.show")
PAGES = {
    "V": ("vials.show", "vial_id"),
    "D": ("doses.show", "dose_id"),
    "W": ("waste.container", "container_id"),
    "R": ("directives.show", "directive_id"),
}
CODE = re.compile(r"([A-Z])-0*(\d{1,12})", re.ASCII)


@bp.get("/")
def home() -> Redirect:
    """The page a role begins its day with."""
    return redirect(url_for(next(page for page in FIRST_PAGES if may(page))))


@bp.get("/scan")
def scan() -> Redirect:
    """Wherever a scanned code leads; an unknown one is said so, never guessed."""
    code = request.args.get("code", "").strip().upper()
    if is_badge(code):
        return door.lock_and_ask({"who": code, "switch": "yes"})
    page, values = page_of(code)
    if not may(page):
        flash("That code is not known here. Nothing was done.", "stop")
        return redirect(url_for("operations.home"))
    return redirect(url_for(page, **values, _anchor="act"))  # where Enter does what comes next


def page_of(code: str) -> tuple[str, dict[str, Any]]:
    """The page a code belongs to, and what it is asked by; empty for what is no code."""
    if is_reference(code):
        return "patients.show", {"reference": code}
    match = CODE.fullmatch(code)
    page, name = PAGES.get(match[1], ("", "")) if match else ("", "")
    return page, {name: int(match[2])} if match else {}


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """The database answers, is current, keeps what it is told, and its audit is sealed in time.

    What is wrong, the log says.
    """
    found = durability.faults(runtime().engine) or _unsealed()
    if found:
        log.error("not ready", faults=found)
    said, status = ("not ready\n", 503) if found else ("ready\n", 200)
    return Response(said, status, mimetype="text/plain")


def _unsealed() -> list[str]:
    with runtime().reading() as db:
        since = oversight.unsealed_since(db, g.now)
    return [f"The audit has not been sealed since {since}: is the scheduler up?"] if since else []


@bp.get("/metrics")
def metrics() -> Response:
    """Counts for Prometheus: for a scraper on this machine, an administrator or an auditor."""
    person = g.person
    if not (_is_local_scraper() or (person and person.has("admin", "auditor"))):
        raise Forbidden
    return Response(exposition(), mimetype="text/plain")


def _is_local_scraper() -> bool:
    is_forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not is_forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback
