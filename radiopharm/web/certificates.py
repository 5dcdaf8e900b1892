"""The certificate of a container's release, to hand to an inspector."""

from functools import partial

from flask import Blueprint, Response, g

from radiopharm.documents.release_certificates import file_name, release_certificate
from radiopharm.services import release_certificates
from radiopharm.web import access, downloads

bp = Blueprint("certificates", __name__)


@bp.get("/waste/<int:container_id>/certificate.pdf")
def release(container_id: int) -> Response:
    """The signed facts of a release as PDF; its printing is in the audit with their hash."""
    take = partial(release_certificates.take, container_id=container_id)
    made = access.runtime().taken(take, access.actor(), g.now)
    return downloads.opened(release_certificate(made), file_name(made))
