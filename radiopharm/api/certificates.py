"""The certificate of a container's release, for programs that keep the papers."""

from functools import partial

from flask import Response, g

from radiopharm.api.access import actor, runtime
from radiopharm.api.smorest import JsonBlueprint
from radiopharm.documents.release_certificates import file_name, release_certificate
from radiopharm.services import release_certificates

blp = JsonBlueprint("certificates", "/waste-containers", "What a release leaves on paper.")
PAPER = {
    "200": {
        "description": "The signed facts, on paper.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@blp.get("/<int:container_id>/certificate.pdf")
@blp.doc(responses=PAPER)
def release(container_id: int) -> Response:
    """The release's certificate, the same to the byte each time; 404 while nothing was released."""
    take = partial(release_certificates.take, container_id=container_id)
    made = runtime().taken(take, actor(), g.now)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(made)}"'}
    return Response(release_certificate(made), mimetype="application/pdf", headers=headers)
