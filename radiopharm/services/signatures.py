"""Signing: the secret is proved before the act locks its site, and judged within it.

`proved` does the slow work (argon2) on what is kept at the time. The act then looks again: the
account must be open, its hash the one that was matched, the role still held, and the number of
wrong tries below the limit, however many guesses ran side by side.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from radiopharm.core import emergency, tickets
from radiopharm.core.actions import Action
from radiopharm.core.people import SAFETY_OFFICER, Person
from radiopharm.core.refusals import Forbidden, Refused
from radiopharm.core.signing import Proof, Signing, Statement, Ticket
from radiopharm.services import bench_pins
from radiopharm.services.accounts import (
    AGAIN,
    NOBODY,
    WrongSecret,
    is_pin,
    matches,
    require_no_wait,
    secret_hash,
)
from radiopharm.store import Connection, accounts, envelopes, sessions, sign_ins, signatures
from radiopharm.store.acts import Act

OFFICER = (SAFETY_OFFICER,)


def kept_hash(db: Connection, signing: Signing, site_id: int) -> str | None:
    """The hash that the secret is to be proved against; None where the site has no such person."""
    row = accounts.account(db, signing.username.strip())
    if row is None or row.site_id != site_id:
        return None
    return _kept(row, _means(signing.secret))


def proved(signing: Signing, kept: str | None, ticket: Ticket | None, now: datetime) -> Signing:
    """*signing* with what its secret proved; the secret itself goes no further."""
    is_right = matches(kept or NOBODY, signing.secret)
    matched = secret_hash(kept) if kept and is_right else ""
    proof = Proof(means=_means(signing.secret), matched=matched, ticket=ticket, at=now)
    return replace(signing, secret="", proof=proof)


def sign(
    act: Act,
    statement: Statement,
    signing: Signing,
    *,
    roles: Iterable[str],
    pin_allowed: bool = False,
) -> int:
    """A signature under exactly *statement*; returns its id.

    Raises `Conflict` when the ticket does not let it be signed (a page must bring one, a program
    may), `WrongSecret` when name and secret do not belong together, `Forbidden` when the person
    lacks every one of *roles*. A six-digit secret is a bench PIN and counts only where allowed.
    """
    signer = judged(act, statement, signing, roles=roles, pin_allowed=pin_allowed)
    proof = _proof(signing)
    _count_right(act, signer, proof)
    return _write(act, statement, signer, proof, proof.ticket)


def sign_each(
    act: Act,
    whole: Statement,
    parts: Sequence[Statement],
    signing: Signing,
    *,
    roles: Iterable[str],
) -> list[int]:
    """One act of signing under *whole*, kept as a signature under each of its *parts*.

    Each part stands in the whole word for word; the ticket is spent with the first. Raises as
    `sign`; returns the ids in the order of the parts.
    """
    signer = judged(act, whole, signing, roles=roles)
    proof = _proof(signing)
    _count_right(act, signer, proof)
    tickets = (proof.ticket if number == 0 else None for number in range(len(parts)))
    return [
        _write(act, part, signer, proof, ticket)
        for part, ticket in zip(parts, tickets, strict=True)
    ]


def judged(
    act: Act,
    statement: Statement,
    signing: Signing,
    *,
    roles: Iterable[str],
    pin_allowed: bool = False,
) -> Person:
    """Who may sign exactly *statement* by this; writes nothing, and raises as `sign`."""
    _require_ticket(act, statement, signing)
    signer = signer_of(act, signing, pin_allowed=pin_allowed)
    if broken := emergency.barred(statement.record.kind, act.actor.emergency, signer.emergency):
        raise Refused(broken)
    if not signer.has(*roles):
        raise Forbidden(f"{signer.display_name} may not sign this.")
    return signer


def meaning_of(signing: Signing, usual: str) -> str:
    """What the signer says it means: in words, else as the ticket has it, else as is usual."""
    ticket = signing.proof.ticket if signing.proof else None
    return signing.meaning or (ticket.meaning if ticket else usual)


def signer_of(act: Act, signing: Signing, *, pin_allowed: bool = False) -> Person:
    """The person of the actor's site whose name and secret these are, as their account is now."""
    proof = _proof(signing)
    row = accounts.account(act.db, signing.username.strip())
    is_known = row is not None and row.site_id == act.actor.site.id
    if row is None or not is_known or (proof.means == "pin" and not pin_allowed):
        raise WrongSecret
    if proof.means == "pin":
        bench_pins.require_workstation(act.db, act.actor)
    counted = _counted(proof.means)
    require_no_wait(act.db, row.username, counted, None, act.now)
    kept = _kept(row, proof.means)
    if kept is None or proof.matched != secret_hash(kept):
        raise WrongSecret(username=row.username, means=counted)
    via, source = act.actor.via, act.actor.source
    signer = accounts.person(act.db, row.id, via=via, source=source, at=act.now)
    if signer is None or not _is_in(act, signer):
        raise WrongSecret
    return signer


def is_one_person(db: Connection, one: int, other: int) -> bool:
    """Whether two accounts are one person's: the same, or an envelope opened under that name."""
    opened = envelopes.openers(db, (one, other))
    named = accounts.names(db, (one, other)) | opened
    return one == other or (bool(opened) and emergency.is_one_name(named[one], named[other]))


def note_wrong_secret(act: Act, wrong: WrongSecret) -> None:
    """Count a wrong secret given for a signature; the act it was for has left nothing behind."""
    sign_ins.add(act.db, wrong.username, wrong.means, None, succeeded=False, at=act.now)
    act.record(Action.SIGN_IN_FAILED, f"user:{wrong.username}", means=wrong.means)


def audited(db: Connection, signature_id: int) -> dict[str, Any]:
    """A signature as the audit tells it: who, in which roles, when, meaning what, under what."""
    kept = signatures.get(db, signature_id)
    return {
        "id": kept.id,
        "signer": kept.signer_name,
        "roles": list(kept.roles),
        "at": kept.signed_at,
        "zone": kept.zone,
        "meaning": kept.meaning,
        "shown_hash": kept.shown_hash,
    }


def _count_right(act: Act, signer: Person, proof: Proof) -> None:
    counted = _counted(proof.means)
    sign_ins.add(act.db, signer.username, counted, None, succeeded=True, at=act.now)


def _write(
    act: Act, statement: Statement, signer: Person, proof: Proof, ticket: Ticket | None
) -> int:
    record = statement.record
    return signatures.add(
        act.db,
        user_id=signer.id,
        signer_name=signer.display_name,
        roles=",".join(sorted(signer.roles)),
        meaning=statement.meaning,
        means=proof.means,
        shown_hash=statement.hash,
        signed_at=proof.at,
        ticket=ticket.id if ticket else None,
        record_kind=record.kind,
        record_key=record.key,
        record_version=record.version,
        shown=statement.text,
        zone=act.actor.site.zone,
    )


def _require_ticket(act: Act, statement: Statement, signing: Signing) -> None:
    proof = _proof(signing)
    if proof.ticket is None:
        if act.actor.via == "web":
            raise tickets.missing(statement)
        return
    if signatures.is_used(act.db, proof.ticket.id):
        raise tickets.used()
    if broken := tickets.fault(proof.ticket, statement, act.actor, proof.at):
        raise broken


def _is_in(act: Act, signer: Person) -> bool:
    """Whether a signer from an envelope is in their one session; all others sign from anywhere."""
    began = act.now - emergency.LASTS
    return signer.emergency is None or bool(sessions.of_person(act.db, signer.id, began))


def _proof(signing: Signing) -> Proof:
    if signing.proof is None:
        raise RuntimeError("a signature is proved at the door, before its act")
    return signing.proof


def _means(secret: str) -> str:
    return "pin" if is_pin(secret) else "password"


def _counted(means: str) -> str:
    return AGAIN if means == "password" else means


def _kept(row: Any, means: str) -> str | None:
    kept: str | None = row.pin_hash if means == "pin" else row.password_hash
    return kept
