"""A pharmacist's signature beside the physician's, under the same version by another person."""

from zoneinfo import ZoneInfo

from radiopharm.core import directive_acts as rules
from radiopharm.core import statements
from radiopharm.core.actions import Action
from radiopharm.core.directives import Directive
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import directives, signatures
from radiopharm.store import directive_signatures
from radiopharm.store.acts import Act

MEANING = "Verified against the prescription"
VERIFIERS = ("radiopharmacist",)


def verify(act: Act, directive_id: int, after_version: int, signing: Signing) -> None:
    """Sign that the newest version, which must be the one shown, was verified.

    Raises `Invalid` for the physician who signed it: nobody verifies their own prescription.
    """
    directive = directives.unmoved(act.db, act.actor.site.id, directive_id, after_version)
    if broken := rules.verify_refusals(directive):
        raise Refused(broken)
    meaning = signatures.meaning_of(signing, MEANING)
    said = statement(directive, act.reference, act.actor, meaning)
    signature_id = signatures.sign(act, said, signing, roles=VERIFIERS, pin_allowed=True)
    _require_another(act, directive, signature_id)
    directive_signatures.add_verification(act.db, directive_id, after_version, signature_id)
    act.record(
        Action.DIRECTIVE_VERIFIED,
        *directives.subjects(directive_id, directive.patient),
        version=after_version,
        signer=signing.username.strip().lower(),
        signature_id=signature_id,
        signature=signatures.audited(act.db, signature_id),
    )


def statement(
    directive: Directive, reference: Reference, actor: Person, meaning: str = MEANING
) -> Statement:
    """What the pharmacist signs, for the page that shows it and for the act that signs it."""
    product = reference.products[directive.newest.product].name
    zone = ZoneInfo(actor.site.zone)
    return statements.of_verification(directive, product, meaning=meaning, zone=zone)


def _require_another(act: Act, directive: Directive, signature_id: int) -> None:
    signed = directive.newest.signature
    verifier = directive_signatures.signer_of(act.db, signature_id)
    if signed and signatures.is_one_person(act.db, verifier, signed.signer_id):
        message = "Whoever signed the prescription cannot verify it. Ask a colleague."
        refusal = Refusal(code="verifier", field="signature.username", message=message)
        raise Invalid([refusal])
