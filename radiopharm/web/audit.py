"""The safety officer's desk: the trail searched, its state on top, what is shown taken out."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, render_template, request, url_for

from radiopharm.core.actions import Action
from radiopharm.core.audit_views import ALL, VIEWS
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.documents.tables import csv_table
from radiopharm.schemas import page_keys
from radiopharm.schemas.audits import AuditQuery, filters, subject_of
from radiopharm.schemas.instants import instant_out
from radiopharm.services import audits
from radiopharm.services.audits import Recorded
from radiopharm.store import Connection, audit_trail, seals
from radiopharm.store.acts import Act
from radiopharm.store.audit import SYSTEM
from radiopharm.store.audit_search import Filters
from radiopharm.web import access, downloads, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("audit", __name__)
PAGE = 50
KINDS = {"csv": "text/csv", "json": "application/json"}
HEADINGS = ("Number", "At", "Who", "Via", "From", "What", "About", "Reason", "Facts", "Hash")


@bp.get("/audit")
def show() -> tuple[str, int]:
    """A page of the trail, newest first."""
    try:
        asked = _asked()
        before = asked_key(request.args, page_keys.number)
        with access.runtime().reading() as db:
            wanted = _wanted(db, asked)
            found, following = audits.search(
                db, _stream(asked), wanted, before[0] if before else None, PAGE
            )
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(request.args.to_dict(), why), {}, [], None), 422
    more = next_url("audit.show", (following,) if following else None)
    return _page(Form(request.args), asked, found, more, wanted), 200


@bp.get("/audit/export.<kind>")
def export(kind: str) -> Any:
    """Everything that the filters find, as CSV or JSON; the export is an event of the trail."""
    if kind not in KINDS:
        abort(404)
    found: list[Recorded] = []

    def work(act: Act) -> dict[str, Any]:
        said = {name: str(value) for name, value in asked.items()}
        wanted = _wanted(act.db, asked)
        found.extend(audits.export(act, _stream(asked), wanted, said | {"format": kind}))
        return {}

    try:
        asked = _asked()
        access.act(work)
    except (Unreadable, Invalid, Refused) as why:
        return _page(forms.refused(request.args.to_dict(), why), {}, [], None), 422
    body = csv_table(HEADINGS, map(_row, found), bom=True) if kind == "csv" else _json(found)
    name = f"audit-{g.now:%Y%m%dT%H%M%SZ}.{kind}"
    return downloads.kept(body, name, KINDS[kind])


def _asked() -> Any:
    typed = request.args.to_dict()
    for stem in ("from", "to"):
        if typed.get(f"{stem}_date") and not typed.get(f"{stem}_time"):
            typed[f"{stem}_time"] = "00:00"
        typed.setdefault(f"{stem}_zone", site_zone().key)
    return forms.load(AuditQuery(), {**typed, **_subject(typed)})


def _subject(typed: Mapping[str, str]) -> dict[str, str]:
    """The subject that a scanned or typed code stands for."""
    code = typed.get("about", "").strip()
    if not code:
        return {}
    if (found := subject_of(code)) is None:
        said = "Write a code as it is on the label: V-000017, D-, W-, R- or P-."
        raise Unreadable(Form(typed, {"about": [said]}))
    return dict([found])


def _wanted(db: Connection, asked: Mapping[str, Any]) -> Filters:
    view, hours = VIEWS.get(asked.get("view", "")), access.runtime().working_hours
    return audits.viewed(db, filters(asked), view, access.actor().site, hours, g.now)


def _stream(asked: Mapping[str, Any]) -> str:
    return SYSTEM if asked.get("stream") == SYSTEM else access.actor().site.stream


def _page(
    form: Form,
    asked: Mapping[str, Any],
    found: list[Recorded],
    more: str | None,
    wanted: Filters | None = None,
) -> str:
    stream = _stream(asked)
    with access.runtime().reading() as db:
        head = audit_trail.head(db, stream)
        checked = audit_trail.last_checked(db, audits.JOB)
        seal, anchored = seals.newest(db).get(stream), seals.last_anchored(db, stream)
    kept = {name: text for name, text in request.args.items() if name != "after"}
    kinds = KINDS if found else ()
    return render_template(
        "audit/show.html",
        form=form,
        events=found,
        head=head,
        checked=checked,
        seal=seal,
        anchored=anchored,
        view=VIEWS.get(asked.get("view", "")),
        views=ALL,
        spans=wanted is not None and wanted.spans is not None,
        wanted=wanted,
        kept=kept,
        actions=[str(action) for action in Action],
        next_url=more,
        exports=[(kind.upper(), url_for("audit.export", kind=kind, **kept)) for kind in kinds],
    )


def _row(it: Recorded) -> list[Any]:
    facts = "; ".join(
        f"{name}: {new}" if old is None else f"{name}: {old} → {new}"
        for name, old, new in it.changes
    )
    return [
        it.number,
        it.at,
        it.actor,
        " · ".join(filter(None, (it.said.get("via"), it.said.get("emergency")))),
        it.said.get("from"),
        it.action,
        " ".join(it.subjects),
        it.reason,
        facts,
        it.hash,
    ]


def _json(found: list[Recorded]) -> bytes:
    """Each event as it was hashed, under its number and hash."""
    events = [
        {"number": it.number, "at": instant_out(it.at), "hash": it.hash, "event": it.said}
        for it in found
    ]
    return json.dumps(events, ensure_ascii=False, indent=1).encode()
