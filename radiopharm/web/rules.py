"""The rules a site releases its waste by: the packs with their sources, the choice, conditions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import Schema

from radiopharm.core.refusals import Conflict, Invalid
from radiopharm.core.rule_packs import editions_at
from radiopharm.schemas.rule_packs import (
    ChooseRulePackSchema,
    Entered,
    LicenceConditionSchema,
    RulePackTicketSchema,
)
from radiopharm.services import rule_packs as service
from radiopharm.store import rule_packs, signatures
from radiopharm.store.acts import Act
from radiopharm.web import access, forms, submitting
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.offers import Offer, offer

bp = Blueprint("rules", __name__)


@bp.get("/rule-packs")
def show() -> str:
    """Every pack with every figure and its source, and what the site has chosen."""
    return _page(Form())


@bp.post("/rule-packs")
def choose() -> Any:
    """Choose and sign the site's pack."""
    schema, said = ChooseRulePackSchema(), "The pack is chosen."
    return _do(schema, service.choose, said, before=access.with_proof)


@bp.post("/rule-packs/statement")
def statement() -> str:
    """What would be signed now of the choice as typed, with a new ticket."""
    return render_template("waste/statement.html", offer=_offer())


@bp.post("/licence-conditions")
def enter_condition() -> Any:
    """Enter a condition of the licence."""

    def enter(act: Act, entered: Entered) -> int:
        return service.enter_condition(act, entered.condition, entered.from_at)

    return _do(LicenceConditionSchema(), enter, "The condition is entered.")


def _do(
    schema: Schema,
    change: Callable[[Act, Any], int],
    said: str,
    *,
    before: Callable[[Any], Any] = lambda command: command,
) -> Any:
    typed = request.form.to_dict()

    def work(act: Act) -> dict[str, Any]:
        return {"id": change(act, command)}

    try:
        command = before(forms.load(schema, typed))
        access.act(work)
    except submitting.NOT_ENTERED as why:
        return submitting.answer(_page, typed, why)
    flash(said, "ok")
    return redirect(url_for("rules.show"), 303)


def _offer() -> Offer | None:
    try:
        asked = forms.load(RulePackTicketSchema(), request.form)
        pack = service.pack_in_force(access.runtime().reference, asked["pack"], g.now)
        return offer(service.statement(pack, asked["reason"], asked["signers"]))
    except (Unreadable, Invalid):
        return None


def _page(form: Form, conflict: Conflict | None = None) -> str:
    runtime, site_id = access.runtime(), access.actor().site.id
    with runtime.reading() as db:
        choices = rule_packs.choices(db, site_id)
        signed = signatures.by_ids(db, [choice.signature_id for choice in choices])
        conditions = rule_packs.conditions(db, site_id, g.now)
        chosen = rule_packs.chosen(db, site_id, g.now)
    there = editions_at(runtime.reference.rule_packs, g.now)
    packs = sorted(there, key=lambda pack: pack.code != chosen)  # the site's own first
    return render_template(
        "rules/page.html",
        form=form,
        offer=_offer(),
        conflict=conflict,
        packs=packs,
        options=[(pack.code, pack.name) for pack in packs],
        chosen=chosen,
        choices=choices,
        signed=signed,
        conditions=conditions,
    )
