"""What stands open: every flag of the site, and saying that one was seen to."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.flags import SEEN_TO, FlagKind
from radiopharm.core.refusals import Refused
from radiopharm.schemas import page_keys
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.services import seeing_to
from radiopharm.store import Connection, flags, instruments, surveys
from radiopharm.store.acts import Act
from radiopharm.web import access, forms
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("flags", __name__)
PAGE = 50
WHERE = {
    "vial": ("vials.show", "vial_id", "V"),
    "dose": ("doses.show", "dose_id", "D"),
    "container": ("waste.container", "container_id", "W"),
    "directive": ("directives.show", "directive_id", "R"),
    "room": ("surveys.room", "room_id", "room"),
    "instrument": ("instrument_checks.show", "instrument_id", "instrument"),
    "check": ("checks.show", "check_id", "Check"),
    "envelope": ("accounts.show", "", "Envelope"),
    "site": ("audit.show", "", ""),
    "store": ("waste_balances.show", "", ""),
}


@bp.get("/flags")
def index() -> str:
    """Open flags, newest first, of every kind or of one."""
    asked = request.args.get("kind", "")
    kind = FlagKind(asked) if asked in set(FlagKind) else None
    after = asked_key(request.args, page_keys.number)
    with access.runtime().reading() as db:
        rows = flags.page(db, access.actor().site.id, after[0] if after else None, PAGE, kind)
        names = _names(db)
    shown = rows[:PAGE]
    return render_template(
        "flags/list.html",
        form=Form(request.args),
        flags=shown,
        kinds=[(str(each), _words(each)) for each in FlagKind],
        where=WHERE,
        names=names,
        seen_to=SEEN_TO,
        next_url=next_url("flags.index", (shown[-1].id,) if len(rows) > PAGE else None),
    )


@bp.get("/flags/<int:flag_id>")
def show(flag_id: int) -> str:
    """One flag, and the form that says it was seen to."""
    return _page(flag_id, Form())


@bp.post("/flags/<int:flag_id>")
def see_to(flag_id: int) -> Any:
    """Say that what it stands for was seen to."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        seeing_to.see_to(act, flag_id, forms.load(ReasonSchema(), typed)["reason"])
        return {}

    try:
        access.act(work)
    except Unreadable as unreadable:
        return _page(flag_id, unreadable.form), 422
    except Refused as refused:
        return _page(flag_id, forms.refused(typed, refused)), 409
    flash("Noted that it was seen to.", "ok")
    return redirect(url_for("flags.index"), 303)


def _page(flag_id: int, form: Form) -> str:
    with access.runtime().reading() as db:
        flag = flags.get(db, access.actor().site.id, flag_id)
        names = _names(db)
    kind = FlagKind(flag.kind)
    return render_template(
        "flags/page.html",
        flag=flag,
        form=form,
        where=WHERE,
        names=names,
        waits=kind in SEEN_TO,
        at=g.now,
    )


def _names(db: Connection) -> dict[str, dict[int, str]]:
    """What rooms and instruments are called: they have no code of their own."""
    site_id = access.actor().site.id
    return {
        "room": {room.id: room.name for room in surveys.of_site(db, site_id)},
        "instrument": {it.id: it.name for it in instruments.of_site(db, site_id)},
    }


def _words(kind: FlagKind) -> str:
    return str(kind).replace("_", " ").capitalize()
