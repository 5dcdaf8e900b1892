"""A container is handed over, each way from its own form on the container's page."""

from typing import Any

from flask import Blueprint

from radiopharm.schemas.leaving import (
    ReturnContainerSchema,
    TransferContainerSchema,
)
from radiopharm.services import leaving
from radiopharm.web.waste import do

bp = Blueprint("leaving", __name__)


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
