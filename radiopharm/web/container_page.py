"""A container's page: what is in it, may it leave, and the one act that is being done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from radiopharm.core.checking import ContainerAt, without_impurities
from radiopharm.core.containers import MIX, UNITS, WasteContainer
from radiopharm.core.day_limits import over_the_day
from radiopharm.core.decay_views import decay_view
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.log_fits import FORMULA
from radiopharm.core.refusals import Conflict, NotFound, Refusal
from radiopharm.core.rule_packs import editions_at
from radiopharm.core.states import LEFT, ContainerState
from radiopharm.core.stock import VialAt
from radiopharm.services import containers, day_account, stock
from radiopharm.store import Connection, accounts, administrations, doses, instruments
from radiopharm.web import access
from radiopharm.web.access import may
from radiopharm.web.asked import asked_at
from radiopharm.web.formatting import site_zone
from radiopharm.web.forms import Form
from radiopharm.web.release_offers import Offers, derogation_offers, release_offers

CODE = re.compile(r"\s*([VD])-0*(\d{1,12})\s*", re.IGNORECASE)
ACTS = {
    "fill": ("Put in", "waste.put_in"),
    "seal": ("Seal", "waste.seal"),
    "measure": ("Measure", "waste.measure"),
    "move": ("Move", "waste.move"),
    "release": ("Release", "releasing.release"),
    "derogate": ("Derogation", "releasing.derogate"),
    "reopen": ("Open again", "waste.reopen"),
    "transfer": ("Transfer", "leaving.transfer"),
    "return": ("Return to supplier", "leaving.return_to_supplier"),
}
WHILE = {
    ContainerState.OPEN: ("fill", "seal", "measure", "move"),
    ContainerState.SEALED: (
        "measure",
        "release",
        "move",
        "transfer",
        "return",
        "reopen",
        "derogate",
    ),
}
OTHER_LINES = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scanned code offers to put in: a vial, a returned dose, or residues of a dose."""

    code: str
    vial: VialAt | None = None
    dose: Any = None
    residues: tuple[Mapping[str, Any], ...] = ()
    unknown: bool = False


def show_container(
    container_id: int,
    act: str,
    form: Form,
    refusals: tuple[Refusal, ...] = (),
    conflict: Conflict | None = None,
) -> str:
    """The page with one act's form: *act*, or what is next in the container's life."""
    look, at = asked_at(request.args, g.now)
    runtime, site = access.runtime(), access.actor().site
    pack = request.args.get("pack")
    asked_pack = pack if pack in runtime.reference.rule_packs else None
    with runtime.reading() as db:
        seen = containers.look(db, runtime.reference, site.id, container_id, at, asked_pack)
        now = containers.look(db, runtime.reference, site.id, container_id, g.now, asked_pack)
        meters = instruments.of_site(db, site.id, InstrumentKind.SURVEY_METER)
        people = accounts.names(db, _people(seen))
        scanned = _scanned(db, request.values.get("code", ""))
        offers = _offers(db, container_id, act)
        day = day_account.today(db, runtime.reference, site, g.now)
    data = runtime.reference.default_nuclear_data
    names = {each.id: f"{each.name} · {each.serial}" for each in meters}
    return render_template(
        "waste/container.html",
        form=form if form.summary or refusals or conflict else Form(_fresh(now)),
        look=look,
        at=at,
        is_now=at == g.now,
        seen=seen,
        now=now,
        has_left=now.state in LEFT,
        what_if=without_impurities(now, data),
        decay=decay_view(now, data),
        formula=FORMULA,
        scanned=scanned,
        source=form.value("source"),
        refusals=refusals,
        offers=offers,
        over_the_day=over_the_day(day, now.check.contents_bq),
        conflict=conflict,
        packs=[(it.code, it.name) for it in editions_at(runtime.reference.rule_packs, g.now)],
        units=UNITS,
        lines=OTHER_LINES,
        meters=[(str(number), name) for number, name in names.items()],
        meter_names=names,
        people=people,
        nuclides=sorted(data.nuclides),
        **_acts(now, act),
    )


def _acts(now: ContainerAt, act: str) -> dict[str, Any]:
    """What this person may do to it now, each with its label, and whose form is shown."""
    acts = {name: ACTS[name][0] for name in WHILE.get(now.state, ()) if may(ACTS[name][1])}
    return {"acts": acts, "chosen": act if act in acts else next(iter(acts), "")}


def _offers(db: Connection, container_id: int, act: str) -> Offers:
    """What is signed as far as it is typed; empty while it cannot be signed."""
    offers = derogation_offers if act == "derogate" else release_offers
    return offers(db, container_id, request.form)


def _fresh(now: ContainerAt) -> dict[str, str]:
    """Boxes as they stand before anybody types: the time is now, never a reading."""
    local = g.now.astimezone(site_zone())
    instants = ("put_in_at", "sealed_at", "measured_at")
    found = {f"{name}_date": f"{local:%Y-%m-%d}" for name in instants}
    found |= {f"{name}_time": f"{local:%H:%M}" for name in instants}
    return {**found, "source": "other", "activities.0.nuclide": _usual(now.container)}


def _usual(container: WasteContainer) -> str:
    """The nuclide of other material unless somebody types one; a mixed container has none."""
    return "" if container.nuclide == MIX else container.nuclide


def _people(seen: ContainerAt) -> set[int]:
    found = seen.container
    done = (*found.items, *found.events, *([found.release] if found.release else []))
    return {found.opened_by, *(each.actor_id for each in done)}


def _scanned(db: Connection, code: str) -> Scanned | None:
    if not code.strip():
        return None
    match = CODE.fullmatch(code)
    try:
        if match is None:
            raise NotFound(code)
        find = _vial if match[1].upper() == "V" else _dose
        return find(db, int(match[2]))
    except NotFound:
        return Scanned(code=code, unknown=True)


def _vial(db: Connection, vial_id: int) -> Scanned:
    reference, site_id = access.runtime().reference, access.actor().site.id
    vial = stock.look(db, reference, site_id, vial_id, g.now, g.now)
    return Scanned(code=vial.vial.code, vial=vial)


def _dose(db: Connection, dose_id: int) -> Scanned:
    dose = doses.get(db, access.actor().site.id, dose_id)
    given = administrations.of_dose(db, dose_id)
    residues = tuple(given["residues"]) if given else ()
    return Scanned(code=dose.code, dose=dose, residues=residues)
