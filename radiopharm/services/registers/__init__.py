"""The registers: a file each, with its declaration (`REGISTER`) and how its `lines` are read.

Reading is one way for all: what is asked comes in as a period and a `known_at`, what goes out is a
`Filled` register, which the papers, the page and the programs all show.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol

from radiopharm.core.actions import Action
from radiopharm.core.people import Person, Site
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Forbidden, NotFound, Refusal, Refused
from radiopharm.core.registers import Asked, Filled, Line, Register
from radiopharm.core.rule_packs import edition_at
from radiopharm.services.registers import (
    access_review,
    administrations,
    deviations,
    discharge,
    dispensing,
    expiry,
    instrument_checks,
    instruments,
    inventory,
    limits,
    lot_recall,
    receipts,
    residues,
    vial_balance,
    waste_in_store,
    waste_released,
)
from radiopharm.services.registers.reading import Reading
from radiopharm.store import Connection, rule_packs
from radiopharm.store.acts import Act

MOST_LINES = 20_000


class Source(Protocol):
    """One register's file."""

    REGISTER: Register

    def lines(self, reading: Reading) -> Iterable[Line]: ...


SOURCES: tuple[Source, ...] = (
    inventory,
    receipts,
    vial_balance,
    limits,
    expiry,
    dispensing,
    administrations,
    residues,
    lot_recall,
    waste_in_store,
    waste_released,
    discharge,
    deviations,
    instruments,
    instrument_checks,
    access_review,
)
REGISTERS = {source.REGISTER.name: source.REGISTER for source in SOURCES}


def readable(person: Person) -> list[Register]:
    """The registers that a person may read, in the order they are listed."""
    return [it for it in REGISTERS.values() if not it.roles or person.has(*it.roles)]


def fill(db: Connection, reference: Reference, person: Person, name: str, asked: Asked) -> Filled:
    """The register *name* of the person's site as *asked*.

    Raises `NotFound` for an unknown name, `Forbidden` where it is for other roles, `Refused` when
    it has more lines than a paper or a spreadsheet bears.
    """
    return _filled(_source(name, person), db, reference, person.site, asked)


def take(act: Act, name: str, asked: Asked, form: str) -> Filled:
    """The same to be taken out of the house as *form*, which is an event with the data's hash."""
    filled = fill(act.db, act.reference, act.actor, name, asked)
    _record(act, asked, register=name, format=form, rows=len(filled.lines), sha256=filled.sha256)
    return filled


def take_all(act: Act, asked: Asked) -> list[Filled]:
    """Every register for an inspector's bundle; one event names the hash of each.

    Who may take the bundle may read all of them.
    """
    filled = [_filled(it, act.db, act.reference, act.actor.site, asked) for it in SOURCES]
    _record(act, asked, registers={it.register.name: it.sha256 for it in filled})
    return filled


def _record(act: Act, asked: Asked, **what: Any) -> None:
    period = asked.period
    act.record(
        Action.EXPORTED,
        since=period.since,
        until=period.until,
        known_at=asked.known_at,
        lot=asked.lot,
        **what,
    )


def _filled(
    source: Source, db: Connection, reference: Reference, site: Site, asked: Asked
) -> Filled:
    if not source.REGISTER.by_lot:
        asked = replace(asked, lot="")
    reading = Reading(db=db, site=site, reference=reference, asked=asked)
    lines = tuple(source.lines(reading))
    if len(lines) > MOST_LINES:
        raise Refused([_too_many(len(lines), source.REGISTER, asked)])
    return Filled(
        register=source.REGISTER,
        site=site,
        asked=asked,
        versions=versions(db, reference, site, asked),
        lines=lines,
    )


def _too_many(entries: int, register: Register, asked: Asked) -> Refusal:
    """How to take a register in parts that together are the whole of it."""
    said = f"{entries:,} entries are more than the {MOST_LINES:,} that a paper bears."
    parts = list(asked.period.parts(-(-entries // MOST_LINES)))
    if register.of_instant or len(parts) == 1:
        said += " Take them by the lists of stock and waste, which have pages."
    else:
        named = ", ".join(f"{part.first} to {part.last}" for part in parts)
        said += f" Take it in {len(parts)} parts, each known at the same instant: {named}."
    return Refusal(code="too_many", field="period", message=said)


def versions(db: Connection, reference: Reference, site: Site, asked: Asked) -> tuple[str, ...]:
    """By which rules and with which nuclear data a register was made."""
    data = reference.default_nuclear_data
    code = rule_packs.chosen(db, site.id, asked.at)
    pack = edition_at(reference.rule_packs, code, asked.at) if code else None
    said = f"{pack.code}, edition {pack.edition}" if pack else "none chosen"
    return f"Rules of release: {said}", f"Nuclear data: {data.name}, {data.edition}"


def _source(name: str, person: Person) -> Source:
    source = next((source for source in SOURCES if source.REGISTER.name == name), None)
    if source is None:
        raise NotFound(f"register {name}")
    if source.REGISTER not in readable(person):
        raise Forbidden
    return source
