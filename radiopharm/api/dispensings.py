"""Doses by JSON: propose a volume, dispense, look, void, put back."""

from dataclasses import replace
from typing import Any

from flask import Response, g

from radiopharm.api import schemas
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.dose_shapes import DoseOut, DoseQuery, LabelQuery, ProposalOut, dose, proposal
from radiopharm.api.paging import key_of, page
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core import dispensing_rules, drawing
from radiopharm.core.second_check import Second
from radiopharm.documents.labels import dose_labels_as
from radiopharm.schemas import page_keys
from radiopharm.schemas.dispensing import (
    Dispensing,
    DispensingSchema,
    DoseTicketSchema,
    DrawQuery,
    ReasonSchema,
    ReassignSchema,
    ToSign,
    VialDispensingSchema,
    VoidSchema,
    of_one_vial,
)
from radiopharm.services import dispensing, printing, reassigning, stock, voiding
from radiopharm.store import doses, presences
from radiopharm.store.acts import Act

blp = JsonBlueprint("dispensings", "", "Doses: proposed, dispensed, voided, put back.")
Answer = dict[str, Any]
LABELS = {
    "200": {
        "description": "Two labels; the header X-Print says which print of them this is.",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


@blp.get("/vials/<int:vial_id>/draw")
@blp.arguments(DrawQuery, location="query")
@blp.response(200, ProposalOut)
def draw(query: Answer, vial_id: int) -> Answer:
    """The volume to draw from a vial for an activity wanted at an instant."""
    here = runtime()
    with here.reading() as db:
        seen = stock.look(db, here.reference, actor().site.id, vial_id, query["at"], g.now)
        in_use = presences.others(db, [vial_id], actor().id, g.now)
    return proposal(drawing.proposal(seen, query["activity"].amount, g.now), in_use)


@blp.get("/dispensings")
@blp.arguments(DoseQuery, location="query")
@blp.response(200, schemas.page_of(DoseOut, "Dose"))
def index(query: Answer) -> Answer:
    """A page of doses, newest first."""
    before = key_of(query.get("after"), page_keys.number)
    with runtime().reading() as db:
        found, following = doses.page(
            db,
            actor().site.id,
            since=query.get("since"),
            until=query.get("until"),
            directive_id=query.get("directive_id"),
            before=before[0] if before else None,
            size=query["limit"],
        )
    return page(map(dose, found), following)


@blp.post("/dispensings")
@blp.arguments(DispensingSchema)
@blp.response(201, DoseOut)
def dispense(ordered: Dispensing) -> Answer:
    """Dispense a dose against a signed directive from one or several vials."""
    return _dispense(ordered)


@blp.post("/dispensings/sign-ticket")
@blp.arguments(DoseTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: ToSign) -> Answer:
    """The text of a dose about to be signed, and a ticket for exactly that; nothing is written."""
    here, who = runtime(), actor()
    with here.reading() as db:
        situation = dispensing.consider(
            db, here.reference, who, asked.command, g.now, asked.has_second
        )
    statement = dispensing.statement(situation, asked.meaning or dispensing.MEANING, who)
    return offer(statement, dispensing_rules.refusals(situation))


@blp.post("/vials/<int:vial_id>/dispensings")
@blp.arguments(VialDispensingSchema)
@blp.response(201, DoseOut)
def dispense_from(data: Answer, vial_id: int) -> Answer:
    """The same with one draw."""
    return _dispense(of_one_vial(data, vial_id))


@blp.get("/dispensings/<int:dose_id>")
@blp.response(200, DoseOut)
def show(dose_id: int) -> Answer:
    """A dose with its working, its draws and what became of it."""
    with runtime().reading() as db:
        return dose(doses.get(db, actor().site.id, dose_id))


@blp.post("/dispensings/<int:dose_id>/labels")
@blp.arguments(LabelQuery, location="query")
@blp.doc(responses=LABELS)
def labels(query: Answer, dose_id: int) -> Response:
    """Print the labels for syringe and shield: counted, and marked from the second print on."""

    def work(act: Act) -> Answer:
        return {"print": printing.print_dose_labels(act, dose_id, query["format"])}

    number, here = act(work).answer["print"], runtime()
    with here.reading() as db:
        said = printing.dose_label(db, here.reference, actor().site, dose_id, number, g.now)
    content, mimetype = dose_labels_as(said, query["format"])
    return Response(content, mimetype=mimetype, headers={"X-Print": str(number)})


@blp.post("/dispensings/<int:dose_id>/void")
@blp.arguments(VoidSchema)
@blp.response(200, DoseOut)
def void(command: Answer, dose_id: int) -> Answer:
    """Void a dose: not drawn restores the book, drawn makes a returned dose that needs a place."""

    def work(act: Act) -> Answer:
        voiding.void(act, dose_id, was_drawn=command["drawn"], reason=command["reason"])
        return dose(doses.get(act.db, act.actor.site.id, dose_id))

    return act(work).answer


@blp.post("/dispensings/<int:dose_id>/return")
@blp.arguments(ReasonSchema)
@blp.response(200, DoseOut)
def put_back(command: Answer, dose_id: int) -> Answer:
    """Put a drawn, voided dose back into the vials it came from."""

    def work(act: Act) -> Answer:
        voiding.put_back(act, dose_id, reason=command["reason"])
        return dose(doses.get(act.db, act.actor.site.id, dose_id))

    return act(work).answer


@blp.post("/dispensings/<int:dose_id>/reassignment")
@blp.arguments(ReassignSchema)
@blp.response(201, DoseOut)
def reassign(ordered: Dispensing, dose_id: int) -> Answer:
    """Give a drawn, voided dose another signed directive of its product: a new dose that names it.

    Every rule of a dispensing holds; it is measured again, with a reason and a second person.
    """
    signing = proved(ordered.signing)
    second = _proved(ordered.second) if ordered.second else None

    def work(act: Act) -> Answer:
        made = reassigning.reassign(act, dose_id, ordered.command, signing, second)
        return dose(doses.get(act.db, act.actor.site.id, made))

    return act(work, key_required=True).answer


def _dispense(ordered: Dispensing) -> Answer:
    signing = proved(ordered.signing)
    second = _proved(ordered.second) if ordered.second else None

    def work(act: Act) -> Answer:
        dose_id = dispensing.dispense(act, ordered.command, signing, second)
        return dose(doses.get(act.db, act.actor.site.id, dose_id))

    return act(work, key_required=True).answer


def _proved(second: Second) -> Second:
    return replace(second, signing=proved(second.signing))
