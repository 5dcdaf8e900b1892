"""The certificate of a container's release, to hand to an inspector."""

from typing import Any

from flask import Blueprint, Response, g

from radiopharm.core.release_certificates import ReleaseCertificate
from radiopharm.documents.release_certificates import release_certificate
from radiopharm.services import release_certificates
from radiopharm.store.acts import Act
from radiopharm.web import access, downloads

bp = Blueprint("certificates", __name__)


@bp.get("/waste/<int:container_id>/certificate.pdf")
def release(container_id: int) -> Response:
    """The signed facts of a release as PDF; its printing is in the audit with their hash."""
    made: list[ReleaseCertificate] = []

    def work(act: Act) -> dict[str, Any]:
        made[:] = [release_certificates.take(act, container_id)]
        return {}

    access.runtime().act(work, actor=access.actor(), now=g.now)
    name = f"{made[0].container.code}-release.pdf"
    return downloads.opened(release_certificate(made[0]), name)
