"""What may be destroyed and when: for the safety officer, who destroys; the program never does."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.retention import DecideRetention, RecordClass
from radiopharm.schemas import page_keys
from radiopharm.schemas.retention import DecideRetentionSchema
from radiopharm.services import retention as service
from radiopharm.store import retention as store
from radiopharm.store.acts import Act
from radiopharm.web import access, days, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("retention", __name__)
PAGE = 50


@bp.get("/retention")
def show() -> str:
    """Records of a class, each with the earliest day it may be destroyed and what governs it."""
    return _page(Form())


@bp.post("/retention")
def decide() -> Any:
    """Decide how long a class of record is kept."""
    try:
        command: DecideRetention = forms.load(DecideRetentionSchema(), request.form.to_dict())
        access.act(lambda act: _decide(act, command))
    except Unreadable as unreadable:
        return _page(unreadable.form), 422
    flash("Decided. Rules that ask for longer still hold.", "ok")
    return redirect(url_for("retention.show", record_class=str(command.record_class)), 303)


def _decide(act: Act, command: DecideRetention) -> dict[str, Any]:
    return {"id": service.decide(act, command)}


def _page(form: Form) -> str:
    runtime, site = access.runtime(), access.actor().site
    asked = request.args.get("record_class", "")
    chosen = RecordClass(asked) if asked in set(RecordClass) else RecordClass.DOSAGE
    (after,) = asked_key(request.args, page_keys.number) or (0,)
    with runtime.reading() as db:
        found, following = service.page(
            db, runtime.reference, site, chosen, g.now, after=after, size=PAGE
        )
        decisions = store.decisions(db, site.id)
        holding = service.jurisdictions(db, runtime.reference, site.id, g.now)
    return render_template(
        "retention/page.html",
        form=form,
        asked=Form({"record_class": str(chosen)}),
        chosen=str(chosen),
        found=found,
        decisions=decisions,
        rules=[rule for rule in runtime.reference.retention if rule.jurisdiction in holding],
        classes=[(str(each), str(each).capitalize()) for each in RecordClass],
        today=days.day_of(g.now),
        next_url=next_url("retention.show", (following,) if following else None),
    )
