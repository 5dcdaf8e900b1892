"""What is drawn of waste: a container's decay."""

from flask import Blueprint, Response, g

from radiopharm.core.checking import ContainerAt
from radiopharm.core.container_curves import container_curve, container_marks
from radiopharm.core.refusals import NotFound
from radiopharm.documents.decay_charts import CurveEvent, CurvePoint, DecayCurve, decay_curve
from radiopharm.services import containers
from radiopharm.web import access
from radiopharm.web.asked import asked_look
from radiopharm.web.formatting import site_zone

bp = Blueprint("waste_decay", __name__)


@bp.get("/waste/<int:container_id>/decay-curve.svg")
def curve(container_id: int) -> Response:
    """The container's activity from its first item on, for a light page or a dark one."""
    theme, width = asked_look()
    runtime, site = access.runtime(), access.actor().site
    with runtime.reading() as db:
        seen = containers.look(db, runtime.reference, site.id, container_id, g.now)
    drawn = decay_curve(_curve(seen), theme, width=width)
    return Response(drawn, mimetype="image/svg+xml")


def _curve(seen: ContainerAt) -> DecayCurve:
    data = access.runtime().reference.default_nuclear_data
    points = container_curve(seen, data)
    if not points:
        raise NotFound("curve")
    return DecayCurve(
        name=seen.container.code,
        points=tuple(CurvePoint(at=point.at, bq=point.activity_bq) for point in points),
        events=tuple(
            CurveEvent(at=point.at, bq=point.activity_bq, label=point.label)
            for point in container_marks(seen, data)
        ),
        expires_at=None,
        now=g.now,
        scale="log",
        zone=site_zone(),
        zone_name=site_zone().key,
    )
