"""Directives: drafted, changed in versions, signed by a physician, cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import directive_acts, prescribing, statements
from radiopharm.core.actions import Action
from radiopharm.core.directives import Cancellation, Directive
from radiopharm.core.flags import FlagKind
from radiopharm.core.patients import Patient, RecordPatient
from radiopharm.core.people import Person
from radiopharm.core.prescribing import DirectiveText, Prescription
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Conflict, Invalid, Refusal, Refused
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import owed, patients, recalls, signatures
from radiopharm.store import Connection, directive_lists, directives, flags
from radiopharm.store import accounts as stored_accounts
from radiopharm.store import patients as stored_patients
from radiopharm.store.acts import Act
from radiopharm.store.directive_lists import Filters, Key

MEANING = "Prescribed as written"
SIGNERS = ("physician",)


def draft(act: Act, who: str | RecordPatient, said: Mapping[str, Any]) -> int:
    """Write version 1 for a patient, who is found or recorded where identifiers are given.

    Returns the directive's id. Raises `Invalid` with every reason why it cannot be as written.
    """
    text = _judged(act, _text(act, said))
    patient = patients.reference_of(act, who)
    directive_id = directives.add(act.db, act.actor.site.id, patient, act.actor.id, act.now)
    _write(act, directive_id, 1, text, reason="")
    act.record(
        Action.DIRECTIVE_DRAFTED, *subjects(directive_id, patient), version=1, **_facts(text)
    )
    return directive_id


def change(
    act: Act, directive_id: int, after_version: int, said: Mapping[str, Any], reason: str
) -> None:
    """Write the next version: the newest with what *said* changes; it is not signed yet."""
    directive = unmoved(act.db, act.actor.site.id, directive_id, after_version)
    if broken := directive_acts.change_refusals(directive):
        raise Refused(broken)
    before = prescribing.text_of(directive.newest)
    text = _judged(act, _text(act, said, before))
    number = directive.newest.number + 1
    _write(act, directive_id, number, text, reason)
    act.record(
        Action.DIRECTIVE_CHANGED,
        *subjects(directive_id, directive.patient),
        reason=reason,
        version=number,
        old=_facts(before),
        **_facts(text),
        recalled=recalls.settle(act, directive_id),
    )


def sign(act: Act, directive_id: int, after_version: int, signing: Signing) -> None:
    """A physician's signature under exactly the newest version, which must be the one shown."""
    directive = unmoved(act.db, act.actor.site.id, directive_id, after_version)
    if broken := directive_acts.sign_refusals(directive):
        raise Refused(broken)
    meaning = signatures.meaning_of(signing, MEANING)
    said = statement(directive, act.reference, act.actor, meaning)
    signature_id = signatures.sign(act, said, signing, roles=SIGNERS)
    directives.add_signature(
        act.db, directive_id, after_version, act.actor.id, act.now, signature_id
    )
    owed.close(act, directive_id)
    act.record(
        Action.DIRECTIVE_SIGNED,
        *subjects(directive_id, directive.patient),
        version=after_version,
        signer=signing.username.strip().lower(),
        signature_id=signature_id,
        signature=signatures.audited(act.db, signature_id),
        recalled=recalls.settle(act, directive_id),
    )


def statement(
    directive: Directive, reference: Reference, actor: Person, meaning: str = MEANING
) -> Statement:
    """What a physician signs: every word of the newest version."""
    name = reference.products[directive.newest.product].name
    zone = ZoneInfo(actor.site.zone)
    return statements.of_directive(directive, name, meaning=meaning, zone=zone)


def unmoved(db: Connection, site_id: int, directive_id: int, after_version: int) -> Directive:
    """The directive if its newest version is the one its reader saw; else `Conflict` stale."""
    directive = directives.get(db, site_id, directive_id)
    newest = directive.newest.number
    if newest != after_version:
        raise Conflict(
            "stale",
            f"{directive.code} has a newer version ({newest}) than the one you saw "
            f"({after_version}). Look at it again.",
            version=newest,
        )
    return directive


def cancel(act: Act, directive_id: int, reason: str) -> None:
    """Say that it is not to be carried out; for good."""
    directive = directives.get(act.db, act.actor.site.id, directive_id)
    if broken := directive_acts.change_refusals(directive):
        raise Refused(broken)
    cancellation = Cancellation(at=act.now, actor_id=act.actor.id, reason=reason)
    directives.add_cancellation(act.db, directive_id, directive.newest.number, cancellation)
    owed.close(act, directive_id)
    act.record(
        Action.DIRECTIVE_CANCELLED,
        *subjects(directive_id, directive.patient),
        reason=reason,
        version=directive.newest.number,
        recalled=recalls.settle(act, directive_id),
    )


def considered(reference: Reference, text: DirectiveText, now: datetime) -> Prescription:
    """A text beside what is known of its product; `Invalid` when the product is unknown."""
    product = reference.products.get(text.product)
    if product is None:
        unknown = Refusal(
            code="unknown_product", field="product", message="Choose a product from the list."
        )
        raise Invalid([unknown])
    return Prescription(text=text, product=product, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of directives, who the patients are where that may be seen, and the next key;
    `recalled` are the doses that must not be given."""

    directives: list[Directive]
    people: dict[str, Patient]
    recalled: frozenset[int]
    following: Key | None


def listed(
    db: Connection,
    site_id: int,
    filters: Filters,
    after: Key | None,
    size: int,
    *,
    with_identity: bool,
) -> Listed:
    """A keyset page by planned time, in a number of statements that does not grow with it."""
    ids, following = directive_lists.page(db, site_id, filters, after, size)
    found = directives.by_ids(db, site_id, ids)
    references = [each.patient for each in found] if with_identity else []
    people = stored_patients.by_references(db, site_id, references)
    recalled = frozenset(row.subject_id for row in flags.of_kind(db, site_id, FlagKind.RECALL))
    return Listed(directives=found, people=people, recalled=recalled, following=following)


def names(db: Connection, *found: Directive) -> dict[int, str]:
    """The names of everyone who wrote, prescribed or cancelled, in one statement."""
    ids: set[int | None] = {each.cancellation.actor_id for each in found if each.cancellation}
    for version in (version for each in found for version in each.versions):
        oral_by = version.oral.given_by if version.oral else None
        ids |= {version.recorded_by, version.prescriber_id, oral_by}
    return stored_accounts.names(db, [user_id for user_id in ids if user_id is not None])


def physician(db: Connection, site_id: int, username: str, field: str, at: datetime) -> int:
    """The id of a physician with an account here at *at*; raises `Invalid` naming *field*."""
    row = stored_accounts.account(db, username)
    person: Person | None = stored_accounts.person(db, row.id, via="", at=at) if row else None
    if person is None or person.site.id != site_id or not person.has(*SIGNERS):
        message = "That must be a physician with an account here."
        raise Invalid([Refusal(code=field, field=field, message=message)])
    return person.id


def subjects(directive_id: int, patient: str) -> tuple[str, str]:
    """What an audit event about a directive is found by."""
    return f"directive:{directive_id}", f"patient:{patient}"


def _text(act: Act, said: Mapping[str, Any], before: DirectiveText | None = None) -> DirectiveText:
    given = {name: value for name, value in said.items() if name != "prescriber"}
    if "prescriber" in said:
        named = said["prescriber"]
        site_id, at = act.actor.site.id, act.now
        given["prescriber_id"] = (
            physician(act.db, site_id, named, "prescriber", at) if named else None
        )
    return replace(before, **given) if before else DirectiveText(**given)


def _judged(act: Act, text: DirectiveText) -> DirectiveText:
    prescription = considered(act.reference, text, act.now)
    if broken := prescribing.refusals(prescription):
        raise Invalid(broken)
    return replace(text, route=text.route or prescription.product.route or "")


def _write(act: Act, directive_id: int, number: int, text: DirectiveText, reason: str) -> None:
    version = prescribing.version_of(
        text, number=number, reason=reason, recorded_at=act.now, recorded_by=act.actor.id
    )
    directives.add_version(act.db, directive_id, version)


def _facts(text: DirectiveText) -> dict[str, Any]:
    """What the audit says of a text: its figures; free text may name someone and stays out."""
    return {
        "product": text.product,
        "prescribed": text.prescribed_text,
        "range_bq": None if text.lowest_bq is None else [text.lowest_bq, text.highest_bq],
        "planned_for": text.planned_for,
        "cycle": text.cycle,
    }
