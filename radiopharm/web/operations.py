"""The first page, the scanner's one door, and whether the process is well."""

import re

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from radiopharm.store import migrations
from radiopharm.web.access import may, runtime

bp = Blueprint("operations", __name__)
FIRST_PAGES = ("today.show", "stock.show", "waste.show", "accounts.show", "calculator.show")
PAGES = {"V": ("vials.show", "vial_id")}
CODE = re.compile(r"\s*([A-Z])-0*(\d{1,12})\s*", re.IGNORECASE)


@bp.get("/")
def home() -> Redirect:
    """The page a role begins its day with."""
    return redirect(url_for(next(page for page in FIRST_PAGES if may(page))))


@bp.get("/scan")
def scan() -> Redirect:
    """Wherever a scanned code leads; an unknown one is said so, never guessed."""
    match = CODE.fullmatch(request.args.get("code", ""))
    page, name = PAGES.get(match[1].upper(), ("", "")) if match else ("", "")
    if match is None or not may(page):
        flash("That code is not known here. Nothing was done.", "stop")
        return redirect(url_for("operations.home"))
    return redirect(url_for(page, **{name: int(match[2])}))


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """The database answers and has the schema this program expects."""
    ready = migrations.current(runtime().engine) == migrations.newest()
    said, status = ("ready\n", 200) if ready else ("schema is not current\n", 503)
    return Response(said, status, mimetype="text/plain")
