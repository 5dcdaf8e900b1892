"""A dose given though its directive no longer wanted it: who signs for that beside its recorder."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import administering_rules as rules
from radiopharm.core import statements
from radiopharm.core.administering import Administration
from radiopharm.core.people import Person
from radiopharm.core.signing import Signature, Signing, Statement
from radiopharm.services import second_checks, signatures
from radiopharm.store import Connection
from radiopharm.store import signatures as stored
from radiopharm.store.acts import Act

MEANING = "Given already, confirmed by me"


def attested(
    act: Act, administration: Administration, shown: Mapping[str, Any], second: Signing | None
) -> list[dict[str, Any]]:
    """The row that says in spite of what it was given, signed by *second*; none where not asked.

    Raises `Invalid` unless the second person is another than the recorder, with a role for it.
    """
    if not administration.command.already_given or second is None:
        return []
    person = second_checks.somebody_else(act, second, act.actor.id)
    meaning = signatures.meaning_of(second, MEANING)
    said = statement(administration, shown, act.actor, meaning)
    row = {
        "reason": administration.command.reason,
        "although": _although(administration),
        "recorder_id": act.actor.id,
        "second_id": person.id,
        "signature_id": signatures.sign(
            act, said, second, roles=second_checks.SECONDS, pin_allowed=True
        ),
    }
    return [row]


def statement(
    administration: Administration,
    shown: Mapping[str, Any],
    actor: Person,
    meaning: str = MEANING,
) -> Statement:
    """What the second person signs, for the page that shows it and for the act that signs it."""
    broken, zone = rules.overridden(administration), ZoneInfo(actor.site.zone)
    return statements.of_administration(administration, shown, broken, meaning=meaning, zone=zone)


def signature(db: Connection, given: Mapping[str, Any] | None) -> Signature | None:
    """The second person's, under an administration that ought not to have been; else None."""
    found = given["given_already"] if given else None
    return stored.get(db, found["signature_id"]) if found else None


def _although(administration: Administration) -> str:
    return " ".join(each.message for each in rules.overridden(administration))
