"""What a page puts before a signer: the statement for its frame, and the ticket that goes with it.

A page signs nothing it has not shown. Without script the first sending of a form may bring no
ticket, or an old one: then the page comes back with the text, a new ticket and everything typed.
"""

from dataclasses import dataclass

from flask import g

from radiopharm.core.signing import Statement
from radiopharm.web.access import actor, runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A statement and the ticket for exactly that."""

    statement: Statement
    ticket: str


def offer(statement: Statement) -> Offer:
    """The statement with a new ticket for whoever looks at the page; nothing is written."""
    return Offer(statement=statement, ticket=runtime().tickets.issue(statement, actor(), g.now))
