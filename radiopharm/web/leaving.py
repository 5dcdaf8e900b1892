"""A container's ways out, each from its own form on the container's page."""

from typing import Any

from flask import Blueprint, render_template, request

from radiopharm.schemas.leaving import (
    ReleaseContainerSchema,
    ReturnContainerSchema,
    TransferContainerSchema,
)
from radiopharm.services import leaving
from radiopharm.web import access
from radiopharm.web.container_page import release_offer
from radiopharm.web.waste import do

bp = Blueprint("leaving", __name__)


@bp.post("/waste/<int:container_id>/release")
def release(container_id: int) -> Any:
    """Release the container with a safety officer's signature."""
    schema = ReleaseContainerSchema()
    change, said = leaving.release, "Released."
    return do(container_id, "release", schema, change, said, before=access.with_proof)


@bp.post("/waste/<int:container_id>/statement")
def statement(container_id: int) -> str:
    """What would be signed now of the release as typed, with a new ticket."""
    with access.runtime().reading() as db:
        offered = release_offer(db, container_id, request.form)
    return render_template("waste/statement.html", offer=offered)


@bp.post("/waste/<int:container_id>/transfer")
def transfer(container_id: int) -> Any:
    """Hand the container to a licensed recipient."""
    schema = TransferContainerSchema()
    return do(container_id, "transfer", schema, leaving.transfer, "Transferred.")


@bp.post("/waste/<int:container_id>/return-to-supplier")
def return_to_supplier(container_id: int) -> Any:
    """Give the container back to the supplier."""
    schema = ReturnContainerSchema()
    return do(container_id, "return", schema, leaving.return_to_supplier, "Returned.")
