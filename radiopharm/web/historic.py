"""Old registers: what is entered of them, a form for a line, and the upload of a whole one."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from radiopharm.core.historic import NOT_RECORDED
from radiopharm.core.refusals import Invalid
from radiopharm.schemas import page_keys
from radiopharm.schemas.historic import COLUMNS, HistoricSchema, Register, RegisterSchema
from radiopharm.services import historic as service
from radiopharm.store import historic
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("historic", __name__)
PAGE = 50


@bp.get("/waste/historic")
def show() -> str:
    """What old registers say, the newest entry first."""
    return _page(Form())


@bp.post("/waste/historic")
def enter() -> Any:
    """Enter a line."""
    typed = request.form.to_dict()
    return _do(typed, lambda: forms.load(HistoricSchema(), typed))


@bp.post("/waste/historic/registers")
def upload() -> Any:
    """Enter a whole register from a CSV file."""
    typed = request.form.to_dict()
    sent = request.files.get("csv")
    text = sent.read().decode("utf-8", errors="replace") if sent else ""
    return _do(typed, lambda: forms.load(RegisterSchema(), {**typed, "csv": text}))


def _do(typed: Mapping[str, str], read: Callable[[], Register]) -> Any:
    def work(act: Act) -> dict[str, Any]:
        entered = service.enter(act, register.entries, register.reason, first=register.first)
        return {"entered": entered}

    try:
        register = read()
        count = access.act(work).answer["entered"]
    except (Unreadable, Invalid) as why:
        return _page(forms.refused(typed, why)), 422
    flash(f"Entered {count} line{'' if count == 1 else 's'}, stamped historic.", "ok")
    return redirect(url_for("historic.show"), 303)


def _page(form: Form) -> str:
    (after,) = asked_key(request.args, page_keys.number) or (0,)
    with access.runtime().reading() as db:
        rows, more = historic.page(db, access.actor().site.id, after, PAGE)
    return render_template(
        "waste/historic.html",
        form=form,
        entries=[(row, historic.entry(row)) for row in rows],
        columns=",".join(COLUMNS),
        not_recorded=NOT_RECORDED,
        next_url=next_url("historic.show", (rows[-1].id,) if more else None),
    )
