"""The registers an inspector asks for: the list of them, each as a page, and each as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, g, render_template, request, send_file, url_for

from radiopharm.core.periods import Period, usual
from radiopharm.core.refusals import Invalid, NotFound
from radiopharm.core.register_cells import heading, shown
from radiopharm.core.registers import Asked
from radiopharm.documents.registers import FORMATS, Taken, counted, emptiness, file_name
from radiopharm.jobs import bundling
from radiopharm.schemas.instants import instant_out
from radiopharm.schemas.registers import COMMA, RegisterQuery, asked
from radiopharm.services import registers
from radiopharm.web import access, downloads, forms
from radiopharm.web.access import may
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form, Unreadable
from radiopharm.web.operations import page_of

bp = Blueprint("registers", __name__)
MOST_SHOWN = 200
BOXES = ("period", "from", "to", "known_at", "known_at_date", "known_at_time", "lot", "decimal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the address asks for, the boxes that show it, and how links to files carry it on."""

    asked: Asked
    form: Form
    carried: Mapping[str, str]

    @property
    def status(self) -> int:
        return 422 if self.form.summary else 200


@bp.get("/registers")
def index() -> tuple[str, int]:
    """Every register the person may read, for the period the address asks for."""
    listed = groupby(registers.readable(access.actor()), key=lambda it: it.group)
    groups = [(group, list(found)) for group, found in listed]
    return _page("registers/list.html", _question(), groups=groups)


@bp.get("/registers/<name>")
def show(name: str) -> tuple[str, int]:
    """One register; of a long one the first entries, its files have them all."""
    question, runtime = _question(), access.runtime()
    with runtime.reading() as db:
        filled = registers.fill(db, runtime.reference, access.actor(), name, question.asked)
    return _page(
        "registers/page.html",
        question,
        filled=filled,
        lines=filled.lines[:MOST_SHOWN],
        counted=counted(filled),
        emptiness=emptiness(filled),
        heading=heading,
        shown=shown,
        leads_to=_leads_to,
        site_zone=site_zone(),
    )


@bp.get("/registers/<name>.<form>")
def export(name: str, form: str) -> Response:
    """The register as a file; that it was taken is an event with the hash of its data."""
    if form not in FORMATS:
        raise NotFound(f"format {form}")
    query = _load(request.args)
    wanted = asked(query, access.actor().site, g.now)
    take = partial(registers.take, name=name, asked=wanted, form=form)
    filled = access.runtime().taken(take, access.actor(), g.now)
    taken = Taken(
        filled=filled,
        by=access.actor().display_name,
        at=g.now,
        decimal_comma=query["decimal"] == COMMA,
    )
    made = FORMATS[form]
    return downloads.kept(made.make(taken), file_name(filled, form), made.mimetype)


@bp.get("/registers/bundle.zip")
def bundle() -> Response:
    """Everything an inspector takes along: registers, events, seals, manifest, verifiers."""
    query = _load(request.args)
    wanted = asked(query, access.actor().site, g.now)
    file = bundling.bundled(access.runtime(), access.actor(), wanted)
    name = bundling.file_name(wanted)
    return send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)


@bp.errorhandler(Unreadable)
def unreadable(_: Unreadable) -> tuple[str, int]:
    """The list of registers with what is wrong, where a file was asked for in other words."""
    return index()


def _leads_to(code: str) -> str:
    """The address of a code's page; empty for who may not see it, and for what is no code."""
    page, values = page_of(code)
    return url_for(page, **values) if page and may(page) else ""


def _page(template: str, question: Question, **more: Any) -> tuple[str, int]:
    zone = site_zone().key
    today = Period.of_instant(g.now, zone).first
    page = render_template(
        template,
        asked=question.asked,
        form=question.form,
        carried=question.carried,
        usual=list(usual(today)),
        saved_note="This month is shown instead.",
        **more,
    )
    return page, question.status


def _question() -> Question:
    """What the address asks for; this month where it cannot be read, and why under the boxes."""
    typed, site = request.args.to_dict(), access.actor().site
    try:
        query = _load(typed)
        wanted, errors = asked(query, site, g.now), {}
    except (Unreadable, Invalid) as unclear:
        query = _load({})
        wanted, errors = asked(query, site, g.now), forms.refused(typed, unclear).by_box
    return Question(
        asked=wanted,
        form=Form({**typed, **_boxes(query, wanted)} if not errors else typed, errors),
        carried=_carried(query, wanted),
    )


def _boxes(query: Mapping[str, Any], wanted: Asked) -> dict[str, str]:
    days = {"from": f"{wanted.period.first}", "to": f"{wanted.period.last}"}
    days["decimal"] = query["decimal"]
    if "known_at" not in query:
        return days
    local = wanted.known_at.astimezone(site_zone())
    return {**days, "known_at_date": f"{local:%Y-%m-%d}", "known_at_time": f"{local:%H:%M:%S}"}


def _carried(query: Mapping[str, Any], wanted: Asked) -> dict[str, str]:
    carried = {"from": f"{wanted.period.first}", "to": f"{wanted.period.last}"}
    if "known_at" in query:
        carried["known_at"] = instant_out(wanted.known_at)
    named = {name: query[name] for name in ("lot", "decimal") if query[name]}
    return {**carried, **named}


def _load(typed: Mapping[str, str]) -> Any:
    """The question as typed; a day of knowing without its time means all of it, today until now."""
    boxes = {name: text for name, text in typed.items() if name in BOXES}
    if boxes.get("known_at_date") and not boxes.get("known_at_time"):
        boxes["known_at_time"] = "23:59:59"
        if boxes["known_at_date"] == f"{g.now.astimezone(site_zone()):%Y-%m-%d}":
            del boxes["known_at_date"], boxes["known_at_time"]
    return forms.load(RegisterQuery(), {**boxes, "known_at_zone": site_zone().key})
