"""Signatures as the API writes them: what is about to be signed, and what was."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from marshmallow import Schema, fields

from radiopharm.api.access import actor, runtime
from radiopharm.api.schemas import Said
from radiopharm.core.refusals import Refusal
from radiopharm.core.signing import TICKET_LIFE, Signature, Statement, signed_line
from radiopharm.schemas.instants import Instant, instant_out


class TicketOut(Schema):
    """`shown` are the sentences to put before the signer; no ticket while something refuses it."""

    ticket = fields.String(allow_none=True)
    shown = fields.List(fields.String())
    meaning = fields.String()
    hash = fields.String()
    expires_at = Instant(allow_none=True)
    refusals = fields.List(fields.Nested(Said))


class SignedOut(Schema):
    """A signature as printed (`line`) and in its parts; `void` says why it holds no longer."""

    line = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())
    meaning = fields.String()
    means = fields.String()
    signed_at = Instant()
    zone = fields.String(allow_none=True)
    shown = fields.List(fields.String())
    shown_hash = fields.String()
    void = fields.String(allow_none=True)


def offer(statement: Statement, refusals: tuple[Refusal, ...] = ()) -> dict[str, Any]:
    """A statement with the ticket to sign it, unless something stands in the way."""
    sealed = None if refusals else runtime().tickets.issue(statement, actor(), g.now)
    return {
        "ticket": sealed,
        "shown": list(statement.sentences),
        "meaning": statement.meaning,
        "hash": statement.hash,
        "expires_at": instant_out(g.now + TICKET_LIFE) if sealed else None,
        "refusals": [refusal.as_dict() for refusal in refusals],
    }


def signed(it: Signature, void: str | None = None) -> dict[str, Any]:
    """A signature that was made; *void* where its record holds no longer."""
    return {
        "line": signed_line(it, ZoneInfo(actor().site.zone)),
        "name": it.signer_name,
        "roles": list(it.roles),
        "meaning": it.meaning,
        "means": it.means,
        "signed_at": instant_out(it.signed_at),
        "zone": it.zone or None,
        "shown": list(it.sentences),
        "shown_hash": it.shown_hash,
        "void": void,
    }
