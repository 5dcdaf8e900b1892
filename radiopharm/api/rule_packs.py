"""A site's rules by JSON: choosing a pack, entering a licence condition."""

from dataclasses import replace
from typing import Any

from flask import g

from radiopharm.api import rule_pack_schemas as schemas
from radiopharm.api.access import act, proved, runtime
from radiopharm.api.signature_shapes import TicketOut, offer, signed
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.rule_packs import ChooseRulePack
from radiopharm.schemas.instants import instant_out
from radiopharm.schemas.rule_packs import (
    ChooseRulePackSchema,
    Entered,
    LicenceConditionSchema,
    RulePackTicketSchema,
)
from radiopharm.services import rule_packs
from radiopharm.store import rule_packs as store
from radiopharm.store import signatures
from radiopharm.store.acts import Act

blp = JsonBlueprint("rules", "", "The rules a site releases its waste by.")


@blp.post("/rule-pack-choices")
@blp.arguments(ChooseRulePackSchema)
@blp.response(201, schemas.ChoiceOut)
def choose(command: ChooseRulePack) -> dict[str, Any]:
    """Choose and sign the rule pack of the site; past releases stay as they were."""
    with_proof = replace(command, signature=proved(command.signature))

    def work(act: Act) -> dict[str, Any]:
        choice_id = rule_packs.choose(act, with_proof)
        newest = store.choices(act.db, act.actor.site.id)[0]
        return {
            "id": choice_id,
            "pack": command.pack,
            "signers": command.signers,
            "from_at": instant_out(act.now),
            "reason": command.reason,
            "signature": signed(signatures.get(act.db, newest.signature_id)),
        }

    return act(work, key_required=True).answer


@blp.post("/rule-pack-choices/sign-ticket")
@blp.arguments(RulePackTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: dict[str, Any]) -> dict[str, Any]:
    """The text of a choice about to be signed, and a ticket for exactly that."""
    pack = rule_packs.pack_in_force(runtime().reference, asked["pack"], g.now)
    meaning = asked["meaning"] or rule_packs.MEANING
    return offer(rule_packs.statement(pack, asked["reason"], asked["signers"], meaning))


@blp.post("/licence-conditions")
@blp.arguments(LicenceConditionSchema)
@blp.response(201, schemas.ConditionOut)
def enter_condition(entered: Entered) -> dict[str, Any]:
    """Enter a condition of the site's licence; one of the same number is replaced from then on."""
    condition = entered.condition

    def work(act: Act) -> dict[str, Any]:
        return {
            "id": rule_packs.enter_condition(act, condition, entered.from_at),
            "number": condition.number,
            "wording": condition.text,
            "nuclides": sorted(condition.nuclides),
            "hold": f"{condition.hold:f}",
            "hold_in": condition.hold_unit,
            "from_at": instant_out(entered.from_at or g.now),
        }

    return act(work, key_required=True).answer
