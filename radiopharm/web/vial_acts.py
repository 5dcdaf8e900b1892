"""What is done to a vial beside receiving and dispensing: one small page for each act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.refusals import Conflict, Invalid, Refused
from radiopharm.core.stock import VialAt
from radiopharm.schemas import corrections as taking
from radiopharm.schemas import happenings as happening
from radiopharm.services import (
    assays,
    corrections,
    discarding,
    happenings,
    ledgers,
    stock,
    vial_transfers,
)
from radiopharm.store import Connection, instruments, waste_lists
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, readings
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("vial_acts", __name__)
MEASURED = ("measured_", "instrument_id")
Perform = Callable[[Act, int, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class VialAct:
    """An act with its own page: the verb of its button, what it reads, what is said after it."""

    name: str
    verb: str
    schema: type[Schema]
    perform: Perform
    said: str


def _discard(act: Act, vial_id: int, command: Any) -> None:
    discarding.discard(act, vial_id, *command)


def _assay(act: Act, vial_id: int, command: Any) -> str:
    because: str = assays.assay(act, vial_id, command)["not_posted_because"]
    return f"The reading is kept and moves nothing: {because}" if because else ""


def _of(
    name: str, verb: str, schema: type[Schema], said: str, perform: Perform = happenings.happen
) -> VialAct:
    return VialAct(name=name, verb=verb, schema=schema, perform=perform, said=said)


ACTS = (
    _of("quarantine", "Quarantine", happening.QuarantineSchema, "Quarantined: not to be used."),
    _of("release", "Release", happening.ReleaseSchema, "Released from quarantine."),
    _of("open", "Open", happening.OpenSchema, "Opened."),
    _of("thaw", "Thaw", happening.ThawSchema, "Thawed."),
    _of("move", "Move", happening.MoveSchema, "Moved."),
    _of("allocate", "Keep for", happening.AllocateSchema, "Noted for whom it is kept."),
    _of("assay", "Assay", taking.AssaySchema, "The book follows the reading.", _assay),
    _of("dilute", "Dilute", taking.DiluteSchema, "Diluted.", corrections.take),
    _of("transfer", "Transfer", taking.TransferSchema, "Transferred.", vial_transfers.transfer),
    _of("discard", "Discard", taking.DiscardSchema, "Discarded.", _discard),
)


def _register(it: VialAct) -> None:
    path = f"/vials/<int:vial_id>/{it.name}"
    bp.add_url_rule(path, it.name, lambda vial_id: _page(it, vial_id, Form()), methods=["GET"])
    bp.add_url_rule(
        path, f"{it.name}_submit", lambda vial_id: _submit(it, vial_id), methods=["POST"]
    )


for _act in ACTS:
    _register(_act)


@bp.post("/vials/<int:vial_id>/assay/reading")
def read_meter(vial_id: int) -> Any:
    """Read the chosen meter for an assay, or `forget` what it said; the page comes back so."""
    typed = request.form.to_dict()
    assay = next(act for act in ACTS if act.name == "assay")
    if typed.pop("forget", ""):
        typed.pop("reading_id", None)
        return _page(assay, vial_id, Form(typed))
    try:
        reading_id = readings.take_with(typed.get("instrument_id", ""))
    except Conflict as conflict:
        return _page(assay, vial_id, Form(typed, {"measured_activity": [conflict.message]})), 409
    kept = {name: text for name, text in typed.items() if not name.startswith(MEASURED)}
    return _page(assay, vial_id, Form({**kept, "reading_id": str(reading_id)}))


@bp.get("/vials/<int:vial_id>/entries/<int:sequence>/reversal")
def reverse(vial_id: int, sequence: int) -> str:
    """Say why an entry is undone."""
    return _page(_reversal(sequence), vial_id, Form())


@bp.post("/vials/<int:vial_id>/entries/<int:sequence>/reversal")
def reverse_submit(vial_id: int, sequence: int) -> Any:
    """Undo it."""
    return _submit(_reversal(sequence), vial_id)


def _reversal(sequence: int) -> VialAct:
    def perform(act: Act, vial_id: int, command: Any) -> None:
        ledgers.reverse(act, vial_id, sequence, command["after_sequence"], command["reason"])

    said = f"Entry {sequence} is undone."
    return _of("reversal", f"Undo entry {sequence}", taking.AfterSequenceSchema, said, perform)


def _submit(it: VialAct, vial_id: int) -> Any:
    typed = request.form.to_dict()
    outcome: list[Any] = []

    def work(act: Act) -> dict[str, Any]:
        outcome.append(it.perform(act, vial_id, forms.load(it.schema(), typed)))
        return {}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        return _page(it, vial_id, forms.refused(typed, why)), 422
    except Refused as refused:
        return _page(it, vial_id, forms.refused(typed, refused)), 409
    except Conflict as conflict:
        return _page(it, vial_id, _moved_on(typed, conflict)), 409
    aside = outcome[-1] if outcome and isinstance(outcome[-1], str) else ""
    flash(aside or it.said, "info" if aside else "ok")
    return redirect(url_for("vials.show", vial_id=vial_id), 303)


def _moved_on(typed: dict[str, str], conflict: Conflict) -> Form:
    """The form again, what was typed kept, to be sent for the vial as it stands now."""
    kept = {name: value for name, value in typed.items() if name != "after_sequence"}
    return Form(kept, {"": [conflict.message]})


def _page(it: VialAct, vial_id: int, form: Form) -> str:
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        seen = stock.look(db, runtime.reference, site.id, vial_id, g.now, g.now)
        choices = _choices(db, seen)
    taken = readings.named(form)
    return render_template("vials/act.html", act=it, form=form, seen=seen, taken=taken, **choices)


def _choices(db: Connection, seen: VialAt) -> dict[str, Any]:
    """What an act lets its author choose from."""
    site_id = seen.vial.site_id
    meters = instruments.of_site(db, site_id, InstrumentKind.ACTIVITY_METER)
    containers = waste_lists.open_for(db, site_id, seen.vial.nuclide, g.now)
    return {
        "reads": any(it.line for it in meters if it.retired_at is None),
        "meters": [(str(it.id), it.name) for it in meters if it.retired_at is None],
        "containers": [(str(number), f"W-{number:06d}") for number in containers],
    }
