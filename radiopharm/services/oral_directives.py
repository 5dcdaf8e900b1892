"""A directive given by word of mouth: written down and signed by who heard it, owed within 48 h."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import directive_acts as rules
from radiopharm.core import statements
from radiopharm.core.actions import Action
from radiopharm.core.directive_acts import Telling, TellOrally
from radiopharm.core.directives import WRITTEN_WITHIN, Directive
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refused
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import directives, recalls, signatures
from radiopharm.store import Connection, directive_signatures
from radiopharm.store.acts import Act

MEANING = "Written down as given orally"
RECORDERS = ("technologist", "radiopharmacist", "physician")


def record(
    act: Act, directive_id: int, after_version: int, said: Mapping[str, Any], signing: Signing
) -> None:
    """Write that a physician gave the newest version orally; it may be dispensed at once."""
    directive = directives.unmoved(act.db, act.actor.site.id, directive_id, after_version)
    order = order_of(act.db, act.actor, said, act.now)
    meaning = signatures.meaning_of(signing, MEANING)
    words = statement(directive, order, act.reference, act.actor, meaning)
    signature_id = signatures.sign(act, words, signing, roles=RECORDERS, pin_allowed=True)
    recorder_id = directive_signatures.signer_of(act.db, signature_id)
    telling = Telling(order=order, directive=directive, recorder_id=recorder_id, now=act.now)
    if broken := rules.oral_refusals(telling):
        raise Refused(broken)
    directive_signatures.add_oral_order(act.db, directive_id, after_version, order, signature_id)
    act.record(
        Action.DIRECTIVE_GIVEN_ORALLY,
        *directives.subjects(directive_id, directive.patient),
        reason=order.reason,
        version=after_version,
        given_by=said["given_by"].strip().lower(),
        given_at=order.given_at,
        due_at=order.given_at + WRITTEN_WITHIN,
        signature_id=signature_id,
        signature=signatures.audited(act.db, signature_id),
        recalled=recalls.settle(act, directive_id),
    )


def order_of(db: Connection, actor: Person, said: Mapping[str, Any], at: datetime) -> TellOrally:
    """What was said, by whom; raises `Invalid` where that is no physician here."""
    return TellOrally(
        given_by=directives.physician(db, actor.site.id, said["given_by"], "given_by", at),
        given_at=said["given_at"],
        reason=said["reason"],
    )


def statement(
    directive: Directive,
    order: TellOrally,
    reference: Reference,
    actor: Person,
    meaning: str = MEANING,
) -> Statement:
    """What the recorder signs, for the page that shows it and for the act that signs it."""
    product = reference.products[directive.newest.product].name
    zone = ZoneInfo(actor.site.zone)
    return statements.of_oral(directive, product, order, meaning=meaning, zone=zone)
