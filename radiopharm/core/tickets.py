"""Whether a ticket lets this be signed: each misuse has a code and a sentence of its own.

A conflict over the text carries both: what the signer was shown, and what it would be now.
"""

from datetime import datetime

from radiopharm.core.people import Person
from radiopharm.core.refusals import Conflict
from radiopharm.core.signing import Statement, Ticket


def fault(ticket: Ticket, statement: Statement, actor: Person, at: datetime) -> Conflict | None:
    """Why *ticket* does not let *actor* sign *statement* with a secret given *at*; None: it does.

    Whether it was used before is the store's to say.
    """
    if (ticket.session, ticket.actor_id) != (actor.session, actor.id):
        return _conflict("ticket_of_another", "This was shown to somebody else, or elsewhere.")
    if not ticket.issued_at <= at < ticket.expires_at:
        return _conflict("ticket_expired", "This was shown more than two minutes ago.")
    if (ticket.record.kind, ticket.record.key) != (statement.record.kind, statement.record.key):
        return _conflict("ticket_for_another_record", "What was shown is another record.")
    if ticket.record.version != statement.record.version:
        return _changed(ticket, statement, "ticket_version", "It has changed since.")
    if ticket.meaning != statement.meaning:
        said = f"What was shown is “{ticket.meaning}”, not “{statement.meaning}”."
        return _conflict("ticket_meaning", said)
    if ticket.shown_hash != statement.hash:
        said = "This is not what was shown: something has changed since."
        return _changed(ticket, statement, "ticket_changed", said)
    return None


def used() -> Conflict:
    """The ticket has signed something already."""
    return _conflict("ticket_used", "This was signed already; a ticket signs once.")


def missing(statement: Statement) -> Conflict:
    """A page signs only what it has shown."""
    said = "Read what you sign, then sign it."
    return Conflict("ticket_missing", said, is_now=list(statement.sentences))


def unreadable() -> Conflict:
    """What was sent as a ticket is none of ours."""
    return _conflict("ticket_unreadable", "This is no ticket to sign with.")


def _changed(ticket: Ticket, statement: Statement, code: str, message: str) -> Conflict:
    was, now = list(ticket.sentences), list(statement.sentences)
    return Conflict(code, f"{message} {_NOTHING}", was_shown=was, is_now=now)


def _conflict(code: str, message: str) -> Conflict:
    return Conflict(code, f"{message} {_NOTHING}")


_NOTHING = "Nothing is signed. Read it again, then sign."
