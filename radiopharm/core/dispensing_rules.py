"""What stands in the way of a dose: every reason at once, in words for the bench.

A plan may be refused; a dose that has been drawn is a fact and is recorded, its broken rules with
it.
"""

from radiopharm.core import directive_gate, dose_tolerance, readings, reassigning, vial_gate
from radiopharm.core.dispensing import Situation
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """Everything in the way; of a dose already drawn, only what makes it unrecordable."""
    nuclides = sorted({source.vial.nuclide for source in situation.sources})
    unrecordable = (
        run(_ALWAYS, situation)
        + readings.refusals(situation.measured.reading, nuclides)
        + reassigning.refusals(situation)
    )
    if situation.command.already_drawn:
        return unrecordable + run(_ALREADY_DRAWN, situation)
    return unrecordable + overridden(situation)


def overridden(situation: Situation) -> tuple[Refusal, ...]:
    """The plan's rules that the dose breaks; recorded with it where it was drawn already."""
    return (
        *directive_gate.refusals(situation),
        *situation.unfit,
        *run(_PLAN, situation),
        *vial_gate.refusals(situation),
        *dose_tolerance.refusals(situation),
    )


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


_ALWAYS = (
    _has_no_live_dose,
    _is_drawn_from_something,
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


def _says_how_much_of_an_empty_vial(s: Situation) -> Refusal | None:
    empty = [it.vial.code for it in s.sources if it.drawn is None and it.volume_ul == 0]
    if not empty:
        return None
    said = f"{' and '.join(empty)} is empty by the book. Write the volume that was drawn."
    return Refusal(code="volume", field="draws", message=said)


_ALREADY_DRAWN = (
    _late_entry_has_its_reason,
    _late_entry_has_its_second,
    _says_how_much_of_an_empty_vial,
)


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
