"""Vials at the instant a register shows, as the books then had them."""

from collections.abc import Iterator
from dataclasses import replace

from radiopharm.core.lives import Books
from radiopharm.core.stock import VialAt, seen
from radiopharm.services.balances import books_of
from radiopharm.services.registers.reading import Reading
from radiopharm.store import ledgers
from radiopharm.store import vials as stored
from radiopharm.store.registers import vials


def held(reading: Reading) -> list[VialAt]:
    """The vials that held something at the instant, by nuclide, without what was recorded later."""
    db, asked = reading.db, reading.asked
    ids = vials.held(reading.site.id, asked)
    balances = ledgers.balances_at(db, ids, asked.at, asked.known_at)
    found = []
    for vial in stored.chosen(db, reading.site.id, ids, asked.known_at):
        known = tuple(event for event in vial.events if event.recorded_at <= asked.known_at)
        as_known = replace(vial, events=known)
        found.append(seen(as_known, balances[vial.id], asked.at, reading.reference))
    return found


def books(reading: Reading) -> Iterator[Books]:
    """The books of every vial that had come by the instant, as they were known."""
    ids = vials.come(reading.site.id, reading.asked)
    return books_of(reading.db, reading.reference, reading.site.id, ids, reading.asked.known_at)
