"""Waste containers by JSON: filled, sealed, measured, checked, and how they leave."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import g

from radiopharm.api import waste_schemas as schemas
from radiopharm.api import waste_shapes as shapes
from radiopharm.api.access import act, actor, proved, runtime
from radiopharm.api.paging import key_of, page
from radiopharm.api.schemas import AtQuery, page_of
from radiopharm.api.signature_shapes import TicketOut, offer
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.core.checking import without_impurities
from radiopharm.core.derogating import DerogateContainer
from radiopharm.core.filling import Measure, OpenContainer, PutItem, Reopen, Seal
from radiopharm.core.leaving import HandOver
from radiopharm.core.releasing import ReleaseContainer
from radiopharm.schemas import leaving as leaving_schemas
from radiopharm.schemas import page_keys
from radiopharm.schemas import waste as waste_schemas
from radiopharm.services import containers, day_account, derogating, leaving, releasing, waste
from radiopharm.services.waste_due import narrowed
from radiopharm.store import waste as store
from radiopharm.store.acts import Act
from radiopharm.store.waste_lists import Filters

blp = JsonBlueprint("waste", "/waste-containers", "Waste containers and their release.")
Answer = dict[str, Any]


@blp.get("")
@blp.arguments(schemas.ContainersQuery, location="query")
@blp.response(200, page_of(schemas.ContainerSummary, "Container"))
def index(query: Answer) -> Answer:
    """A page of containers at an instant, oldest first."""
    states, due = narrowed(query.get("state", ""), query.get("blocked_by"), frozenset())
    (after,) = key_of(query.get("after"), page_keys.number) or (0,)
    with runtime().reading() as db:
        seen, following = containers.page(
            db,
            runtime().reference,
            actor().site,
            query.get("at", g.now),
            filters=Filters(nuclide=query.get("nuclide"), states=states),
            due=due,
            blocked_by=query.get("blocked_by"),
            after=after,
            size=query["limit"],
        )
    return page(map(shapes.summary, seen), (following,) if following else None)


@blp.post("")
@blp.arguments(waste_schemas.OpenContainerSchema)
@blp.response(201, schemas.ContainerOut)
def open_container(command: OpenContainer) -> Answer:
    """Open a container for one nuclide, or for any: `MIX`."""

    def work(act: Act) -> Answer:
        return _look(act, waste.open_container(act, command, runtime().container_numbers))

    return act(work, key_required=True).answer


@blp.get("/<int:container_id>")
@blp.arguments(AtQuery(only=["at"]), location="query")
@blp.response(200, schemas.ContainerOut)
def show(query: Answer, container_id: int) -> Answer:
    """A container at any instant: state, contents with their working, everything that happened."""
    at = query.get("at", g.now)
    with runtime().reading() as db:
        seen = containers.look(db, runtime().reference, actor().site.id, container_id, at)
    return shapes.container(seen, runtime().reference.default_nuclear_data)


@blp.post("/<int:container_id>/items")
@blp.arguments(waste_schemas.PutItemSchema)
@blp.response(201, schemas.ItemOut)
def put_in(command: PutItem, container_id: int) -> Answer:
    """Put a remainder, a returned dose, a residue or other material in."""

    def work(act: Act) -> Answer:
        item_id = waste.put_in(act, container_id, command)
        container = store.get(act.db, act.actor.site.id, container_id)
        return next(shapes.item(each) for each in container.items if each.id == item_id)

    return act(work, key_required=True).answer


@blp.post("/<int:container_id>/seal")
@blp.arguments(waste_schemas.SealContainerSchema)
@blp.response(200, schemas.ContainerOut)
def seal(command: Seal, container_id: int) -> Answer:
    """Close a container for good."""
    return _do(container_id, lambda act: waste.seal(act, container_id, command))


@blp.post("/<int:container_id>/reopen")
@blp.arguments(waste_schemas.ReopenContainerSchema)
@blp.response(200, schemas.ContainerOut)
def reopen(command: Reopen, container_id: int) -> Answer:
    """Open a sealed container again, with a reason; it is measured and sealed anew."""
    return _do(container_id, lambda act: waste.reopen(act, container_id, command))


@blp.post("/<int:container_id>/move")
@blp.arguments(waste_schemas.MoveContainerSchema)
@blp.response(200, schemas.ContainerOut)
def move(command: Answer, container_id: int) -> Answer:
    """Put a container somewhere else."""
    return _do(container_id, lambda act: waste.move(act, container_id, **command))


@blp.post("/<int:container_id>/measurements")
@blp.arguments(waste_schemas.MeasureContainerSchema)
@blp.response(201, schemas.MeasurementOut)
def measure(reading: Measure, container_id: int) -> Answer:
    """Record a reading at the surface against background."""

    def work(act: Act) -> Answer:
        measurement_id = waste.measure(act, container_id, reading)
        container = store.get(act.db, act.actor.site.id, container_id)
        made = next(each for each in container.measurements if each.id == measurement_id)
        return shapes.measurement(made)

    return act(work, key_required=True).answer


@blp.get("/<int:container_id>/release-check")
@blp.arguments(schemas.CheckQuery, location="query")
@blp.response(200, schemas.CheckOut)
def release_check(query: Answer, container_id: int) -> Answer:
    """Every leg of the rules at an instant, and the earliest from which they all hold for good.

    Beside it stands what would come out had nothing but the principal nuclide gone in.
    """
    at, pack = query.get("at", g.now), query.get("pack")
    with runtime().reading() as db:
        seen = containers.look(db, runtime().reference, actor().site.id, container_id, at, pack)
    ideal = without_impurities(seen, runtime().reference.default_nuclear_data)
    return shapes.check(seen, ideal)


@blp.post("/<int:container_id>/release")
@blp.arguments(leaving_schemas.ReleaseContainerSchema)
@blp.response(201, schemas.ReleaseOut)
def release(command: ReleaseContainer, container_id: int) -> Answer:
    """Release a container, once, with a safety officer's signature by password.

    Where pack or site want two people, somebody else signs as `releaser`.
    """
    releaser = proved(command.releaser) if command.releaser else None
    signed = replace(command, signature=proved(command.signature), releaser=releaser)
    return _let_go(container_id, lambda act: releasing.release(act, container_id, signed))


@blp.post("/<int:container_id>/sign-ticket")
@blp.arguments(leaving_schemas.ReleaseTicketSchema)
@blp.response(200, TicketOut)
def sign_ticket(asked: Answer, container_id: int) -> Answer:
    """The text of a release as its check stands now, and a ticket for exactly that."""
    here, who = runtime(), actor()
    outgoing, meaning = asked["outgoing"], asked["meaning"] or releasing.MEANING
    with here.reading() as db:
        seen = containers.look(db, here.reference, who.site.id, container_id, g.now, asked["pack"])
        day = day_account.today(db, here.reference, who.site, g.now)
    store.require_sequence(seen.container, asked["after_sequence"])
    statement = releasing.statement(seen, outgoing, who, meaning)
    broken = releasing.refusals(seen, outgoing, who, day, has_releaser=asked["has_releaser"])
    return offer(statement, broken)


@blp.post("/<int:container_id>/derogation")
@blp.arguments(leaving_schemas.DerogateContainerSchema)
@blp.response(201, schemas.ReleaseOut)
def derogate(command: DerogateContainer, container_id: int) -> Answer:
    """Let a sealed container go though a leg fails: derogator and safety officer sign."""
    signed = replace(command, signature=proved(command.signature), officer=proved(command.officer))
    return _let_go(container_id, lambda act: derogating.derogate(act, container_id, signed))


@blp.post("/<int:container_id>/derogation-ticket")
@blp.arguments(leaving_schemas.DerogationTicketSchema)
@blp.response(200, TicketOut)
def derogation_ticket(asked: Answer, container_id: int) -> Answer:
    """The text of a derogation as the check stands now, and a ticket for exactly that."""
    here, who, meaning = runtime(), actor(), asked["meaning"] or derogating.MEANING
    with here.reading() as db:
        seen = containers.look(db, here.reference, who.site.id, container_id, g.now, asked["pack"])
        day = day_account.today(db, here.reference, who.site, g.now)
    store.require_sequence(seen.container, asked["after_sequence"])
    what = (asked["outgoing"], asked["reason"], who)
    statement = derogating.statement(seen, *what, day, meaning)
    return offer(statement, derogating.refusals(seen, *what))


@blp.post("/<int:container_id>/transfer")
@blp.arguments(leaving_schemas.TransferContainerSchema)
@blp.response(200, schemas.ContainerOut)
def transfer(command: HandOver, container_id: int) -> Answer:
    """Hand a sealed container to a licensed recipient."""
    return _do(
        container_id, lambda act: leaving.transfer(act, container_id, command), key_required=True
    )


@blp.post("/<int:container_id>/return-to-supplier")
@blp.arguments(leaving_schemas.ReturnContainerSchema)
@blp.response(200, schemas.ContainerOut)
def return_to_supplier(command: HandOver, container_id: int) -> Answer:
    """Give a sealed container back to the supplier."""
    return _do(
        container_id,
        lambda act: leaving.return_to_supplier(act, container_id, command),
        key_required=True,
    )


def _let_go(container_id: int, change: Callable[[Act], int]) -> Answer:
    def work(act: Act) -> Answer:
        change(act)
        kept = store.get(act.db, act.actor.site.id, container_id).release
        assert kept is not None
        return shapes.release(kept)

    return act(work, key_required=True).answer


def _do(container_id: int, change: Callable[[Act], None], *, key_required: bool = False) -> Answer:
    def work(act: Act) -> Answer:
        change(act)
        return _look(act, container_id)

    return act(work, key_required=key_required).answer


def _look(act: Act, container_id: int) -> Answer:
    site_id = act.actor.site.id
    seen = containers.look(act.db, act.reference, site_id, container_id, act.now)
    return shapes.container(seen, act.reference.default_nuclear_data)
