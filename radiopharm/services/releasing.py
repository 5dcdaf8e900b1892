"""A container is released, once: by its check, a safety officer's signature, and where pack or site
say so the signature of somebody else who carried it out."""

from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import releasing as rules
from radiopharm.core import waste_statements as statements
from radiopharm.core.actions import Action
from radiopharm.core.checking import ContainerAt
from radiopharm.core.day_limits import Day, over_the_day
from radiopharm.core.leaving import Outgoing
from radiopharm.core.people import Person
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.releasing import Release, ReleaseContainer
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import containers, day_account, signatures
from radiopharm.store import releases, waste
from radiopharm.store import signatures as stored
from radiopharm.store.acts import Act

MEANING = "I release this container: every condition is met and its labels are defaced"
CARRIED_OUT = "I measured this container, defaced its labels and carried out its release"
RELEASERS = ("technologist", "radiopharmacist", "physicist", "safety_officer")


def release(act: Act, container_id: int, command: ReleaseContainer) -> int:
    """Release a container by the rules in force, its legs kept as they stand; returns the id.

    Raises `WrongSecret` or `Forbidden` for a signature (a bench PIN never signs here), `Invalid`
    when both are one person's, `Conflict` when the container has changed since they looked,
    `Refused` with every reason, each leg that has not passed among them.
    """
    site_id, signing = act.actor.site.id, command.signature
    judged = containers.look(act.db, act.reference, site_id, container_id, act.now, command.pack)
    waste.require_sequence(judged.container, command.after_sequence)
    shown = containers.look(
        act.db, act.reference, site_id, container_id, signing.shown_at or act.now, command.pack
    )
    signed = _sign(act, shown, command)
    day = day_account.today(act.db, act.reference, act.actor.site, act.now)
    has_releaser = command.releaser is not None
    if broken := refusals(judged, command.outgoing, act.actor, day, has_releaser=has_releaser):
        raise Refused(broken)
    return keep(act, judged, command.outgoing, *signed)


def refusals(
    judged: ContainerAt, outgoing: Outgoing, actor: Person, day: Day, *, has_releaser: bool
) -> tuple[Refusal, ...]:
    """Everything that stands in the way of releasing a container now, on a *day* like this."""
    wanted = Release(
        check=judged.check,
        departure=judged.container.departure,
        labels_defaced=outgoing.labels_defaced,
        roles=actor.roles,
        two_people=judged.rules.two_people,
        has_releaser=has_releaser,
    )
    return rules.release_refusals(wanted) + over_the_day(day, judged.check.contents_bq)


def statement(
    judged: ContainerAt, outgoing: Outgoing, actor: Person, meaning: str = MEANING
) -> Statement:
    """What is signed of a release: the check as it was at the instant it was shown."""
    zone = ZoneInfo(actor.site.zone)
    facts = shown(judged, outgoing)
    return statements.of_release(judged, facts, outgoing, meaning=meaning, zone=zone)


def keep(
    act: Act, judged: ContainerAt, outgoing: Outgoing, officer: int, releaser: int | None
) -> int:
    """Write a release with who signed it, and its event; returns the id."""
    release_id = write(act, judged, outgoing, officer)
    signed = {"signature": signatures.audited(act.db, officer)}
    if releaser is not None:
        add_releaser(act, release_id, officer, releaser)
        signed["releaser"] = signatures.audited(act.db, releaser)
    subject = f"container:{judged.container.id}"
    act.record(Action.CONTAINER_RELEASED, subject, **shown(judged, outgoing), **signed)
    return release_id


def write(act: Act, judged: ContainerAt, outgoing: Outgoing, officer: int) -> int:
    """Write how a container left, its legs and its reading as they stand; returns the id."""
    pack, reading = judged.rules.pack, judged.reading
    assert pack is not None  # without one nothing leaves by its rules, nor against them
    return releases.add(
        act.db,
        [leg.as_dict() for leg in judged.check.legs],
        outgoing,
        container_id=judged.container.id,
        pack=pack.code,
        pack_edition=pack.edition,
        measurement_id=reading.id if reading else None,
        signature_id=officer,
        at=act.now,
        actor_id=act.actor.id,
    )


def add_releaser(act: Act, release_id: int, officer: int, releaser: int) -> None:
    """Write who carried a release out."""
    both = stored.by_ids(act.db, (officer, releaser))
    releases.add_releaser(
        act.db,
        release_id=release_id,
        officer_signature_id=officer,
        officer_id=both[officer].signer_id,
        signature_id=releaser,
        releaser_id=both[releaser].signer_id,
    )


def shown(judged: ContainerAt, outgoing: Outgoing) -> dict[str, Any]:
    """What the signers sign and the audit keeps."""
    pack, reading = judged.rules.pack, judged.reading
    return {
        "container": judged.container.code,
        "at": judged.at,
        "pack": pack and pack.code,
        "edition": pack and pack.edition,
        "legs": [leg.as_dict() for leg in judged.check.legs],
        "contents_bq": {symbol: str(bq) for symbol, bq in judged.check.contents_bq.items()},
        "reading": reading and {"measurement": reading.id, "by": reading.by},
        "doubts": [doubt.message for doubt in judged.doubts],
        "destination": outgoing.destination,
        "route": outgoing.route,
        "consignment": outgoing.consignment,
        "biohazard": outgoing.biohazard,
        "labels_defaced": outgoing.labels_defaced,
    }


def require_two(act: Act, one: Signing, other: Signing, field: str) -> None:
    """Raise `Invalid` when both signatures are one account's, however its name was typed."""
    first, second = (signatures.signer_of(act, each) for each in (one, other))
    if signatures.is_one_person(act.db, first.id, second.id):
        said = "The second signature must be somebody else's."
        raise Invalid([Refusal(code="same_person", field=field, message=said)])


def _sign(act: Act, shown: ContainerAt, command: ReleaseContainer) -> tuple[int, int | None]:
    """The officer's signature and the releaser's, if there is one."""
    signing, beside = command.signature, command.releaser
    meaning = signatures.meaning_of(signing, MEANING)
    said = statement(shown, command.outgoing, act.actor, meaning)
    officer = signatures.sign(act, said, signing, roles=signatures.OFFICER)
    if beside is None:
        return officer, None
    require_two(act, signing, beside, "releaser.username")
    meaning = signatures.meaning_of(beside, CARRIED_OUT)
    said = statement(shown, command.outgoing, act.actor, meaning)
    return officer, signatures.sign(act, said, beside, roles=RELEASERS)
