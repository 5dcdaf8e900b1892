"""What left the house together: a page of consignments, one of them, and who has received it."""

from collections.abc import Sequence

from radiopharm.core import consignments as rules
from radiopharm.core.actions import Action
from radiopharm.core.consignments import Arrival, Consignment, Piece, Receive
from radiopharm.core.containers import ContainerEvent, WasteContainer
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.leaving import Papers
from radiopharm.core.ledger import Entry, Kind
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import NotFound, Refused
from radiopharm.core.vials import Vial, contents, nuclear_data
from radiopharm.core.waste import contents as held
from radiopharm.store import Connection, consignments, hand_overs, ledgers, vials, waste
from radiopharm.store.acts import Act
from radiopharm.store.consignments import Key, Part


def page(
    db: Connection, reference: Reference, site: Site, before: Key | None, size: int
) -> tuple[list[Consignment], Key | None]:
    """At most *size* consignments, the one that left last first, and where the next page begins."""
    numbers, following = consignments.numbers(db, site.id, before, size)
    return _found(db, reference, site, numbers), following


def get(db: Connection, reference: Reference, site: Site, number: str) -> Consignment:
    """The consignment of a number; raises `NotFound` where nothing left under it."""
    found = _found(db, reference, site, [number])
    if not found:
        raise NotFound(f"consignment {number}")
    return found[0]


def take(act: Act, number: str, document: str) -> Consignment:
    """A consignment for a *document* of it; that it was made is an event."""
    found = get(act.db, act.reference, act.actor.site, number)
    act.record(
        Action.DOCUMENT_PRINTED,
        *_subjects(act.db, act.actor.site, number),
        document=document,
        number=number,
        sha256=found.sha256,
    )
    return found


def receive(act: Act, command: Receive) -> int:
    """Record who took a consignment over; returns the receipt's id. `Refused` with all reasons."""
    site = act.actor.site
    found = get(act.db, act.reference, site, command.number)
    arrival = Arrival(command=command, consignment=found, now=act.now)
    if broken := rules.refusals(arrival):
        raise Refused(broken)
    receipt_id = consignments.add_receipt(
        act.db, command, site_id=site.id, recorded_at=act.now, actor_id=act.actor.id
    )
    act.record(
        Action.CONSIGNMENT_RECEIVED,
        *_subjects(act.db, site, command.number),
        number=command.number,
        received_by=command.received_by,
        received_at=command.received_at,
        documents=command.documents,
    )
    return receipt_id


def _found(
    db: Connection, reference: Reference, site: Site, numbers: Sequence[str]
) -> list[Consignment]:
    parts = consignments.parts(db, site.id, numbers)
    receipts = consignments.receipts(db, site.id, numbers)
    ids = [part.container_id for found in parts.values() for part in found if part.container_id]
    bags = {it.id: it for it in waste.by_ids(db, site.id, ids)}
    return [
        Consignment(
            site=site,
            number=number,
            pieces=tuple(_piece(db, reference, site, part, bags) for part in parts[number]),
            receipts=tuple(receipts[number]),
        )
        for number in numbers
        if parts[number]
    ]


def _subjects(db: Connection, site: Site, number: str) -> list[str]:
    named = (
        f"container:{part.container_id}" if part.container_id else f"vial:{part.vial_id}"
        for part in consignments.parts(db, site.id, [number])[number]
    )
    return list(dict.fromkeys(named))


def _piece(
    db: Connection, reference: Reference, site: Site, part: Part, bags: dict[int, WasteContainer]
) -> Piece:
    if part.container_id is not None:
        return _of_container(bags[part.container_id], reference)
    assert part.vial_id is not None  # it is one of the two
    vial = vials.get(db, site.id, part.vial_id)
    entries = ledgers.entries(db, vial.id)
    to = hand_overs.of_vial(db, vial.id)[part.sequence or 0]
    left = next(entry for entry in entries if entry.sequence == part.sequence)
    back = any(entry.reverses == left.sequence for entry in entries)
    return Piece(
        code=vial.code,
        what=f"{reference.products[vial.product].name}, lot {vial.lot}",
        way=str(Kind.TRANSFERRED) if to.licence_number else "returned to supplier",
        left_at=left.occurred_at,
        recipient=to.recipient,
        licence=to.licence_number,
        papers=to.papers,
        contents_bq=_in_entry(vial, left, reference),
        undone=back,
    )


def _in_entry(vial: Vial, left: Entry, reference: Reference) -> dict[str, float] | None:
    try:
        return contents(vial, -left.change, left.occurred_at, nuclear_data(vial, reference))
    except (OutOfRange, UndefinedBefore):
        return None


def _of_container(it: WasteContainer, reference: Reference) -> Piece:
    departure = it.departure
    assert departure is not None  # it left under this number
    to, licence, papers = _release(it) if it.release else _event(_hand_over(it))
    return Piece(
        code=it.code,
        what=f"{it.kind}, {it.number or it.nuclide}",
        way=departure.way,
        left_at=departure.left_at,
        recipient=to,
        licence=licence,
        papers=papers,
        contents_bq=held(it.facts(), departure.left_at, reference.default_nuclear_data),
    )


def _hand_over(it: WasteContainer) -> ContainerEvent:
    return next(event for event in it.events if event.papers)


def _event(event: ContainerEvent) -> tuple[str, str, Papers]:
    return event.recipient or "", event.licence or "", event.papers or Papers()


def _release(it: WasteContainer) -> tuple[str, str, Papers]:
    release = it.release
    assert release is not None
    by = release.releaser or release.signature
    out = release.outgoing
    papers = Papers(consignment=out.consignment, handed_over_by=by.signer_name)
    return ", ".join(filter(None, (out.destination, out.route))), "", papers
