"""What a page puts before those who sign a release or a derogation, as far as it is typed."""

from collections.abc import Mapping

from flask import g
from marshmallow import Schema

from radiopharm.core.checking import ContainerAt
from radiopharm.core.refusals import Invalid
from radiopharm.schemas.leaving import DerogationTicketSchema, ReleaseTicketSchema
from radiopharm.services import containers, day_account, derogating, releasing
from radiopharm.store import Connection
from radiopharm.web import access, forms
from radiopharm.web.forms import Unreadable
from radiopharm.web.offers import Offer, offer

Offers = dict[str, Offer]


def release_offers(db: Connection, container_id: int, typed: Mapping[str, str]) -> Offers:
    """The officer's statement and, once the releaser is named, theirs; none while refused."""
    has_releaser = bool(typed.get("releaser.username", "").strip())
    read = _read(db, container_id, ReleaseTicketSchema(), typed)
    if read is None:
        return {}
    seen, asked = read
    outgoing, actor = asked["outgoing"], access.actor()
    day = day_account.today(db, access.runtime().reference, actor.site, g.now)
    if releasing.refusals(seen, outgoing, actor, day, has_releaser=True):
        return {}
    offers = {"signature": offer(releasing.statement(seen, outgoing, actor))}
    if has_releaser:
        said = releasing.statement(seen, outgoing, actor, releasing.CARRIED_OUT)
        offers["releaser"] = offer(said)
    return offers


def derogation_offers(db: Connection, container_id: int, typed: Mapping[str, str]) -> Offers:
    """The derogator's statement and the officer's beside it; none while refused."""
    read = _read(db, container_id, DerogationTicketSchema(), typed)
    if read is None:
        return {}
    seen, asked = read
    what = (asked["outgoing"], asked["reason"], access.actor())
    if derogating.refusals(seen, *what):
        return {}
    day = day_account.today(db, access.runtime().reference, access.actor().site, g.now)
    return {
        "signature": offer(derogating.statement(seen, *what, day)),
        "officer": offer(derogating.statement(seen, *what, day, derogating.BESIDE)),
    }


def _read(
    db: Connection, container_id: int, schema: Schema, typed: Mapping[str, str]
) -> tuple[ContainerAt, dict[str, object]] | None:
    runtime, actor = access.runtime(), access.actor()
    try:
        asked = forms.load(schema, typed)
        pack = asked["pack"]
        return containers.look(
            db, runtime.reference, actor.site.id, container_id, g.now, pack
        ), asked
    except (Unreadable, Invalid):
        return None
