"""Note on a dose what was seen of it: an adverse reaction, an extravasation."""

from typing import Any

from flask import Blueprint

from radiopharm.schemas.observing import ObserveSchema
from radiopharm.services import observing
from radiopharm.store.acts import Act
from radiopharm.web.dose_page import do_on_dose

bp = Blueprint("observing", __name__)


@bp.post("/doses/<int:dose_id>/observations")
def observe(dose_id: int) -> Any:
    """Note an adverse reaction or an extravasation."""
    schema = ObserveSchema()

    def do(act: Act, said: dict[str, Any]) -> None:
        observing.observe(act, schema.command(said, dose_id))

    return do_on_dose(dose_id, schema, do, "Noted, and flagged for the safety officer.")
