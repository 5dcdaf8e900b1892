"""Registers for programs: which there are, and each as a file; taking one is an event."""

from typing import Any

from flask import Response, g
from marshmallow import Schema, fields

from radiopharm.api.access import act, actor
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.refusals import NotFound
from radiopharm.core.registers import Filled, Register
from radiopharm.documents.registers import FORMATS, Taken, file_name
from radiopharm.schemas.registers import COMMA, RegisterQuery, asked
from radiopharm.services import registers
from radiopharm.store.acts import Act

blp = JsonBlueprint("registers", "/registers", "What an inspector asks for, by period.")
FILE = {
    "200": {
        "description": "The register; its JSON is what the other formats show.",
        "content": {
            form.mimetype: {"schema": {"type": "object" if name == "json" else "string"}}
            for name, form in FORMATS.items()
        },
    }
}


class ColumnOut(Schema):
    """A column: its name in JSON, its title, the unit it has in JSON ("" where it has none)."""

    name = fields.String()
    title = fields.String()
    unit = fields.Function(lambda column: column.kind.raw_unit)


class RegisterOut(Schema):
    """A register; `of_instant` shows how things stood at the end of the period."""

    name = fields.String()
    title = fields.String()
    about = fields.String()
    group = fields.Function(lambda register: str(register.group))
    of_instant = fields.Boolean()
    by_lot = fields.Boolean()
    columns = fields.List(fields.Nested(ColumnOut))


class RegistersOut(Schema):
    """Every register that this token may read."""

    items = fields.List(fields.Nested(RegisterOut))


@blp.get("")
@blp.response(200, RegistersOut)
def index() -> dict[str, list[Register]]:
    """The registers this person may read."""
    return {"items": registers.readable(actor())}


@blp.get("/<name>.<form>")
@blp.arguments(RegisterQuery, location="query")
@blp.doc(responses=FILE)
def export(query: dict[str, Any], name: str, form: str) -> Response:
    """A register as PDF, XLSX, CSV or JSON, for a period and as known at an instant."""
    if form not in FORMATS:
        raise NotFound(f"format {form}")
    wanted = asked(query, actor().site, g.now)
    taken: list[Filled] = []

    def work(act: Act) -> dict[str, Any]:
        taken[:] = [registers.take(act, name, wanted, form)]
        return {}

    act(work)
    comma = query["decimal"] == COMMA
    said = Taken(filled=taken[0], by=actor().display_name, at=g.now, decimal_comma=comma)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(taken[0], form)}"'}
    return Response(FORMATS[form].make(said), mimetype=FORMATS[form].mimetype, headers=headers)
