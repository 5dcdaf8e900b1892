"""Area surveys: what is due in which room, a room's own page, and the form of the meter's hand."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from radiopharm.core.actions import Action
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.core.surveys import REACHES, UNITS, Plan, Reading, Survey, SurveyKind
from radiopharm.documents.tables import Cell
from radiopharm.schemas.dispensing import ReasonSchema
from radiopharm.schemas.surveys import AddRoomSchema, RecordSurveySchema, SetPlanSchema
from radiopharm.services import survey_flags
from radiopharm.services import surveys as service
from radiopharm.store import instruments, surveys
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads, forms
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("surveys", __name__)
MOST = 100


@bp.get("/surveys")
def show() -> str:
    """Every room with what is due next, the overdue and the open ones first."""
    return _list(Form())


@bp.post("/surveys")
def add_room() -> Any:
    """Add a room."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.add_room(act, forms.load(AddRoomSchema(), typed)["name"])}

    try:
        room_id = access.act(work).answer["id"]
    except (Unreadable, Invalid) as why:
        return _list(forms.refused(typed, why)), 422
    flash("The room is in the list. Say how it is surveyed.", "ok")
    return redirect(url_for("surveys.room", room_id=room_id, act="plan"), 303)


@bp.get("/surveys/rooms/<int:room_id>")
def room(room_id: int) -> str:
    """A room: how it stands, the form for a survey, and every survey made."""
    local = g.now.astimezone(site_zone())
    fresh = {"surveyed_at_date": f"{local:%Y-%m-%d}", "surveyed_at_time": f"{local:%H:%M}"}
    return _room(room_id, request.args.get("act", ""), Form(fresh))


@bp.post("/surveys/rooms/<int:room_id>")
def record(room_id: int) -> Any:
    """Record a survey."""

    def work(act: Act, typed: dict[str, str]) -> None:
        service.record(act, forms.load(RecordSurveySchema(), typed))

    return _do(room_id, request.form.get("kind", ""), work, "The survey is on record.")


@bp.post("/surveys/rooms/<int:room_id>/plan")
def set_plan(room_id: int) -> Any:
    """Set how the room is surveyed from now on."""

    def work(act: Act, typed: dict[str, str]) -> None:
        service.set_plan(act, room_id, forms.load(SetPlanSchema(), typed))

    return _do(room_id, "plan", work, "The room is surveyed so from now on.")


@bp.post("/surveys/rooms/<int:room_id>/void/<int:survey_id>")
def void(room_id: int, survey_id: int) -> Any:
    """Say that a survey does not count."""

    def work(act: Act, typed: dict[str, str]) -> None:
        service.void(act, survey_id, forms.load(ReasonSchema(), typed)["reason"])

    return _do(room_id, "void", work, "It is struck through and counts no more.")


@bp.get("/surveys.csv")
def export() -> Response:
    """Every survey of the site, a line a reading; that it was taken is audited."""
    site = access.actor().site
    with access.runtime().reading() as db:
        rooms = surveys.of_site(db, site.id)
        plans = {plan.id: plan for plan in surveys.plans(db, [each.id for each in rooms])}
        made = [
            it for found in surveys.of_rooms(db, [r.id for r in rooms]).values() for it in found
        ]
        read = surveys.readings(db, [each.id for each in made])
    names = {each.id: each.name for each in rooms}
    lines = [
        _cells(names[it.room_id], plans[it.plan_id], it, reading)
        for it in made
        for reading in read[it.id]
    ]

    def work(act: Act) -> dict[str, Any]:
        act.record(Action.EXPORTED, export="surveys", rows=len(lines))
        return {}

    access.act(work)
    return downloads.table(HEADINGS, lines, f"surveys-{g.now:%Y%m%dT%H%MZ}.csv")


HEADINGS = (
    "Survey",
    "Room",
    "Kind",
    "Surveyed",
    "Point",
    "Reading",
    "Background",
    "Unit",
    "Action level",
    "Over",
    "Decontamination",
    "Meter",
    "By",
    "Void",
)


def _cells(room: str, plan: Plan, it: Survey, reading: Reading) -> tuple[Cell, ...]:
    return (
        it.id,
        room,
        _words(it.kind),
        it.surveyed_at,
        reading.point,
        reading.reading,
        it.background,
        plan.unit,
        plan.level_text,
        "over" if reading.is_over else "",
        it.decontamination,
        it.instrument,
        it.by,
        it.voided.reason if it.voided else "",
    )


def _do(
    room_id: int, act_name: str, change: Callable[[Act, dict[str, str]], None], said: str
) -> Any:
    """Do one act of the room's page, or show the page again with what was typed and why."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        change(act, typed)
        return {}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        return _room(room_id, act_name, forms.refused(typed, why)), 422
    except Refused as refused:
        return _room(room_id, act_name, forms.refused(typed, refused)), 409
    flash(said, "ok")
    return redirect(url_for("surveys.room", room_id=room_id), 303)


def _list(form: Form) -> str:
    site = access.actor().site
    with access.runtime().reading() as db:
        names = {room.id: room.name for room in surveys.of_site(db, site.id)}
        found = survey_flags.standings(db, site)
    standings = sorted(
        found.values(),
        key=lambda it: (it.deviation is None, it.overdue_at or it.plan.recorded_at),
    )
    planned = {room_id for room_id, _ in found}
    return render_template(
        "surveys/list.html",
        form=form,
        standings=standings,
        names=names,
        unplanned=[(number, name) for number, name in names.items() if number not in planned],
        words=_words,
        now=g.now,
    )


def _room(room_id: int, act_name: str, form: Form) -> str:
    site = access.actor().site
    with access.runtime().reading() as db:
        shown = surveys.room(db, site.id, room_id)
        found = survey_flags.standings(db, site)
        plans = {plan.id: plan for plan in surveys.plans(db, [room_id])}
        made = [it for each in surveys.of_rooms(db, [room_id]).values() for it in each][:MOST]
        read = surveys.readings(db, [each.id for each in made])
        meters = instruments.of_site(db, site.id, InstrumentKind.SURVEY_METER)
    made.sort(key=lambda it: (it.surveyed_at, it.id), reverse=True)
    return render_template(
        "surveys/room.html",
        room=shown,
        act=act_name,
        form=form,
        standings=[it for (number, _), it in sorted(found.items()) if number == room_id],
        surveys=made,
        readings=read,
        plans=plans,
        kinds=[(str(kind), _words(kind)) for kind in SurveyKind],
        units=[unit for units in UNITS.values() for unit in units],
        operators=[(sign, sign.replace(">=", "≥")) for sign in REACHES],
        meters=[(str(it.id), it.name) for it in meters if it.retired_at is None],
        words=_words,
        now=g.now,
    )


def _words(kind: SurveyKind) -> str:
    return {SurveyKind.DOSE_RATE: "Dose rate", SurveyKind.WIPE: "Surface wipe"}[kind]
