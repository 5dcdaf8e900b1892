"""The possible medical event of a dose: found in what was recorded, flagged while it stands."""

from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.doses import Dose
from radiopharm.core.flags import FlagKind
from radiopharm.core.medical_events import Finding, PossibleEvent, Prescribed, possible_event
from radiopharm.services import dose_flags
from radiopharm.store import Connection, administrations, directives, doses
from radiopharm.store.acts import Act


def of_dose(
    db: Connection, dose: Dose, given: dict[str, Any] | None, zone: str
) -> PossibleEvent | None:
    """The event that the balances of a dose make; None where they make none or it was not given."""
    if given is None:
        return None
    directive = directives.get(db, dose.site_id, dose.directive_id)
    version = next(each for each in directive.versions if each.number == dose.version)
    prescribed = Prescribed(
        activity_bq=dose.prescribed_bq, lowest_bq=version.lowest_bq, highest_bq=version.highest_bq
    )
    findings = [
        Finding(net_bq=each["net_bq"], recorded_at=each["recorded_at"])
        for each in given["balances"]
    ]
    return possible_event(prescribed, findings, ZoneInfo(zone))


def settle(act: Act, dose_id: int) -> bool:
    """Raise the event's flag where the newest balance makes one, clear it where it no longer does.

    Returns whether one stands.
    """
    dose = doses.get(act.db, act.actor.site.id, dose_id)
    given = administrations.of_dose(act.db, dose_id)
    event = of_dose(act.db, dose, given, act.actor.site.zone)
    if given is None or event is None:
        dose_flags.clear(act, dose, FlagKind.POSSIBLE_MEDICAL_EVENT)
        return False
    net, percent = fmt.mbq(given["net_bq"]), float(given["percent_of_prescribed"])
    said = f"{net} given, {percent:.1f} % of the prescribed {fmt.mbq(dose.prescribed_bq)}"
    dose_flags.raise_(act, dose, FlagKind.POSSIBLE_MEDICAL_EVENT, said)
    return True
