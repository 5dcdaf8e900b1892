"""The audit trail: who did what, when and why, and the proof that nothing was changed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from radiopharm.core.actions import Action
from radiopharm.documents.tables import csv_table
from radiopharm.schemas import page_keys
from radiopharm.schemas.audits import AuditQuery, filters, subject_of
from radiopharm.services import audits
from radiopharm.services.audits import Recorded
from radiopharm.store import audit_trail, seals
from radiopharm.store.acts import Act
from radiopharm.store.audit import SYSTEM
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("audit", __name__)
PAGE = 50
VIEWS = (
    ("", "Everything"),
    ("voids", "Voids"),
    ("late", "Late entries"),
    ("failed-sign-ins", "Failed sign-ins"),
    ("refusals", "Refusals of access"),
    ("identity", "Looks at identities"),
    ("taken-out", "Exports and prints"),
    ("accounts", "Accounts"),
)
HEADINGS = ("Number", "At", "Who", "Via", "From", "What", "About", "Reason", "Facts", "Hash")


@bp.get("/audit")
def show() -> tuple[str, int]:
    """A page of the trail, newest first."""
    try:
        asked = _asked()
    except Unreadable as unreadable:
        return _page(unreadable.form, {}, [], None), 422
    before = asked_key(request.args, page_keys.number)
    with access.runtime().reading() as db:
        found, following = audits.search(
            db, _stream(asked), filters(asked), before[0] if before else None, PAGE
        )
    more = next_url("audit.show", (following,) if following else None)
    return _page(Form(request.args), asked, found, more), 200


@bp.get("/audit/export.csv")
def export() -> Any:
    """Everything that the filters find as CSV; the export is an event of the trail itself."""
    try:
        asked = _asked()
    except Unreadable as unreadable:
        return _page(unreadable.form, {}, [], None), 422
    found: list[Recorded] = []

    def work(act: Act) -> dict[str, Any]:
        said = {name: str(value) for name, value in asked.items()}
        found.extend(audits.export(act, _stream(asked), filters(asked), said))
        return {}

    access.act(work)
    body = csv_table(HEADINGS, map(_row, found), bom=True)
    name = f"audit-{g.now:%Y%m%dT%H%M%SZ}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="text/csv", headers=headers)


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


def _stream(asked: Mapping[str, Any]) -> str:
    return SYSTEM if asked.get("stream") == SYSTEM else access.actor().site.stream


def _page(form: Form, asked: Mapping[str, Any], found: list[Recorded], more: str | None) -> str:
    with access.runtime().reading() as db:
        head = audit_trail.head(db, _stream(asked))
        checked = audit_trail.last_checked(db, audits.JOB)
        seal, places = seals.newest(db).get(_stream(asked)), seals.places(db)
    kept = {name: text for name, text in request.args.items() if name != "after"}
    return render_template(
        "audit/show.html",
        form=form,
        events=found,
        head=head,
        checked=checked,
        seal=seal,
        places=places,
        view=asked.get("view", ""),
        views=VIEWS,
        kept=kept,
        actions=[str(action) for action in Action],
        next_url=more,
        export_url=url_for("audit.export", **kept) if found else None,
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
        it.said.get("via"),
        it.said.get("from"),
        it.action,
        " ".join(it.subjects),
        it.reason,
        facts,
        it.hash,
    ]
