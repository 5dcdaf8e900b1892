"""Enter when the site's licence ends, signed; what that does to each record, retention computes."""

from radiopharm.core import licence_ends as rules
from radiopharm.core.actions import Action
from radiopharm.core.licence_ends import EnterLicenceEnd, LicenceEnd
from radiopharm.core.people import Site
from radiopharm.core.refusals import Refused
from radiopharm.core.signing import Statement
from radiopharm.services import signatures
from radiopharm.store import Connection, licence_ends
from radiopharm.store.acts import Act


def statement(
    db: Connection, site: Site, entry: LicenceEnd, meaning: str = rules.MEANING
) -> Statement:
    """What would be signed now; raises `Refused` where it says nothing new."""
    before = licence_ends.of_site(db, site.id)
    standing = before[0].ended_on if before else None
    if broken := rules.refusals(entry, standing):
        raise Refused(broken)
    return rules.statement(entry, site, standing, len(before) + 1, meaning)


def enter(act: Act, command: EnterLicenceEnd) -> int:
    """Write when the licence ends, with the safety officer's signature under it; or `Refused`."""
    site, entry = act.actor.site, command.entry
    before = licence_ends.ended_on(act.db, site.id)
    meaning = signatures.meaning_of(command.signature, rules.MEANING)
    said = statement(act.db, site, entry, meaning)
    signature_id = signatures.sign(act, said, command.signature, roles=signatures.OFFICER)
    entry_id = licence_ends.add(act.db, site.id, entry, signature_id, act.now)
    act.record(
        Action.LICENCE_END_ENTERED,
        f"site:{site.id}",
        reason=entry.reason,
        ended_on=entry.ended_on,
        source=entry.source,
        signature=signatures.audited(act.db, signature_id),
        old={"ended_on": before},
    )
    return entry_id
