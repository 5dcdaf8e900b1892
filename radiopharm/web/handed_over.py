"""A dose that its first person has signed and handed to a second one: kept here until both agree.

It lies on the server with the drafts of whoever is signed in, under a page no browser can write
to; the second person's page is made without it. The secret is proved already and is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g, url_for

from radiopharm.core.audit import instant_text
from radiopharm.core.dispensing import DispenseDose, Situation
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.second_check import Second
from radiopharm.core.signing import Proof, Signing
from radiopharm.schemas.dispensing import ReassignTextSchema
from radiopharm.services import dispensing, reassigning
from radiopharm.store import Connection, acts, drafts
from radiopharm.store.acts import Act
from radiopharm.store.once import SECRET_WORDS
from radiopharm.web import access, dispensing_form, forms

PAGE = "second_reading.show"
STANDS_FOR = timedelta(minutes=15)
RETURNED = "returned_dose"
"""What names, in the form of a reassignment, the dose that came back."""
_PROOF = "proof."


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The first person's form as they sent it, and their signature as it was proved."""

    typed: Mapping[str, str]
    signing: Signing
    kept_at: datetime

    @property
    def command(self) -> DispenseDose:
        """The dose to be dispensed once it is read again."""
        if self._returned is None:
            return dispensing_form.command(dict(self.typed))
        found: DispenseDose = forms.load(ReassignTextSchema(), self.typed)
        return found

    def consider(self, db: Connection, reference: Reference, actor: Person) -> Situation:
        """Everything the rules look at, of a dose drawn or of one that came back."""
        if self._returned is None:
            return dispensing.consider(db, reference, actor, self.command, g.now, has_second=True)
        return reassigning.consider(
            db, reference, actor, self._returned, self.command, g.now, has_second=True
        )

    def write(self, act: Act, second: Second) -> int:
        """The dose under both signatures; raises as `dispensing.dispense`."""
        if self._returned is None:
            return dispensing.dispense(act, self.command, self.signing, second)
        return reassigning.reassign(act, self._returned, self.command, self.signing, second)

    @property
    def _returned(self) -> int | None:
        return int(self.typed[RETURNED]) if RETURNED in self.typed else None


def keep(directive_id: int, typed: Mapping[str, str], signing: Signing) -> None:
    """Keep the form and its proved signature, in the place of an earlier one."""
    if signing.proof is None:
        raise RuntimeError("a dose is handed over under a proved signature")
    proof = {
        "username": signing.username,
        "meaning": signing.meaning,
        "ticket": signing.ticket,
        "means": signing.proof.means,
        "matched": signing.proof.matched,
        "at": instant_text(signing.proof.at),
    }
    both = {**_open(typed), **{f"{_PROOF}{name}": text for name, text in proof.items()}}
    _put(PAGE, directive_id, both)


def find(directive_id: int) -> HandedOver | None:
    """What the person who is signed in has handed over; None when nothing, or too long ago."""
    with access.runtime().reading() as db:
        kept = drafts.find(db, access.actor().id, PAGE, str(directive_id), g.now)
    if kept is None or g.now > kept.kept_at + STANDS_FOR:
        return None
    typed = {name: text for name, text in kept.typed.items() if not name.startswith(_PROOF)}
    return HandedOver(typed=typed, signing=_signing(kept.typed), kept_at=kept.kept_at)


def give_back(directive_id: int, *, without: tuple[str, ...] = ()) -> str:
    """Let the first person find their form again on their own page, but for the boxes *without*;
    returns its address.
    """
    with access.runtime().reading() as db:
        kept = drafts.find(db, access.actor().id, PAGE, str(directive_id), g.now)
    if kept is None:
        return url_for("dispensing.show", directive_id=directive_id)
    gone = (_PROOF, RETURNED, "hands_", *without)
    left = {name: text for name, text in kept.typed.items() if not name.startswith(gone)}
    page, named, number = "dispensing.show", "directive_id", directive_id
    if RETURNED in kept.typed:
        page, named, number = "reassigning.show", "dose_id", int(kept.typed[RETURNED])
    _put(page, number, left)
    drop(directive_id)
    return url_for(page, **{named: number})


def drop(directive_id: int) -> None:
    """Forget it."""
    with acts.writing(access.runtime().engine) as db:
        drafts.drop(db, access.actor().id, PAGE, str(directive_id))


def _put(page: str, number: int, typed: Mapping[str, str]) -> None:
    with acts.writing(access.runtime().engine) as db:
        drafts.keep(db, access.actor().id, page, str(number), typed, g.now)


def _open(typed: Mapping[str, str]) -> dict[str, str]:
    secret = (*SECRET_WORDS, "idempotency_key")
    return {n: text for n, text in typed.items() if not any(word in n for word in secret)}


def _signing(kept: Mapping[str, str]) -> Signing:
    said = {name: kept[f"{_PROOF}{name}"] for name in ("username", "meaning", "ticket")}
    proof = Proof(
        means=kept[f"{_PROOF}means"],
        matched=kept[f"{_PROOF}matched"],
        ticket=access.runtime().tickets.open(said["ticket"]),
        at=datetime.fromisoformat(kept[f"{_PROOF}at"]),
    )
    return Signing(secret="", proof=proof, **said)
