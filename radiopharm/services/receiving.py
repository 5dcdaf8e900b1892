"""A delivery becomes a vial, and a second person accepts it."""

from datetime import datetime

from radiopharm.core import accepting
from radiopharm.core import receiving as rules
from radiopharm.core.accepting import Acceptance
from radiopharm.core.actions import Action
from radiopharm.core.ledger import Amount, Kind, Ledger, post
from radiopharm.core.receiving import Delivery, ReceiveVial
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.core.vials import Happening, VialEvent
from radiopharm.store import Connection, directives, ledgers, vials
from radiopharm.store.acts import Act


def receive(act: Act, command: ReceiveVial) -> int:
    """Write the vial with its opening entry and its own copy of the half-life; returns its id.

    Raises `Invalid` with every reason why the delivery cannot be as written.
    """
    delivery = describe(act.db, act.actor.site.id, act.reference, command, act.now)
    if broken := rules.refusals(delivery):
        raise Invalid(broken)
    composition = rules.composition(delivery)
    opening = post(
        Ledger(),
        Kind.RECEIVED,
        Amount(volume_ul=command.volume_ul, reference_bq=command.activity_bq),
        occurred_at=command.received_at,
        recorded_at=act.now,
        reason=command.reason,
    )

    vial_id = vials.add(act.db, _row(act, delivery), composition)
    ledgers.append(act.db, vial_id, opening, actor_id=act.actor.id)
    for event in _first_events(act, command):
        vials.add_event(act.db, vial_id, event)
    act.record(
        Action.VIAL_RECEIVED,
        f"vial:{vial_id}",
        reason=command.reason,
        product=command.product,
        lot=command.lot,
        activity=command.activity_text,
        volume=command.volume_text,
        reference_at=command.reference_at,
        expires_at=command.expires_at,
        impurities={i.nuclide: i.stated_ratio for i in composition},
        warnings=[warning.code for warning in rules.warnings(delivery)],
    )
    return vial_id


def accept(act: Act, vial_id: int, after_sequence: int, reason: str) -> None:
    """Make a vial available; raises `Refused` with every reason, `Conflict` on a stale page."""
    vial = vials.get(act.db, act.actor.site.id, vial_id)
    vials.require_sequence(vial, after_sequence)
    acceptance = Acceptance(
        vial=vial,
        product=act.reference.products[vial.product],
        actor_id=act.actor.id,
        reason=reason,
        now=act.now,
    )
    if broken := accepting.refusals(acceptance):
        raise Refused(broken)

    vials.add_event(
        act.db,
        vial_id,
        VialEvent(
            kind=Happening.ACCEPTED,
            occurred_at=act.now,
            recorded_at=act.now,
            actor_id=act.actor.id,
            reason=reason,
        ),
    )
    act.record(
        Action.VIAL_ACCEPTED, f"vial:{vial_id}", reason=reason, own_delivery=acceptance.is_own
    )


def describe(
    db: Connection, site_id: int, reference: Reference, command: ReceiveVial, now: datetime
) -> Delivery:
    """The command beside its product and the directive it is kept for; `Invalid` if unknown."""
    product = reference.products.get(command.product)
    if product is None:
        raise _unknown("product", "Choose a product from the list.")
    kept_for = None
    if command.directive_id is not None:
        found = directives.by_ids(db, site_id, [command.directive_id])
        if not found:
            raise _unknown("directive_id", "There is no such directive.")
        kept_for = found[0]
    data = product.nuclear_data(reference.default_nuclear_data)
    return Delivery(command=command, product=product, data=data, now=now, kept_for=kept_for)


def _unknown(field: str, message: str) -> Invalid:
    code = f"unknown_{field.removesuffix('_id')}"
    return Invalid([Refusal(code=code, field=field, message=message)])


def _row(act: Act, delivery: Delivery) -> dict[str, object]:
    command, product = delivery.command, delivery.product
    nuclide = delivery.data.get(product.nuclide)
    return {
        "site_id": act.actor.site.id,
        "product": product.code,
        "nuclide": product.nuclide,
        "lot": command.lot,
        "reference_at": command.reference_at,
        "reference_zone": command.reference_zone,
        "half_life_s": nuclide.half_life_s,
        "half_life_text": nuclide.half_life_text,
        "half_life_source": nuclide.source,
        "data_set": act.reference.default_data_set,
        "expires_at": command.expires_at,
        "received_at": command.received_at,
        "received_by": act.actor.id,
        "recorded_at": act.now,
        "activity_text": command.activity_text,
        "volume_text": command.volume_text,
    }


def _first_events(act: Act, command: ReceiveVial) -> list[VialEvent]:
    found = []
    if command.place is not None:
        found.append((Happening.MOVED, command.place, None))
    if command.directive_id is not None:
        found.append((Happening.ALLOCATED, None, command.directive_id))
    return [
        VialEvent(
            kind=kind,
            occurred_at=command.received_at,
            recorded_at=act.now,
            actor_id=act.actor.id,
            place=place,
            directive_id=directive_id,
        )
        for kind, place, directive_id in found
    ]
