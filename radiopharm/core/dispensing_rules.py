"""What stands in the way of a dose: every reason at once, in words for the bench.

A plan may be refused; a dose that has been drawn is a fact and is recorded, its broken rules with
it.
"""

from collections.abc import Iterator

from radiopharm.core import directive_gate, dose_tolerance, reassigning
from radiopharm.core import formatting as fmt
from radiopharm.core.dispensing import Situation, Source
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.states import is_quarantined, use_by
from radiopharm.core.timing import AHEAD_TOLERATED
from radiopharm.core.vials import Happening


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """Everything in the way; of a dose already drawn, only what makes it unrecordable."""
    unrecordable = run(_ALWAYS, situation) + reassigning.refusals(situation)
    if situation.command.already_drawn:
        return unrecordable + run(_ALREADY_DRAWN, situation)
    return unrecordable + overridden(situation)


def overridden(situation: Situation) -> tuple[Refusal, ...]:
    """The plan's rules that the dose breaks; recorded with it where it was drawn already."""
    of_vials = (refusal for source in situation.sources for refusal in _of(source, situation))
    of_directive = directive_gate.refusals(situation)
    of_dose = dose_tolerance.refusals(situation)
    return (*of_directive, *run(_PLAN, situation), *of_vials, *of_dose)


def _has_no_live_dose(s: Situation) -> Refusal | None:
    if s.directive.live_dose_id is None:
        return None
    return Refusal(
        code="already_dispensed",
        message=(
            f"Dose D-{s.directive.live_dose_id:06d} stands against this directive already. "
            "Void it first."
        ),
    )


def _is_drawn_from_something(s: Situation) -> Refusal | None:
    ids = [source.vial.id for source in s.sources]
    if ids and len(set(ids)) == len(ids):
        return None
    return Refusal(code="draws", field="draws", message="Name each vial to draw from once.")


def _instrument_measures_activity(s: Situation) -> Refusal | None:
    if s.instrument is not None and s.instrument.kind == "activity_meter":
        return None
    return Refusal(
        code="instrument",
        field="instrument_id",
        message="Choose the activity meter the dose was measured with.",
    )


def _reading_is_not_ahead(s: Situation) -> Refusal | None:
    if s.measured.at <= s.now + AHEAD_TOLERATED:
        return None
    return Refusal(
        code="measured_ahead",
        field="measured_at",
        message="The reading lies in the future. Enter when it was really taken.",
    )


def _reading_follows_receipt(s: Situation) -> Refusal | None:
    if all(s.measured.at >= source.vial.received_at for source in s.sources):
        return None
    return Refusal(
        code="measured_before_receipt",
        field="measured_at",
        message="The reading is older than the delivery of its vial. Check the time.",
    )


def _device_reading_is_free(s: Situation) -> Refusal | None:
    reading = s.measured.reading
    if reading is None or reading.used_by is None:
        return None
    return Refusal(
        code="reading_used",
        field="reading_id",
        message=f"This reading stands for D-{reading.used_by:06d} already. Read the meter again.",
    )


def _meter_is_set_to_the_nuclide(s: Situation) -> Refusal | None:
    reading = s.measured.reading
    nuclides = sorted({source.vial.nuclide for source in s.sources})
    if reading is None or [reading.nuclide] == nuclides:
        return None
    return Refusal(
        code="meter_nuclide",
        field="reading_id",
        message=(
            f"The meter was set to {reading.nuclide or reading.setting}, the dose is "
            f"{' and '.join(nuclides)}. Set the meter, then read again."
        ),
    )


_ALWAYS = (
    _has_no_live_dose,
    _is_drawn_from_something,
    _device_reading_is_free,
    _meter_is_set_to_the_nuclide,
    _instrument_measures_activity,
    _reading_is_not_ahead,
    _reading_follows_receipt,
)


def _late_entry_has_its_reason(s: Situation) -> Refusal | None:
    if s.command.reason:
        return None
    return Refusal(
        code="reason", field="reason", message="Say why the dose is entered after it was drawn."
    )


def _late_entry_has_its_second(s: Situation) -> Refusal | None:
    if s.has_second:
        return None
    return Refusal(
        code="second_person",
        field="second.username",
        message="A dose entered after it was drawn needs a second person.",
    )


_ALREADY_DRAWN = (_late_entry_has_its_reason, _late_entry_has_its_second)


def _second_person_where_the_product_says(s: Situation) -> Refusal | None:
    if not s.product.second_person_dispenses or s.has_second:
        return None
    return Refusal(
        code="second_person",
        field="second.username",
        message=f"{s.product.name} is dispensed by two people. Ask a colleague to sign too.",
    )


def _second_reading_where_the_product_says(s: Situation) -> Refusal | None:
    rule = s.product.second_reading
    if rule is None or not rule.required or s.has_second_reading:
        return None
    return Refusal(
        code="second_reading",
        field="second.measured_activity",
        message=f"{s.product.name} is read by a second person too, who does not see the first "
        "reading.",
    )


_PLAN = (
    _second_person_where_the_product_says,
    _second_reading_where_the_product_says,
)


def _of(source: Source, s: Situation) -> Iterator[Refusal]:
    for rule in _VIAL:
        refusal = rule(source, s)
        if refusal is not None:
            yield refusal


def _is_the_product(source: Source, s: Situation) -> Refusal | None:
    if source.vial.product == s.version.product:
        return None
    return Refusal(
        code="wrong_product",
        field="draws",
        message=f"This is {source.product.name}. The directive says {s.product.name}.",
    )


def _is_accepted(source: Source, s: Situation) -> Refusal | None:
    if source.vial.latest(Happening.ACCEPTED) is not None:
        return None
    return Refusal(
        code="not_accepted",
        field="draws",
        message=f"{source.vial.code} has not been accepted yet. Accept the delivery first.",
    )


def _is_not_quarantined(source: Source, s: Situation) -> Refusal | None:
    if not is_quarantined(source.vial, s.now):
        return None
    return Refusal(
        code="quarantined",
        field="draws",
        message=f"{source.vial.code} is quarantined. It may not be drawn from.",
    )


def _is_in_date(source: Source, s: Situation) -> Refusal | None:
    at = max(s.administer_at, s.now)  # an instant in the past brings no vial back into date
    expiry = use_by(source.vial, at)
    if at < expiry:
        return None
    away = fmt.duration((at - expiry).total_seconds())
    return Refusal(
        code="expired",
        field="draws",
        message=f"{source.vial.code} will have expired {away} before the dose is given.",
        value=f"{at:%Y-%m-%dT%H:%MZ}",
        operator="<",
        limit=f"{expiry:%Y-%m-%dT%H:%MZ}",
    )


def _holds_enough(source: Source, s: Situation) -> Refusal | None:
    if source.is_enough:
        return None
    held = source.vial.ledger.balance.volume_ul
    return Refusal(
        code="insufficient",
        field="draws",
        message=(f"{source.vial.code} holds {fmt.ml(held)}, you asked {fmt.ml(source.volume_ul)}."),
        value=fmt.ml(source.volume_ul),
        operator="<=",
        limit=fmt.ml(held),
    )


def _is_not_kept_for_another(source: Source, s: Situation) -> Refusal | None:
    kept = source.vial.latest(Happening.ALLOCATED)
    if kept is None or kept.directive_id in (None, s.directive.id) or s.command.reason:
        return None
    return Refusal(
        code="kept_for_another",
        field="reason",
        message=(
            f"{source.vial.code} is kept for directive R-{kept.directive_id:06d}. "
            "Choose another vial, or say why this one."
        ),
    )


_VIAL = (
    _is_the_product,
    _is_accepted,
    _is_not_quarantined,
    _is_in_date,
    _holds_enough,
    _is_not_kept_for_another,
)
