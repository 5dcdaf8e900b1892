"""The day closed by a program that keeps the papers, and a printed foot held against the chain."""

from typing import Any

from flask import Response, g
from marshmallow import Schema, fields

from radiopharm.api.access import actor, runtime
from radiopharm.api.proofs import FaultOut, SealOut
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.seals import NotASeal, read
from radiopharm.documents.day_sheets import day_sheet
from radiopharm.jobs import closing
from radiopharm.schemas.fields import Line
from radiopharm.schemas.registers import DAYS
from radiopharm.services import sealing

blp = JsonBlueprint("day_sheets", "/day-sheets", "The day on paper, its foot a witness.")
PAPER = {
    "200": {
        "description": "The day sheet; the codes at its foot are the seals.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class DaySchema(Schema):
    """A day by the site's calendar."""

    day = fields.Date(required=True, validate=DAYS)


class FootQuery(Schema):
    """What a code at the foot of a day sheet says, or any line of an anchor."""

    line = Line(required=True, most=500)


class FootOut(Schema):
    """The seal as it says of itself, and what speaks against it: null where the chain agrees."""

    seal = fields.Nested(SealOut)
    fault = fields.Nested(FaultOut, allow_none=True)


@blp.post("")
@blp.arguments(DaySchema)
@blp.doc(responses=PAPER)
def close(asked: dict[str, Any]) -> Response:
    """Close a day: all is sealed at once, and the sheet that is answered counts as an anchor."""
    sheet = closing.closed(runtime(), actor(), asked["day"], g.now)
    headers = {"Content-Disposition": f'attachment; filename="day-sheet-{asked["day"]}.pdf"'}
    return Response(day_sheet(sheet), mimetype="application/pdf", headers=headers)


@blp.get("/foot")
@blp.arguments(FootQuery, location="query")
@blp.response(200, FootOut)
def check(query: dict[str, Any]) -> dict[str, Any]:
    """Whether a printed seal is ours, and the chain still holds the event it was made of."""
    try:
        seal = read(query["line"])
    except NotASeal as error:
        said = Refusal(code="not_a_seal", field="line", message="This is no seal of ours.")
        raise Invalid([said]) from error
    with runtime().reading() as db:
        fault = sealing.witness_fault(db, sealing.keys(runtime().settings), seal)
    return {"seal": seal, "fault": fault}
