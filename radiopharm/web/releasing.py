"""A container is released, or let go by derogation, from its own page."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from radiopharm.core.derogating import DerogateContainer
from radiopharm.core.releasing import ReleaseContainer
from radiopharm.schemas.leaving import DerogateContainerSchema, ReleaseFormSchema
from radiopharm.services import derogating, releasing
from radiopharm.web import access
from radiopharm.web.release_offers import derogation_offers, release_offers
from radiopharm.web.waste import do

bp = Blueprint("releasing", __name__)


@bp.post("/waste/<int:container_id>/release")
def release(container_id: int) -> Any:
    """Release the container with a safety officer's signature, and the releaser's."""
    schema = ReleaseFormSchema()
    return do(container_id, "release", schema, releasing.release, "Released.", before=_proved)


@bp.post("/waste/<int:container_id>/statement")
def statement(container_id: int) -> str:
    """What would be signed now of the release as typed, with a new ticket."""
    with access.runtime().reading() as db:
        offers = release_offers(db, container_id, request.form)
    return render_template("waste/statements.html", offers=offers)


@bp.post("/waste/<int:container_id>/derogation")
def derogate(container_id: int) -> Any:
    """Let the container go though a condition is not met: two people sign."""
    schema, said = DerogateContainerSchema(), "It left by derogation."
    return do(container_id, "derogate", schema, derogating.derogate, said, before=_both_proved)


@bp.post("/waste/<int:container_id>/derogation/statement")
def derogation(container_id: int) -> str:
    """What would be signed now of the derogation as typed, with new tickets."""
    with access.runtime().reading() as db:
        offers = derogation_offers(db, container_id, request.form)
    return render_template("waste/statements.html", offers=offers)


def _proved(command: ReleaseContainer) -> ReleaseContainer:
    releaser = access.proved(command.releaser) if command.releaser else None
    return replace(command, signature=access.proved(command.signature), releaser=releaser)


def _both_proved(command: DerogateContainer) -> DerogateContainer:
    signature, officer = access.proved(command.signature), access.proved(command.officer)
    return replace(command, signature=signature, officer=officer)
