"""Dispense: the one screen from the signed directive to the dose."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core.instruments import Instrument, InstrumentKind
from radiopharm.core.patients import Patient
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, Refused
from radiopharm.schemas.dispensing import Dispensing
from radiopharm.services import dispensing as service
from radiopharm.services import handing_over, patients
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import Connection, doses, instruments, ledgers
from radiopharm.store.acts import Act
from radiopharm.web import (
    access,
    dispensing_form,
    drafts,
    forms,
    handed_over,
    presence,
    readings,
)
from radiopharm.web.bench import Bench
from radiopharm.web.dispensing_form import Typed
from radiopharm.web.dispensing_page import IN_PART, bench, offers, with_draws
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.operations import CODE

bp = Blueprint("dispensing", __name__)
PLANS = ("whole", IN_PART)
REASONS = (
    "Given later or earlier than planned",
    "Reading accepted by the physician",
    "The vial does not hold more",
    "Reduced dose as prescribed by word of mouth",
    "Drawn while the system was down",
    "Drawn in an emergency",
)


@bp.get("/dispense")
def show() -> str:
    """The plan of a directive's dose, from the vials in the address or those to be proposed."""
    typed = {
        "directive_id": request.args.get("directive_id", ""),
        "signature.username": access.actor().username,
    }
    for number, vial_id in enumerate(dict.fromkeys(request.args.getlist("vial_id"))):
        typed[f"draws.{number}.vial_id"] = vial_id
    chosen = "vial_id" in request.args
    kept = {} if chosen else drafts.kept("dispensing.show", typed["directive_id"])
    return _page({**typed, **kept}, propose=not kept)


@bp.post("/dispense/look")
def look() -> Any:
    """The same page with another vial scanned, taken or left out, or the volumes proposed anew;
    nothing is written and nothing typed is lost."""
    typed = request.form.to_dict()
    if typed.pop("forget", "") == "reading":
        typed.pop("reading_id", None)
        return _page(typed)
    named = dispensing_form.named(typed)
    scanned = typed.pop("scan", "").strip().upper()
    code = CODE.fullmatch(scanned)
    errors: dict[str, list[str]] = {}
    if scanned and (code is None or code[1] != "V"):
        errors["scan"] = [f"{scanned[:20]} is not the code of a vial. Scan the vial's own label."]
    taken = code[2] if code and not errors else typed.pop("take", "")
    if taken and typed.pop("proposed", ""):
        named = [taken]  # what was only proposed gives way to what a hand has chosen
    if typed.get("propose") in PLANS:
        typed["plan"] = typed["propose"]
    left = [each for each in dict.fromkeys([*named, taken]) if each not in ("", typed.get("drop"))]
    if left == dispensing_form.named(typed):
        return _page(typed, errors, propose="propose" in typed), 422 if errors else 200
    kept = {name: text for name, text in typed.items() if not name.startswith("draws.")}
    kept |= {f"draws.{number}.vial_id": vial_id for number, vial_id in enumerate(left)}
    return _page(kept, propose=True), 200


@bp.post("/dispense/reading")
def read_meter() -> Any:
    """Read the chosen meter over its line; the page comes back with what it said, or why not."""
    typed = request.form.to_dict()
    typed.pop("reading_id", None)
    chosen = typed.get("instrument_id", "")
    if not (chosen.isascii() and chosen.isdigit()):
        return _page(typed, {"instrument_id": ["Choose the meter to read."]}), 422
    try:
        reading_id = readings.take(int(chosen))
    except Conflict as conflict:
        return _page(typed, {"measured_activity": [conflict.message]}), 409
    return _page({**typed, "reading_id": str(reading_id)}, focus="signature.secret")


@bp.route("/dispense/figures", methods=["GET", "POST"])
def figures() -> str:
    """The plan, the verdict, the checklist and what is signed, while typing; reads no secret."""
    typed = dispensing_form.with_reason(request.values.to_dict())
    with access.runtime().reading() as db:
        shown = bench(db, typed)
    return render_template("dispensing/figures.html", bench=shown, offers=offers(shown), live=True)


@bp.post("/dispense")
def submit() -> Any:
    """Dispense; whatever stands in the way is said and everything typed comes back."""
    return _signed(request.form.to_dict(), _dispense)


@bp.post("/dispense/hand-over")
def hand_over() -> Any:
    """Sign, and let a colleague read the dose on a page that does not show what is typed here."""
    typed = {n: text for n, text in request.form.items() if not n.startswith("second.")}
    return _signed({**typed, "hands_over": "yes"}, _hand_over)


def _signed(typed: Typed, done: Callable[[Typed, Dispensing], str]) -> Any:
    try:
        address = done(typed, dispensing_form.ordered(typed))
    except (Unreadable, Invalid) as why:
        return _page(typed, forms.refused(typed, why).by_box), 422
    except Refused as refused:
        return _page(typed, forms.refused(typed, refused).by_box), 409
    except Conflict as conflict:
        return _page(typed, conflict=conflict), 409
    except WrongSecret as wrong:
        return _page(typed, _wrong_secret(typed, wrong)), 403
    except Forbidden:
        said = "This person's role does not include dispensing. Somebody else must sign."
        return _page(typed, {"signature.username": [said]}), 403
    return redirect(address, 303)


def _dispense(_typed: Typed, asked: Dispensing) -> str:
    signing = access.proved(asked.signing)
    second = access.proved_second(asked.second) if asked.second else None

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.dispense(act, asked.command, signing, second)}

    dose_id = access.act(work).answer["id"]
    flash("Dispensed. Print the labels for syringe and shield.", "ok")
    return url_for("doses.show", dose_id=dose_id)


def _hand_over(typed: Typed, asked: Dispensing) -> str:
    signing = access.proved(asked.signing)

    def work(act: Act) -> dict[str, Any]:
        found = service.consider(
            act.db, act.reference, act.actor, asked.command, act.now, has_second=True
        )
        handing_over.hand_over(act, found, signing)
        return {}

    access.act(work)
    handed_over.keep(asked.command.directive_id, typed, signing)
    return url_for("second_reading.show", directive_id=asked.command.directive_id)


def _wrong_secret(typed: Typed, wrong: WrongSecret) -> dict[str, list[str]]:
    second = typed.get("second.username", "").strip().lower()
    box = "second.secret" if second and wrong.username == second else "signature.secret"
    return {box: [dispensing_form.wrong_secret(wrong)]}


def _page(
    typed: Typed,
    errors: dict[str, list[str]] | None = None,
    *,
    propose: bool = False,
    conflict: Conflict | None = None,
    focus: str = "",
) -> str:
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        shown = bench(db, dispensing_form.with_reason(typed))
        is_proposed = not shown.wishes or "proposed" in typed
        if propose:
            errors = {"scan": shown.errors["draws"]} if "draws" in shown.errors else errors
            typed = with_draws(typed, shown.planned)
        every = instruments.of_site(db, actor.site.id, InstrumentKind.ACTIVITY_METER)
        meters = [meter for meter in every if meter.retired_at is None]
        typed = {**_usual(db, shown, meters), **typed}
        shown = bench(db, dispensing_form.with_reason(typed))
        shown_ids = [] if is_proposed else [source.vial.id for source in shown.planned]
        changes = {vial.id: ledgers.rows(db, vial.id) for vial in shown.moved}
    presence.note(shown_ids)
    reads = any(meter.line for meter in meters)
    focus = focus or ("scan" if is_proposed else "read" if reads else "measured_activity")
    return render_template(
        "dispensing/page.html",
        form=Form({**typed, **_seen(shown)}, errors, focus=focus),
        bench=shown,
        offers=offers(shown),
        proposed=is_proposed,
        conflict=conflict,
        changes=changes,
        patient=_patient(shown.directive.patient),
        meters=[(str(meter.id), meter.name) for meter in meters],
        meter_names={meter.id: meter.name for meter in every},
        reads=reads,
        reasons=REASONS,
    )


def _usual(db: Connection, shown: Bench, meters: list[Instrument]) -> Typed:
    """What stands in boxes that nobody has filled: the times planned and now, the meter of late."""
    at, now = shown.at.astimezone(site_zone()), g.now.astimezone(site_zone())
    last = doses.last_instrument_id(db, access.actor().site.id) if len(meters) > 1 else None
    only = meters[0].id if len(meters) == 1 else last
    return {
        "administer_at_date": f"{at:%Y-%m-%d}",
        "administer_at_time": f"{at:%H:%M}",
        "administer_at_zone": site_zone().key,
        "measured_at_date": f"{now:%Y-%m-%d}",
        "measured_at_time": f"{now:%H:%M}",
        "measured_at_zone": site_zone().key,
        "instrument_id": str(only or ""),
    }


def _seen(shown: Bench) -> Typed:
    """Each vial's newest entry, which the person who looks at this page has now seen."""
    return {
        f"draws.{number}.after_sequence": str(source.vial.ledger.sequence)
        for number, source in enumerate(shown.planned)
    }


def _patient(reference: str) -> Patient | None:
    """The identity behind the reference for those who treat; each look at it is recorded."""
    if not access.may("patients.show"):
        return None
    found: list[Patient] = []

    def work(act: Act) -> dict[str, Any]:
        found.append(patients.see(act, reference))
        return {}

    access.runtime().act(work, actor=access.actor(), now=g.now)
    return found[-1]
