"""A container leaves against the rules, once: the derogator's act, with a safety officer beside."""

from zoneinfo import ZoneInfo

from radiopharm.core import derogating as rules
from radiopharm.core import waste_statements as statements
from radiopharm.core.actions import Action
from radiopharm.core.checking import ContainerAt
from radiopharm.core.day_limits import Day, over_the_day
from radiopharm.core.derogating import DEROGATOR, DerogateContainer, Derogation
from radiopharm.core.leaving import Outgoing
from radiopharm.core.people import Person
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import containers, day_account, releasing, signatures
from radiopharm.store import releases, waste
from radiopharm.store import signatures as stored
from radiopharm.store.acts import Act

MEANING = "I let this container go although it does not meet the rules, for the reason given"
BESIDE = "I have seen which rules this container does not meet and agree that it leaves"


def derogate(act: Act, container_id: int, command: DerogateContainer) -> int:
    """Let a container go though a leg fails, the failed legs kept; returns the release's id.

    Raises as `releasing.release`; `Invalid` when derogator and safety officer are one person.
    """
    site_id, at = act.actor.site.id, command.signature.shown_at or act.now
    judged = containers.look(act.db, act.reference, site_id, container_id, act.now, command.pack)
    waste.require_sequence(judged.container, command.after_sequence)
    if broken := refusals(judged, command.outgoing, command.reason, act.actor):
        raise Refused(broken)

    shown = containers.look(act.db, act.reference, site_id, container_id, at, command.pack)
    releasing.require_two(act, command.signature, command.officer, "officer.username")
    signature = _sign(act, shown, command, command.signature, MEANING, (DEROGATOR,))
    officer = _sign(act, shown, command, command.officer, BESIDE, signatures.OFFICER)
    return _keep(act, judged, command, signature, officer)


def refusals(
    judged: ContainerAt, outgoing: Outgoing, reason: str, actor: Person
) -> tuple[Refusal, ...]:
    """Everything that stands in the way of a derogation now."""
    return rules.derogation_refusals(_wanted(judged, outgoing, reason, actor))


def statement(
    judged: ContainerAt,
    outgoing: Outgoing,
    reason: str,
    actor: Person,
    day: Day,
    meaning: str = MEANING,
) -> Statement:
    """What is signed of a derogation: each condition that is not met, and why it leaves.

    What goes over the limits of *day* is said there and refuses nothing: it is let go against the
    rules of release as it is.
    """
    return statements.of_derogation(
        judged,
        releasing.shown(judged, outgoing),
        outgoing,
        reason,
        over_the_day=over_the_day(day, judged.check.contents_bq),
        meaning=meaning,
        zone=ZoneInfo(actor.site.zone),
    )


def _wanted(judged: ContainerAt, outgoing: Outgoing, reason: str, actor: Person) -> Derogation:
    return Derogation(
        check=judged.check,
        departure=judged.container.departure,
        labels_defaced=outgoing.labels_defaced,
        reason=reason,
        roles=actor.roles,
    )


def _sign(
    act: Act,
    shown: ContainerAt,
    command: DerogateContainer,
    signing: Signing,
    usual: str,
    roles: tuple[str, ...],
) -> int:
    meaning = signatures.meaning_of(signing, usual)
    day = day_account.today(act.db, act.reference, act.actor.site, shown.at)
    said = statement(shown, command.outgoing, command.reason, act.actor, day, meaning)
    return signatures.sign(act, said, signing, roles=roles)


def _keep(
    act: Act, judged: ContainerAt, command: DerogateContainer, signature: int, officer: int
) -> int:
    day = day_account.today(act.db, act.reference, act.actor.site, act.now)
    release_id = releasing.write(act, judged, command.outgoing, officer)
    both = stored.by_ids(act.db, (signature, officer))
    failed = _wanted(judged, command.outgoing, command.reason, act.actor).failed
    releases.add_derogation(
        act.db,
        [leg.as_dict() for leg in failed],
        release_id=release_id,
        officer_signature_id=officer,
        officer_id=both[officer].signer_id,
        signature_id=signature,
        derogator_id=both[signature].signer_id,
        reason=command.reason,
    )
    act.record(
        Action.CONTAINER_DEROGATED,
        f"container:{judged.container.id}",
        reason=command.reason,
        **releasing.shown(judged, command.outgoing),
        failed=[leg.code for leg in failed],
        over_the_day=[over.message for over in over_the_day(day, judged.check.contents_bq)],
        signature=signatures.audited(act.db, signature),
        officer=signatures.audited(act.db, officer),
    )
    return release_id
