"""Today's list: what may leave now, by nuclide, ticked and released in one act of signing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.checking import ContainerAt
from radiopharm.core.refusals import Conflict, Invalid, NotFound
from radiopharm.core.releasing import ReleaseTogether
from radiopharm.schemas.leaving import ReleasesTicketSchema, TogetherFormSchema
from radiopharm.services import containers, day_account
from radiopharm.services import releasing_together as service
from radiopharm.services.waste_due import Due
from radiopharm.store.acts import Act
from radiopharm.store.waste_lists import HERE, Filters
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("releasing_together", __name__)
MOST = 100


@bp.get("/waste/today")
def show() -> str:
    """What may be released now, by nuclide; `tick` names a nuclide that begins ticked."""
    return _page(Form())


@bp.post("/waste/today")
def release() -> Any:
    """Release what is ticked; say what stayed and why."""
    typed = _typed()

    def work(act: Act) -> dict[str, Any]:
        done = service.release_together(act, command)
        left = ", ".join(seen.container.code for seen in done.ready)
        return {"left": left, "stayed": [why.message for why in done.reasons]}

    try:
        command = _proved(forms.load(TogetherFormSchema(), typed))
        answer = access.act(work).answer
    except submitting.NOT_DONE as why:
        return submitting.answer(_page, typed, why)
    flash(f"Released: {answer['left']}.", "ok")
    for why in answer["stayed"]:
        flash(f"Not released. {why}", "stop")
    return redirect(url_for("releasing_together.show"), 303)


@bp.post("/waste/today/statement")
def statement() -> str:
    """What would be signed now of what is ticked, with new tickets."""
    return render_template("waste/statements.html", offers=_offers(_typed()))


def _typed() -> dict[str, str]:
    """The form, each tick (`container` is "id:sequence") as a line of its list."""
    typed = {name: text for name, text in request.form.to_dict().items() if name != "container"}
    for number, tick in enumerate(request.form.getlist("container")):
        container_id, _, sequence = tick.partition(":")
        typed[f"containers.{number}.id"] = container_id
        typed[f"containers.{number}.after_sequence"] = sequence
    return {"labels_defaced": "no", **typed}


def _proved(command: ReleaseTogether) -> ReleaseTogether:
    releaser = access.proved(command.releaser) if command.releaser else None
    return replace(command, signature=access.proved(command.signature), releaser=releaser)


def _offers(typed: Mapping[str, str]) -> dict[str, Offer]:
    runtime, actor = access.runtime(), access.actor()
    has_releaser = bool(typed.get("releaser.username", "").strip())
    try:
        command = forms.load(ReleasesTicketSchema(), typed)["command"]
        with runtime.reading() as db:
            found = service.judge(db, runtime.reference, actor, command, g.now, has_releaser=True)
    except (Unreadable, Invalid, NotFound):
        return {}
    if not found.ready:
        return {}
    what = (found.ready, command.outgoing, actor)
    offers = {"signature": offer(service.statement(*what))}
    if has_releaser:
        offers["releaser"] = offer(service.statement(*what, service.CARRIED_OUT))
    return offers


def _page(form: Form, refusals: tuple[Any, ...] = (), conflict: Conflict | None = None) -> str:
    runtime, actor = access.runtime(), access.actor()
    filters = Filters(states=HERE)
    with runtime.reading() as db:
        seen, _following = containers.page(
            db,
            runtime.reference,
            actor.site,
            g.now,
            filters=filters,
            due=Due.RELEASABLE,
            size=MOST,
        )
        day = day_account.today(db, runtime.reference, actor.site, g.now)
    ticked = {tick.partition(":")[0] for tick in request.form.getlist("container")}
    return render_template(
        "waste/today.html",
        form=form,
        refusals=refusals,
        conflict=conflict,
        groups=_groups(seen),
        day=day,
        ticked={int(each) for each in ticked if each.isdecimal()},
        tick=request.args.get("tick", ""),
        two_people=any(each.rules.two_people for each in seen),
        offers=_offers(_typed()),
    )


def _groups(seen: Iterable[ContainerAt]) -> list[tuple[str, list[ContainerAt], Counter[str]]]:
    """The containers by nuclide, in the order of its name, with the becquerels in all of them."""

    def nuclide(each: ContainerAt) -> str:
        return each.container.nuclide

    groups = groupby(sorted(seen, key=nuclide), key=nuclide)
    return [(name, found, _together(found)) for name, each in groups for found in [list(each)]]


def _together(found: Iterable[ContainerAt]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in found:
        total.update(each.check.contents_bq)
    return total
