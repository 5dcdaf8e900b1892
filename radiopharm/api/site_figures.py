"""Figures that a site looked up itself, by JSON."""

from dataclasses import replace
from typing import Any

from flask import g
from marshmallow import Schema, fields

from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.signature_shapes import SignedOut, TicketOut, offer, signed
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.site_figures import EnterSiteFigure
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant, instant_out
from radiopharm.schemas.site_figures import SiteFigureSchema, SiteFigureTicketSchema
from radiopharm.services import site_figures as service
from radiopharm.store import signatures, site_figures
from radiopharm.store.acts import Act

blp = JsonBlueprint(
    "site_figures", "/site-figures", "Figures a site looked up where a pack has none."
)


class SiteFigureOut(Schema):
    """An entry: it holds from `from_at` until a later one of the same nuclide and table."""

    id = Id()
    table = fields.String()
    nuclide = fields.String()
    value = fields.String()
    unit = fields.String()
    clause = fields.String()
    source = fields.String()
    reason = fields.String()
    from_at = Instant()
    recorded_at = Instant()
    entered_by = fields.String()
    signature = fields.Nested(SignedOut)


@blp.get("")
@blp.response(200, SiteFigureOut(many=True))
def index() -> list[dict[str, Any]]:
    """Every entry ever made, the newest first."""
    with runtime().reading() as db:
        rows = site_figures.recorded(db, actor().site.id)
        kept = signatures.by_ids(db, [row.signature_id for row in rows])
    return [_shape(row, kept[row.signature_id]) for row in rows]


@blp.post("")
@blp.arguments(SiteFigureSchema)
@blp.response(201, SiteFigureOut)
def enter(command: EnterSiteFigure) -> dict[str, Any]:
    """Enter and sign a figure for a nuclide without one; past releases stay as they were."""
    with_proof = replace(command, signature=proved(command.signature))

    def work(act: Act) -> dict[str, Any]:
        service.enter(act, with_proof)
        newest = site_figures.recorded(act.db, act.actor.site.id)[0]
        return _shape(newest, signatures.get(act.db, newest.signature_id))

    return act(work, key_required=True).answer


@blp.post("/sign-ticket")
@blp.arguments(SiteFigureTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: tuple[EnterSiteFigure, str]) -> dict[str, Any]:
    """The text of a figure about to be signed, and a ticket for exactly that."""
    command, meaning = asked
    broken = service.faults(runtime().reference, command, g.now)
    return offer(service.statement(command, actor(), meaning or service.MEANING), broken)


def _shape(row: Any, signature: Any) -> dict[str, Any]:
    names = ("id", "nuclide", "value", "unit", "clause", "source", "reason")
    return {
        **{name: getattr(row, name) for name in names},
        "table": f"{row.pack}/{row.table_name}",
        "from_at": instant_out(row.from_at),
        "recorded_at": instant_out(row.recorded_at),
        "entered_by": row.by,
        "signature": signed(signature),
    }
