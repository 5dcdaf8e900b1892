"""A site's rules: the pack its safety officer chooses and signs, and its licence's conditions."""

from datetime import datetime

from radiopharm.core import waste_statements as statements
from radiopharm.core.actions import Action
from radiopharm.core.checking import RulesInForce
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.rule_packs import ChooseRulePack, RulePack, editions_at, exempt_activities
from radiopharm.core.signing import Statement
from radiopharm.core.site_figures import with_site_figures
from radiopharm.core.waste import LicenceCondition
from radiopharm.services import signatures
from radiopharm.store import Connection, rule_packs, site_figures
from radiopharm.store.acts import Act

MEANING = "I choose this rule pack for this site"


def in_force(
    db: Connection, reference: Reference, site_id: int, at: datetime, asked: str | None = None
) -> RulesInForce:
    """The rules at *at*: the pack *asked* for by code, else the site's choice, if it has made one.

    It is the edition in force at that instant, its gaps filled by what the site has entered;
    `Invalid` when there is none of that code.
    """
    chosen = rule_packs.choice(db, site_id, at)
    code = asked or (chosen.pack if chosen else None)
    pack = pack_in_force(reference, code, at) if code else None
    figures = site_figures.in_force(db, site_id, at)
    return RulesInForce(
        pack=with_site_figures(pack, figures) if pack else None,
        conditions=tuple(rule_packs.conditions(db, site_id, at)),
        signers=(chosen.signers if chosen else None) or 1,
        exempt=exempt_activities(reference.rule_packs, pack, at) if pack else None,
    )


def choose(act: Act, command: ChooseRulePack) -> int:
    """Write a signed choice, in force from now on; what was released before stands as it was."""
    pack = pack_in_force(act.reference, command.pack, act.now)
    signing = command.signature
    meaning = signatures.meaning_of(signing, MEANING)
    said = statement(pack, command.reason, command.signers, meaning)
    signature_id = signatures.sign(act, said, signing, roles=signatures.OFFICER)
    old = rule_packs.choice(act.db, act.actor.site.id, act.now)
    choice_id = rule_packs.add_choice(
        act.db,
        site_id=act.actor.site.id,
        pack=pack.code,
        from_at=act.now,
        recorded_at=act.now,
        actor_id=act.actor.id,
        reason=command.reason,
        signature_id=signature_id,
        signers=command.signers,
    )
    act.record(
        Action.RULE_PACK_CHOSEN,
        f"pack:{pack.code}",
        reason=command.reason,
        pack=pack.code,
        edition=pack.edition,
        signers=command.signers,
        signature=signatures.audited(act.db, signature_id),
        old={"pack": old and old.pack, "signers": (old and old.signers) or 1},
    )
    return choice_id


def pack_in_force(reference: Reference, code: str, at: datetime) -> RulePack:
    """The pack of that code in force at an instant; else `Invalid`."""
    there = {pack.code: pack for pack in editions_at(reference.rule_packs, at)}
    if code not in there:
        said = f"Choose one in force then: {', '.join(there)}."
        raise Invalid([Refusal(code="unknown_pack", field="pack", message=said)])
    return there[code]


def statement(pack: RulePack, reason: str, signers: int, meaning: str = MEANING) -> Statement:
    """What is signed of a choice."""
    return statements.of_rules(pack, reason, signers, meaning=meaning)


def enter_condition(act: Act, condition: LicenceCondition, from_at: datetime | None) -> int:
    """Write a condition of the site's licence; one of the same number replaces it from then on."""
    if broken := _unknown(condition, act.reference.default_nuclear_data):
        raise Invalid(broken)

    condition_id = rule_packs.add_condition(
        act.db,
        condition,
        site_id=act.actor.site.id,
        from_at=from_at or act.now,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    act.record(
        Action.LICENCE_CONDITION_ENTERED,
        f"condition:{condition_id}",
        number=condition.number,
        nuclides=sorted(condition.nuclides),
        wording=condition.text,
        hold=f"{condition.hold:f} {condition.hold_unit}",
        from_at=from_at or act.now,
    )
    return condition_id


def _unknown(condition: LicenceCondition, data: NuclearData) -> list[Refusal]:
    return [
        Refusal(
            code="unknown_nuclide",
            field="nuclides",
            message=f"{data.name} has no data for {symbol}.",
        )
        for symbol in sorted(condition.nuclides - data.nuclides.keys())
    ]
