"""Tickets to sign with: sealed on issue, opened at the door, spent with the signature.

There is no table of open tickets. A ticket is a signed text (itsdangerous, keyed from the secret
key) that says all there is to know of it; showing a page therefore writes nothing, a live panel may
issue one with every keystroke, and nothing has to be swept up. What must be remembered is only that
a ticket was *used*: its random id stands, UNIQUE, in the signature it made.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from radiopharm.core.audit import instant_text
from radiopharm.core.people import Person
from radiopharm.core.signing import Record, Statement, Ticket
from radiopharm.core.tickets import unreadable

ID_BYTES = 16


class Tickets:
    """Seals and opens tickets with one process-wide key."""

    def __init__(self, secret_key: str) -> None:
        self._seal = URLSafeSerializer(
            secret_key,
            salt="radiopharm.signature-ticket.v1",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def issue(self, statement: Statement, actor: Person, now: datetime) -> str:
        """A sealed ticket for *actor*, in the session or by the token they act with, from *now*."""
        record = statement.record
        sealed = self._seal.dumps(
            {
                "id": secrets.token_hex(ID_BYTES),
                "session": actor.session,
                "actor": actor.id,
                "record": [record.kind, record.key, record.version],
                "meaning": statement.meaning,
                "hash": statement.hash,
                "sentences": statement.sentences,
                "at": instant_text(now),
            }
        )
        return sealed if isinstance(sealed, str) else sealed.decode()

    def open(self, sealed: str) -> Ticket | None:
        """The ticket in *sealed*, None where there is none; `Conflict` when it is not ours."""
        if not sealed:
            return None
        try:
            said: dict[str, Any] = self._seal.loads(sealed)
        except BadSignature as error:
            raise unreadable() from error
        kind, key, version = said["record"]
        return Ticket(
            id=said["id"],
            session=said["session"],
            actor_id=said["actor"],
            record=Record(kind=kind, key=key, version=version),
            meaning=said["meaning"],
            shown_hash=said["hash"],
            sentences=tuple(said["sentences"]),
            issued_at=datetime.fromisoformat(said["at"]),
        )
