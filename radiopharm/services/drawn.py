"""The activity of what was drawn for a dose, at any time, from the vials it was drawn from."""

from collections.abc import Callable
from datetime import datetime

from radiopharm.core import vials as held
from radiopharm.core.doses import Dose
from radiopharm.core.reference import Reference
from radiopharm.core.vials import nuclear_data
from radiopharm.store import Connection, vials


def activity_of(db: Connection, reference: Reference, dose: Dose) -> Callable[[datetime], float]:
    """The principal nuclide's activity (Bq) of a dose's draws as a function of time."""
    found = {
        vial.id: vial
        for vial in vials.by_ids(db, dose.site_id, [draw.vial_id for draw in dose.draws])
    }

    def activity_at(at: datetime) -> float:
        return sum(
            held.activity(
                found[draw.vial_id], draw.share, at, nuclear_data(found[draw.vial_id], reference)
            )
            for draw in dose.draws
        )

    return activity_at
