"""One thing into several containers: the page, the parts as its percents are typed, and the act."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.containers import Source
from radiopharm.core.filling import PutItem
from radiopharm.core.refusals import Conflict, Invalid, NotFound, Refusal
from radiopharm.core.splitting import Share, Split
from radiopharm.schemas.splitting import ShareSchema, SplitSchema
from radiopharm.schemas.waste import PutItemSchema
from radiopharm.services import splitting
from radiopharm.services.splitting import Considered
from radiopharm.store import Connection, vials, waste_lists
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("splitting", __name__)
LINES = range(4)
DIGITS = 12
SOURCE = ("source", "vial_id", "dispensing_id", "residue_id")


@bp.get("/waste/split")
def show() -> str:
    """What is to be divided, and a line for each container; nothing is typed yet."""
    return _page(Form(request.args.to_dict()))


@bp.get("/waste/split/parts")
def parts() -> str:
    """What each container would get as it is typed, or what is in the way."""
    return render_template("splitting/parts.html", found=_considered(_typed(request.args)))


@bp.post("/waste/split")
def split() -> Any:
    """Put it in, or with `look` only show the parts: the page works so without script."""
    typed = _typed(request.form)
    if typed.pop("look", ""):
        return _page(Form(typed))

    def work(act: Act) -> dict[str, Any]:
        return {"id": splitting.split(act, command)}

    try:
        command = forms.load(SplitSchema(), typed)
        access.act(work)
    except submitting.NOT_DONE as why:
        return submitting.answer(_page, typed, why)
    flash("It is divided among the containers, to the becquerel.", "ok")
    return redirect(url_for("waste.container", container_id=command.shares[0].container_id), 303)


def _typed(sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent, its filled lines moved up over empty ones."""
    return forms.closed_up(dict(sent.items()), "shares")


def _page(form: Form, refusals: tuple[Refusal, ...] = (), conflict: Conflict | None = None) -> str:
    typed = {name: form.value(name) for name in form.names}
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        named = _named(db, typed)
        whole = Split(item=_item(named), shares=())
        now = splitting.consider(db, runtime.reference, actor, whole, g.now)
        bags = waste_lists.open_for(db, actor.site.id, now.origin.nuclide, g.now)
        labels = waste_lists.labels(db, bags)
    return render_template(
        "splitting/page.html",
        form=form,
        named=named,
        now=now,
        found=_considered({**typed, **named}),
        bags=[(str(number), label) for number, label in labels.items()],
        lines=LINES,
        refusals=refusals,
        conflict=conflict,
    )


def _considered(typed: Mapping[str, str]) -> Considered | None:
    """The split as far as it is typed; None where what was typed cannot be read."""
    runtime, actor = access.runtime(), access.actor()
    try:
        command = Split(item=forms.load(PutItemSchema(), typed), shares=_shares(typed))
        with runtime.reading() as db:
            return splitting.consider(db, runtime.reference, actor, command, g.now)
    except (Unreadable, Invalid, NotFound, Conflict):
        return None


def _shares(typed: Mapping[str, str]) -> tuple[Share, ...]:
    """The lines that are filled; raises `Unreadable` of a percent that is no plain number.

    A line with one box still empty is left out, as somebody is typing it.
    """
    lines = [each for each in forms.join(typed)[0].get("shares", []) if isinstance(each, dict)]
    schema, found = ShareSchema(), []
    for line in lines:
        wrong = schema.validate(line)
        if line.get("percent") and "percent" in wrong:
            raise Unreadable(Form(typed))
        if not wrong:
            found.append(schema.load(line))
    return tuple(found)


def _named(db: Connection, typed: Mapping[str, str]) -> dict[str, str]:
    """The boxes that say what is divided; a vial as its book stands now. Raises `NotFound`."""
    named = {name: typed[name] for name in SOURCE if typed.get(name)}
    if named.get("source") == Source.VIAL:
        vial_id = named.get("vial_id", "")
        if not vial_id.isdecimal() or len(vial_id) > DIGITS:
            raise NotFound("vial")
        vial = vials.get(db, access.actor().site.id, int(vial_id))
        named["after_sequence"] = str(vial.ledger.sequence)
    return named


def _item(named: Mapping[str, str]) -> PutItem:
    """All of it, now; raises `NotFound` where the address names nothing that can be divided."""
    try:
        found: PutItem = forms.load(PutItemSchema(), named)
    except Unreadable as wrong:
        raise NotFound("source") from wrong
    return found
