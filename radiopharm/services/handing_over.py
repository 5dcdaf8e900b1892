"""Hand a dose to a second person to read: the first has signed, and their reading stands.

Nothing is drawn and no signature is written yet: that is done with the dose, once both agree. The
audit keeps the first reading from before the second was taken.
"""

from dataclasses import replace

from radiopharm.core import dispensing_rules as rules
from radiopharm.core.actions import Action
from radiopharm.core.dispensing import Situation
from radiopharm.core.refusals import Refused
from radiopharm.core.signing import Signing
from radiopharm.services import dispensing, signatures
from radiopharm.store.acts import Act


def hand_over(act: Act, found: Situation, signing: Signing) -> None:
    """Judge the dose and its first signature as a dispensing does; raises as that one."""
    situation = replace(found, has_second_reading=True)
    dispensing.require_unmoved(situation)
    if broken := rules.refusals(situation):
        raise Refused(broken)
    meaning = signatures.meaning_of(signing, dispensing.MEANING)
    said = dispensing.statement(situation, meaning, act.actor)
    signer = signatures.judged(act, said, signing, roles=dispensing.SIGNERS, pin_allowed=True)
    _record(act, situation, signer.username)


def _record(act: Act, situation: Situation, signer: str) -> None:
    first = situation.measured
    act.record(
        Action.SECOND_READING_ASKED,
        f"directive:{situation.directive.id}",
        *(f"vial:{source.vial.id}" for source in situation.sources),
        first={
            "reading": first.text,
            "at": first.at,
            "instrument": first.instrument_id,
            "by": signer,
        },
    )
