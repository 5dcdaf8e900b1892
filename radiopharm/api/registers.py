"""Registers for programs: which there are, and each as a file; taking one is an event."""

from functools import partial
from typing import Any

from flask import Response, g, send_file
from marshmallow import Schema, fields

from radiopharm.api.access import actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.refusals import NotFound
from radiopharm.core.registers import Register
from radiopharm.documents.registers import FORMATS, Taken, file_name
from radiopharm.jobs import bundling
from radiopharm.schemas.registers import COMMA, RegisterQuery, asked
from radiopharm.services import registers

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
BUNDLE = {
    "200": {
        "description": "A ZIP; `READ-ME.txt` in it says how to check it.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
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
    take = partial(registers.take, name=name, asked=wanted, form=form)
    filled = runtime().taken(take, actor(), g.now)
    comma = query["decimal"] == COMMA
    said = Taken(filled=filled, by=actor().display_name, at=g.now, decimal_comma=comma)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(filled, form)}"'}
    return Response(FORMATS[form].make(said), mimetype=FORMATS[form].mimetype, headers=headers)


@blp.get("/bundle.zip")
@blp.arguments(RegisterQuery, location="query")
@blp.doc(responses=BUNDLE)
def bundle(query: dict[str, Any]) -> Response:
    """Everything an inspector takes along: registers, events, seals, manifest, verifiers."""
    wanted = asked(query, actor().site, g.now)
    file, name = bundling.bundled(runtime(), actor(), wanted), bundling.file_name(wanted)
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
