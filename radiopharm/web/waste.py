"""Waste: the list of containers, a container's page, and what is done to it there."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core.actions import Action
from radiopharm.core.containers import ContainerKind
from radiopharm.core.decay_views import suspected
from radiopharm.core.refusals import Invalid
from radiopharm.documents.labels import ContainerLabel, container_label
from radiopharm.schemas import page_keys
from radiopharm.schemas.waste import (
    MeasureContainerSchema,
    MoveContainerSchema,
    OpenContainerSchema,
    PutItemSchema,
    ReopenContainerSchema,
    SealContainerSchema,
)
from radiopharm.services import containers, waste, waste_due
from radiopharm.services.waste_due import narrowed
from radiopharm.store import accounts, waste_lists
from radiopharm.store.acts import Act
from radiopharm.store.waste_lists import HERE, Filters
from radiopharm.web import access, downloads, forms, submitting
from radiopharm.web.asked import asked_key, next_url
from radiopharm.web.container_page import show_container
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("waste", __name__)
PAGE = 50
UNTICKED = {"unshielded": "no", "most_sensitive_scale": "no", "labels_defaced": "no"}


@bp.get("/waste")
def show() -> str:
    """Containers with what is in them now, when they may leave and what stands in the way."""
    return _list(Form())


@bp.post("/waste")
def open_container() -> Any:
    """Open a container."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        command = forms.load(OpenContainerSchema(), typed)
        scheme = access.runtime().container_numbers
        return {"id": waste.open_container(act, command, scheme)}

    try:
        container_id = access.act(work).answer["id"]
    except (Unreadable, Invalid) as why:
        return _list(forms.refused(typed, why)), 422
    flash("The container is open. Print its label now.", "ok")
    return redirect(url_for("waste.container", container_id=container_id), 303)


@bp.get("/waste/<int:container_id>")
def container(container_id: int) -> str:
    """A container now or at a chosen instant."""
    return show_container(container_id, request.args.get("act", ""), Form())


@bp.post("/waste/<int:container_id>/items")
def put_in(container_id: int) -> Any:
    """Put something in."""
    return do(container_id, "fill", PutItemSchema(), waste.put_in, "It is in the container.")


@bp.post("/waste/<int:container_id>/seal")
def seal(container_id: int) -> Any:
    """Close the container for good."""
    return do(container_id, "seal", SealContainerSchema(), waste.seal, "Sealed. Measure it now.")


@bp.post("/waste/<int:container_id>/reopen")
def reopen(container_id: int) -> Any:
    """Open the container again, with a reason."""
    schema, said = ReopenContainerSchema(), "It is open again. Seal and measure it anew."
    return do(container_id, "reopen", schema, waste.reopen, said)


@bp.post("/waste/<int:container_id>/move")
def move(container_id: int) -> Any:
    """Put the container somewhere else."""

    def change(act: Act, number: int, command: Mapping[str, Any]) -> None:
        waste.move(act, number, **command)

    return do(container_id, "move", MoveContainerSchema(), change, "Moved.")


@bp.post("/waste/<int:container_id>/measurements")
def measure(container_id: int) -> Any:
    """Record a reading."""
    schema = MeasureContainerSchema()
    return do(container_id, "measure", schema, waste.measure, "The reading is recorded.")


@bp.get("/waste/<int:container_id>/label.pdf")
def label(container_id: int) -> Response:
    """The container's label, its printing in the audit."""
    made: list[bytes] = []

    def work(act: Act) -> dict[str, Any]:
        made.append(_label(act, container_id))
        act.record(Action.DOCUMENT_PRINTED, f"container:{container_id}", document="label")
        return {}

    access.runtime().act(work, actor=access.actor(), now=g.now)
    return downloads.opened(made[-1], f"W-{container_id:06d}.pdf")


def do(
    container_id: int,
    act_name: str,
    schema: Schema,
    change: Callable[[Act, int, Any], object],
    said: str,
    *,
    before: Callable[[Any], Any] = lambda command: command,
) -> Any:
    """Do one act of the container's page, or show the page again with what was typed and why.

    *before* makes the command ready for the act, outside its lock.
    """
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        change(act, container_id, command)
        return {}

    try:
        command = before(forms.load(schema, {**UNTICKED, **typed}))
        access.act(work)
    except submitting.NOT_DONE as why:
        return submitting.answer(partial(show_container, container_id, act_name), typed, why)
    flash(said, "ok")
    return redirect(url_for("waste.container", container_id=container_id), 303)


def _list(form: Form) -> str:
    asked = request.args.get("state", "")
    blocked_by = request.args.get("blocked_by") or None
    states, due = narrowed(asked, blocked_by, HERE)
    runtime, actor = access.runtime(), access.actor()
    (after,) = asked_key(request.args, page_keys.number) or (0,)
    with runtime.reading() as db:
        nuclides = waste_lists.nuclides(db, actor.site.id)
        seen, following = containers.page(
            db,
            runtime.reference,
            actor.site,
            g.now,
            filters=Filters(nuclide=request.args.get("nuclide") or None, states=states),
            due=due,
            blocked_by=blocked_by,
            after=after,
            size=PAGE,
        )
        standing = waste_due.standing(db, runtime.reference, actor.site, g.now)
    return render_template(
        "waste/list.html",
        form=form,
        asked=Form(request.args),
        seen=seen,
        suspected=suspected(seen, runtime.reference.default_nuclear_data),
        standing=standing,
        kinds=[(str(kind), str(kind).capitalize()) for kind in ContainerKind],
        nuclides=nuclides,
        next_url=next_url("waste.show", (following,) if following else None),
    )


def _label(act: Act, container_id: int) -> bytes:
    site_id = act.actor.site.id
    seen = containers.look(act.db, act.reference, site_id, container_id, act.now)
    found = seen.container
    responsible = found.seal.actor_id if found.seal else found.opened_by
    return container_label(
        ContainerLabel(
            code=found.code,
            name=found.number or f"{str(found.kind).capitalize()}, {found.nuclide}",
            contents=tuple(seen.contents_bq.items()),
            contents_at=act.now,
            sealed_at=found.seal.at if found.seal else None,
            release_from_at=seen.check.earliest_at,
            responsible=accounts.names(act.db, [responsible]).get(responsible, ""),
            zone=site_zone(),
            printed_at=act.now,
        )
    )
