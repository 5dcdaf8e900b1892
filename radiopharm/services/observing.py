"""Note an adverse reaction or an extravasation on a dose, and flag it for the safety officer."""

from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core import observing as rules
from radiopharm.core.actions import Action
from radiopharm.core.flags import FlagKind
from radiopharm.core.observing import Noted, Observe
from radiopharm.core.refusals import Invalid, Refused
from radiopharm.services import dose_flags
from radiopharm.store import doses, observations, patients
from radiopharm.store.acts import Act


def observe(act: Act, command: Observe) -> int:
    """Write what was seen; returns its id. `Invalid` or `Refused` with every reason.

    The audit says what kind and when; the words stay with the dose.
    """
    dose = doses.get(act.db, act.actor.site.id, command.dose_id)
    patient = patients.get(act.db, dose.site_id, dose.patient)
    noted = Noted(command=command, dose=dose, patient=patient, now=act.now)
    if broken := rules.refusals(noted):
        raise Refused(broken)
    if wrong := rules.faults(noted):
        raise Invalid(wrong)

    made = observations.add(
        act.db,
        dispensing_id=dose.id,
        kind=str(command.kind),
        observed_at=command.observed_at,
        words=command.words,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    seen = fmt.instant(command.observed_at, ZoneInfo(act.actor.site.zone))
    dose_flags.raise_(act, dose, FlagKind(str(command.kind)), f"Noted for {seen}")
    act.record(
        Action.DOSE_OBSERVED,
        f"dose:{dose.id}",
        f"patient:{dose.patient}",
        kind=str(command.kind),
        observed_at=command.observed_at,
        observation=made,
    )
    return made
