"""What became of a vial's activity: its ledger, its doses, and where their residues went.

A dose that is drawn has not left: it is here until it is given, thrown away or put back, and a
residue is here until it lies in a container. A dose of several vials is each vial's by its share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.balance import Factor, Life, Movement, Route
from radiopharm.core.ledger import Entry, Kind
from radiopharm.core.vials import Vial


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What the books of containers, or of the drain, say of one act: its principal nuclide."""

    at: datetime
    bq: float
    route: Route = Route.WASTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What was left of a dose, carried to the start of its administration."""

    at_start_bq: float
    placed: Placed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An administration: the dose by its reading and the net, both at the start."""

    at: datetime
    dose_bq: float
    net_bq: float
    residues: tuple[Residue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A vial's part in a dose (Bq at its reference time) and what became of the dose.

    `booked` is what the whole dose is by the books of all its vials, at an instant. `recertified`
    says that the composition of one of them was corrected, which no reading carried before follows.
    """

    reference_bq: int
    drawn_at: datetime
    booked: Factor
    given: Given | None = None
    thrown: Placed | None = None
    returned_at: datetime | None = None
    recertified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything known of one vial; `placed` are its discards by number of entry.

    `recertified` says that its composition was corrected, which no container's book follows.
    """

    vial: Vial
    entries: Sequence[Entry]
    draws: Sequence[Draw]
    placed: Mapping[int, Placed]
    factor: Factor
    recertified: bool = False


def life(books: Books) -> Life:
    """The life that *books* tell."""
    vial = books.vial
    return Life(
        vial_id=vial.id,
        code=vial.code,
        product=vial.product,
        lot=vial.lot,
        nuclide=vial.nuclide,
        movements=(*_of_ledger(books), *_of_doses(books)),
        here=lambda at: _here(books, at),
        factor=books.factor,
    )


_ROUTES = {
    Kind.RECEIVED: Route.RECEIVED,
    Kind.ASSAYED: Route.DIFFERENCE,
    Kind.DISCARDED: Route.WASTE,
    Kind.TRANSFERRED: Route.TRANSFERRED,
}


def _of_ledger(books: Books) -> Iterable[Movement]:
    kinds = {entry.sequence: entry.kind for entry in books.entries}
    for entry in books.entries:
        kind = kinds[entry.reverses] if entry.reverses is not None else entry.kind
        if kind not in _ROUTES:
            continue  # to a dose and back, or water: nothing came or left
        booked = entry.change.reference_bq * books.factor(entry.occurred_at)
        if entry.sequence in books.placed:
            placed = books.placed[entry.sequence]
            yield from _into(-booked, placed, recertified=books.recertified)
        else:
            route = _ROUTES[kind]
            bq = booked if route is Route.RECEIVED else -booked
            yield Movement(at=entry.occurred_at, route=route, bq=bq)


def _of_doses(books: Books) -> Iterable[Movement]:
    for draw in books.draws:
        if draw.thrown is not None:
            share = _share(books, draw, draw.thrown.at)
            booked = draw.reference_bq * books.factor(draw.thrown.at)
            yield from _into(booked, draw.thrown, share, recertified=draw.recertified)
        if draw.given is not None:
            yield from _of_given(books, draw, draw.given)


def _of_given(books: Books, draw: Draw, given: Given) -> Iterable[Movement]:
    share = _share(books, draw, given.at)
    left_bq = sum(residue.at_start_bq for residue in given.residues)
    measured_bq = given.net_bq + left_bq if draw.recertified else given.dose_bq
    difference = draw.reference_bq * books.factor(given.at) - measured_bq * share
    yield Movement(at=given.at, route=Route.ADMINISTERED, bq=given.net_bq * share)
    yield Movement(at=given.at, route=Route.DIFFERENCE, bq=difference)
    for residue in given.residues:
        if residue.placed is not None:
            at = residue.placed.at
            booked = _left_over(draw, given, residue) * books.factor(at)
            part = _share(books, draw, at)
            yield from _into(booked, residue.placed, part, recertified=draw.recertified)


def _into(
    booked: float, placed: Placed, share: float = 1.0, *, recertified: bool
) -> Iterable[Movement]:
    """What containers took, by their own books; it must be what the vial's book says."""
    yield Movement(at=placed.at, route=placed.route, bq=placed.bq * share)
    if recertified:
        difference = booked - placed.bq * share
        yield Movement(at=placed.at, route=Route.DIFFERENCE, bq=difference)


def in_hand(books: Books, at: datetime) -> float:
    """Bq at the vial's reference time in its doses that are here at *at*, and in their residues."""
    residues = (
        _left_over(draw, draw.given, residue)
        for draw in books.draws
        if draw.given is not None and draw.given.at <= at
        for residue in draw.given.residues
        if residue.placed is None or residue.placed.at > at
    )
    return sum(draw.reference_bq for draw in books.draws if _is_out(draw, at)) + sum(residues)


def _here(books: Books, at: datetime) -> float:
    """In the vial by the balance its newest entry says, in its doses, and in their residues."""
    return (_in_vial(books, at) + in_hand(books, at)) * books.factor(at)


def _in_vial(books: Books, at: datetime) -> int:
    if not books.entries:
        return 0
    later = sum(e.change.reference_bq for e in books.entries if e.occurred_at > at)
    return books.entries[-1].after.reference_bq - later


def _is_out(draw: Draw, at: datetime) -> bool:
    ends = (
        draw.given.at if draw.given else None,
        draw.thrown.at if draw.thrown else None,
        draw.returned_at,
    )
    return draw.drawn_at <= at and all(end is None or end > at for end in ends)


def _left_over(draw: Draw, given: Given, residue: Residue) -> float:
    """This vial's part of a residue, in Bq at its reference time: it decays as the vial does."""
    booked = draw.booked(given.at)
    return residue.at_start_bq * draw.reference_bq / booked if booked else 0.0


def _share(books: Books, draw: Draw, at: datetime) -> float:
    """This vial's part of its dose at *at*; of nothing it is nothing."""
    booked = draw.booked(at)
    return draw.reference_bq * books.factor(at) / booked if booked else 0.0
