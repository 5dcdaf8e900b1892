"""The drain by JSON: its account by month, what may be poured, and the site's own figures."""

from dataclasses import replace
from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from radiopharm.api import discharge_shapes as shapes
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.paging import page
from radiopharm.api.schemas import page_of
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.discharge_figures import EnterFigure
from radiopharm.core.discharging import Pour
from radiopharm.core.drain_accounts import MONTH, month_asked
from radiopharm.schemas import discharging as schemas
from radiopharm.schemas.instants import instant_out
from radiopharm.services import discharge_figures, drains, pouring
from radiopharm.store import discharges
from radiopharm.store.acts import Act

blp = JsonBlueprint("drains", "/drain", "What goes to the drain, month by month.")
Answer = dict[str, Any]


class MonthQuery(Schema):
    """A month of the site's calendar, such as 2026-06; this month unless given."""

    month = fields.String(validate=validate.Regexp(f"^{MONTH.pattern}$"))


class PouredOut(Schema):
    """The discharge that was made."""

    id = fields.Integer()


@blp.get("")
@blp.arguments(MonthQuery, location="query")
@blp.response(200, shapes.DrainOut)
def show(query: Answer) -> Answer:
    """The month by nuclide and discharge by discharge, and what it makes of every limit."""
    site = actor().site
    month = month_asked(query.get("month", ""), g.now, site.zone)
    with runtime().reading() as db:
        known = drains.month_account(db, site.id, month)
        used = drains.standing(db, runtime().reference, site.id, known, g.now)
        listed = drains.rows(db, site.id, month.begins_at, month.ends_at)
    return shapes.drain(known, used, listed)


@blp.post("/check")
@blp.arguments(schemas.CheckPourSchema)
@blp.response(200, shapes.DischargeCheckOut)
def check(asked: Answer) -> Answer:
    """Whether that may be poured now, and what it makes of the month and the year."""
    with runtime().reading() as db:
        return shapes.check(
            pouring.consider(
                db, runtime().reference, actor(), asked["liquid"], asked["drain"], g.now
            )
        )


@blp.post("/sign-ticket")
@blp.arguments(schemas.CheckPourSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: Answer) -> Answer:
    """The text of pouring as it stands now, and a ticket for exactly that."""
    with runtime().reading() as db:
        judged = pouring.consider(
            db, runtime().reference, actor(), asked["liquid"], asked["drain"], g.now
        )
    return offer(judged.statement(asked["meaning"] or drains.MEANING), judged.refusals)


@blp.post("")
@blp.arguments(schemas.PourSchema)
@blp.response(201, PouredOut)
def pour(command: Pour) -> Answer:
    """Pour it away with a safety officer's signature by password; a vial's book follows."""
    signed = replace(command, signature=proved(command.signature))
    return act(lambda act: {"id": pouring.pour(act, signed)}, key_required=True).answer


@blp.get("/figures")
@blp.response(200, page_of(shapes.FigureOut, "Figure"))
def figures() -> Answer:
    """Every figure the site ever entered, the newest first."""
    with runtime().reading() as db:
        return page(map(_figure, discharges.every_figure(db, actor().site.id)), None)


@blp.post("/figures")
@blp.arguments(schemas.EnterFigureSchema)
@blp.response(201, shapes.FigureOut)
def enter_figure(command: EnterFigure) -> Answer:
    """Enter a figure; the one before stays on record and in force until this one begins."""

    def work(act: Act) -> Answer:
        return {
            "id": discharge_figures.enter(act, command),
            "kind": str(command.kind),
            "subject": command.subject,
            "value": command.value,
            "source": command.source,
            "from_at": instant_out(command.from_at or act.now),
        }

    return act(work, key_required=True).answer


def _figure(row: Any) -> Answer:
    names = ("id", "kind", "subject", "value", "source")
    return {**{name: getattr(row, name) for name in names}, "from_at": instant_out(row.from_at)}
