"""The second person's own page: they read the dose and its vials, and see nothing of the first.

It is made from the directive alone; what the first person typed and signed waits on the server
(web/handed_over.py). Only after both have signed do the two readings stand side by side.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from radiopharm.core import second_check as rules
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.refusals import Conflict, Forbidden, Invalid, Refused
from radiopharm.core.second_check import Check, ReadingsDiffer, Second
from radiopharm.schemas.second_reading import OwnReadingSchema, UnsignedReadingSchema
from radiopharm.services import second_checks
from radiopharm.services.accounts import WrongSecret
from radiopharm.store import accounts, directives, instruments
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, handed_over
from radiopharm.web.dispensing_form import Typed, wrong_secret
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.handed_over import HandedOver
from radiopharm.web.offers import Offer, offer

bp = Blueprint("second_reading", __name__)
MEASURED = ("measured_", "reading_id", "instrument_id")
NOT_AS_SIGNED = "The dose can no longer be dispensed as the first person signed it. Hand it back."


@bp.get("/dispense/second/<int:directive_id>")
def show(directive_id: int) -> Any:
    """The empty page."""
    if handed_over.find(directive_id) is None:
        return _over(directive_id)
    now = g.now.astimezone(site_zone())
    at = {"date": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}", "zone": site_zone().key}
    typed = {f"second.measured_at_{part}": text for part, text in at.items()}
    return _page(directive_id, Form(typed, focus="second.vial_codes"))


@bp.post("/dispense/second/<int:directive_id>/statement")
def statement(directive_id: int) -> str:
    """What the second person would sign of what is typed so far."""
    offered = _offer(handed_over.find(directive_id), request.form.to_dict())
    return render_template("second_reading/statement.html", offer=offered)


@bp.post("/dispense/second/<int:directive_id>/back")
def give_back(directive_id: int) -> Any:
    """Back to the first person's page, with what they typed and without their signature."""
    return redirect(handed_over.give_back(directive_id), 303)


@bp.post("/dispense/second/<int:directive_id>")
def submit(directive_id: int) -> Any:
    """Compare both readings: dispensed when they agree, both kept and nothing done when not."""
    typed, handed = request.form.to_dict(), handed_over.find(directive_id)
    if handed is None:
        return _over(directive_id)
    try:
        dose_id = _dispense(handed, forms.load(OwnReadingSchema(), typed)["second"])
    except Unreadable as unreadable:
        return _page(directive_id, unreadable.form), 422
    except ReadingsDiffer as differ:
        return _apart(directive_id, handed, differ), 409
    except (Invalid, Refused) as refused:
        return _page(directive_id, _own(typed, refused)), 409
    except Conflict as conflict:
        told = Conflict(conflict.code, conflict.message)  # its facts may be the first person's text
        return _page(directive_id, Form(typed), told), 409
    except WrongSecret as wrong:
        return _page(directive_id, _wrong(typed, handed, wrong)), 403
    except Forbidden:
        return _page(directive_id, Form(typed, {"": [NOT_AS_SIGNED]})), 403
    handed_over.drop(directive_id)
    flash("Both readings agree. Dispensed; print the labels for syringe and shield.", "ok")
    return redirect(url_for("doses.show", dose_id=dose_id), 303)


def _dispense(handed: HandedOver, given: Second) -> int:
    second = access.proved_second(given)

    def work(act: Act) -> dict[str, Any]:
        return {"id": handed.write(act, second)}

    return int(access.act(work).answer["id"])


def _own(typed: Typed, refused: Invalid | Refused) -> Form:
    """What is wrong with the second reading; of the first dose only that it stands no longer."""
    own = [each for each in refused.refusals if (each.field or "").startswith("second.")]
    return forms.again(typed, own) if own else Form(typed, {"": [NOT_AS_SIGNED]})


def _wrong(typed: Typed, handed: HandedOver, wrong: WrongSecret) -> Form:
    if wrong.username and wrong.username == handed.signing.username.lower():
        return Form(typed, {"": [NOT_AS_SIGNED]})
    return Form(typed, {"second.secret": [wrong_secret(wrong)]})


def _offer(handed: HandedOver | None, typed: Typed) -> Offer | None:
    """What is signed of a reading that can be one of this dose; nothing of the first is in it."""
    if handed is None:
        return None
    try:
        reading = forms.load(UnsignedReadingSchema(), typed)["second"]
    except Unreadable:
        return None
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        dose = handed.consider(db, runtime.reference, actor)
        meter = instruments.find(db, actor.site.id, reading.measured.instrument_id)
    check = Check(dose=dose, reading=reading, instrument=meter)
    if rules.refusals(check):
        return None
    return offer(second_checks.statement(check, second_checks.READ, actor))


def _page(directive_id: int, form: Form, conflict: Conflict | None = None) -> str:
    runtime, site_id = access.runtime(), access.actor().site.id
    typed = {name: form.value(name) for name in form.names}
    with runtime.reading() as db:
        directive = directives.get(db, site_id, directive_id)
        every = instruments.of_site(db, site_id, InstrumentKind.ACTIVITY_METER)
    return render_template(
        "second_reading/page.html",
        form=form,
        directive=directive,
        product=runtime.reference.products[directive.newest.product],
        meters=[(str(meter.id), meter.name) for meter in every if meter.retired_at is None],
        offer=_offer(handed_over.find(directive_id), typed),
        conflict=conflict,
    )


def _apart(directive_id: int, handed: HandedOver, differ: ReadingsDiffer) -> str:
    """Both readings side by side; the first page keeps what was typed, but for its reading."""
    back = handed_over.give_back(directive_id, without=MEASURED)
    check, runtime = differ.check, access.runtime()
    with runtime.reading() as db:
        names = [
            getattr(accounts.account(db, username), "display_name", username)
            for username in (handed.signing.username, differ.second_person)
        ]
    read = (check.dose.measured, check.reading.measured)
    meters = (check.dose.instrument, check.instrument)
    return render_template(
        "second_reading/apart.html",
        check=check,
        readings=list(zip(names, read, meters, strict=True)),
        refusal=differ.refusals[0],
        back=back,
    )


def _over(directive_id: int) -> Any:
    """There is nothing to read any more: back to the first person's page, which says so."""
    flash("Nothing waits for a second reading here. Sign the dose and hand it over again.", "warn")
    return redirect(handed_over.give_back(directive_id), 303)
