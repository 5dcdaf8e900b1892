"""An instrument's page: how it stands, the form for a check, its trend, how it is judged."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from radiopharm.core import check_rules
from radiopharm.core import instrument_checks as rules
from radiopharm.core.check_plans import AGAINST, CheckKind
from radiopharm.core.instruments import Instrument
from radiopharm.core.refusals import Conflict, Invalid, NotFound
from radiopharm.documents.check_charts import check_trend
from radiopharm.schemas.instrument_checks import RecordCheckSchema, SetCheckPlanSchema
from radiopharm.services import instrument_checks as service
from radiopharm.store import Connection, instrument_checks, instruments
from radiopharm.store.acts import Act
from radiopharm.web import access, check_form, forms, readings
from radiopharm.web.asked import asked_look
from radiopharm.web.check_trends import trend_of
from radiopharm.web.forms import Form, Unreadable

bp = Blueprint("instrument_checks", __name__)


@bp.get("/instruments/<int:instrument_id>")
def show(instrument_id: int) -> str:
    """An instrument by one kind of check: the form, the trend, the checks made."""
    return check_form.page(instrument_id, _kind())


@bp.post("/instruments/<int:instrument_id>/checks")
def record(instrument_id: int) -> Any:
    """Record a check; the page of the check says what was found."""
    typed = check_form.closed_up(request.form)

    def work(act: Act) -> dict[str, Any]:
        command = forms.load(RecordCheckSchema(), {**typed, "instrument_id": str(instrument_id)})
        return {"id": service.record(act, command)}

    try:
        check_id = access.act(work).answer["id"]
    except (Unreadable, Invalid) as why:
        return check_form.page(instrument_id, _kind(), forms.refused(typed, why)), 422
    return redirect(url_for("checks.show", check_id=check_id), 303)


@bp.post("/instruments/<int:instrument_id>/checks/reading")
def read_meter(instrument_id: int) -> Any:
    """Read the meter for one line of a check, or `forget` what it said; the page comes back so."""
    typed = request.form.to_dict()
    if number := typed.pop("forget", ""):
        typed.pop(f"readings.{number}.reading_id", None)
        return check_form.page(instrument_id, _kind(), Form(typed))
    line = f"readings.{typed.pop('read', '')}."
    try:
        reading_id = readings.take(instrument_id)
    except Conflict as why:
        form = Form(typed, {f"{line}measured_activity": [why.message]})
        return check_form.page(instrument_id, _kind(), form), 409
    kept = {name: text for name, text in typed.items() if not name.startswith(f"{line}measured_")}
    form = Form({**kept, f"{line}reading_id": str(reading_id)})
    return check_form.page(instrument_id, _kind(), form)


@bp.get("/instruments/<int:instrument_id>/checks/figures")
def figures(instrument_id: int) -> str:
    """What a check would find as far as it is typed; nothing is written."""
    typed = {**check_form.closed_up(request.args), "instrument_id": str(instrument_id)}
    found, verdict = (), ""
    reference, site = access.runtime().reference, access.actor().site
    try:
        command = forms.load(RecordCheckSchema(), typed)
        with access.runtime().reading() as db:
            _meter(db, instrument_id)
            taken = service.consider(db, reference, site, command, g.now)
        if not check_rules.refusals(taken):
            found = rules.points(taken)
            verdict = rules.VERDICTS[rules.passes(command.kind, found, taken.plan)]
    except (Unreadable, Invalid):
        pass  # what is wrong is said when it is sent
    return render_template(
        "instrument_checks/figures.html",
        points=found,
        verdict=verdict,
        kind=_kind(),
        against=str(AGAINST[_kind()]),
        difference_text=rules.difference_text,
    )


@bp.post("/instruments/<int:instrument_id>/check-plans")
def set_plan(instrument_id: int) -> Any:
    """Set how a kind of check is judged from now on."""
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        command = forms.load(SetCheckPlanSchema(), check_form.plan_typed(typed))
        return {"id": service.set_plan(act, instrument_id, command)}

    try:
        access.act(work)
    except (Unreadable, Invalid) as why:
        form = check_form.plan_again(typed, why)
        return check_form.page(instrument_id, _kind(), planning=form), 422
    flash("It is judged so from now on. Checks made before stay as they were judged.", "ok")
    address = url_for("instrument_checks.show", instrument_id=instrument_id, kind=_kind())
    return redirect(address, 303)


@bp.get("/instruments/<int:instrument_id>/trend.svg")
def trend(instrument_id: int) -> Response:
    """The differences of one kind of check over time, for a light page or a dark one."""
    theme, width = asked_look()
    with access.runtime().reading() as db:
        meter = _meter(db, instrument_id)
        made = instrument_checks.of_instrument(db, instrument_id, check_form.MOST, _kind())
        drawn = trend_of(db, meter, _kind(), made)
    if drawn is None:
        raise NotFound("trend")
    return Response(check_trend(drawn, theme, width=width), mimetype="image/svg+xml")


def _meter(db: Connection, instrument_id: int) -> Instrument:
    found = instruments.find(db, access.actor().site.id, instrument_id)
    if found is None:
        raise NotFound("instrument")
    return found


def _kind() -> CheckKind:
    """The kind of check that the page is of: constancy, unless another is asked for."""
    asked = request.values.get("kind", "")
    return CheckKind(asked) if asked in set(CheckKind) else CheckKind.CONSTANCY
