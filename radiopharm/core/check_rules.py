"""Why a check cannot be written as it is: every reason at once, each with the box it is about."""

from collections.abc import Iterator
from dataclasses import replace

from radiopharm.core import readings
from radiopharm.core.check_plans import AGAINST, Against
from radiopharm.core.decay import OutOfRange
from radiopharm.core.instrument_checks import LEAST_READINGS, Taken, points
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED


def refusals(taken: Taken) -> tuple[Refusal, ...]:
    """Everything in the way; what was expected is asked only where the rest can be read."""
    broken = run(_RULES, taken) + tuple(_of_readings(taken))
    return broken or run((_can_be_reckoned,), taken)


def _source_is_in_use(taken: Taken) -> Refusal | None:
    if AGAINST[taken.command.kind] is not Against.SOURCE:
        return None
    if taken.source is None:
        said = "Choose the check source that was measured."
    elif taken.source.taken_out:
        said = f"{taken.source.name} is out of use: {taken.source.taken_out.reason}."
    else:
        return None
    return Refusal(code="check_source", field="source_id", message=said)


def _series_decays_by_a_nuclide(taken: Taken) -> Refusal | None:
    if AGAINST[taken.command.kind] is not Against.FIRST_DECAYED or taken.nuclide:
        return None
    said = "Say which nuclide was measured: the first reading is carried by its decay."
    return Refusal(code="nuclide", field="nuclide", message=said)


def _nuclide_is_known(taken: Taken) -> Refusal | None:
    if taken.nuclide is None or taken.nuclide in taken.data.nuclides:
        return None
    said = f"{taken.data.name} has no data for {taken.nuclide}."
    return Refusal(code="nuclide", field="nuclide", message=said)


def _has_enough_readings(taken: Taken) -> Refusal | None:
    least = LEAST_READINGS.get(AGAINST[taken.command.kind], 1)
    if len(taken.readings) >= least:
        return None
    said = f"Enter {least} readings or more: the others are held against the first."
    return Refusal(code="readings", field="readings", message=said)


_RULES = (
    _source_is_in_use,
    _series_decays_by_a_nuclide,
    _nuclide_is_known,
    _has_enough_readings,
)


def _of_readings(taken: Taken) -> Iterator[Refusal]:
    """What is wrong with each reading, under its own box."""
    is_series = AGAINST[taken.command.kind] in LEAST_READINGS
    nuclides = [taken.nuclide] if taken.nuclide else []
    used: set[int] = set()
    for number, (label, said) in enumerate(taken.readings):
        box = f"readings.{number}"
        if is_series and not label:
            message = "Say what was measured: time, volume or container, with or without dipper."
            yield Refusal(code="label", field=f"{box}.label", message=message)
        if said.at > taken.now + AHEAD_TOLERATED:
            message = "This lies ahead. Check the date and the time."
            yield Refusal(code="ahead", field=f"{box}.measured_at", message=message)
        for refusal in readings.refusals(said.reading, nuclides):
            yield replace(refusal, field=f"{box}.reading_id")
        yield from _is_another(taken, number, used)


def _is_another(taken: Taken, number: int, used: set[int]) -> Iterator[Refusal]:
    """A device reading of another meter, or one that was named already."""
    _, said = taken.readings[number]
    if said.reading is None:
        return
    if said.instrument_id != taken.command.instrument_id:
        message = "This reading is of another meter. Read the one that is checked."
        yield Refusal(code="another_meter", field=f"readings.{number}.reading_id", message=message)
    if said.reading.id in used:
        message = "This reading is named twice. Read the meter again."
        yield Refusal(code="reading_used", field=f"readings.{number}.reading_id", message=message)
    used.add(said.reading.id)


def _can_be_reckoned(taken: Taken) -> Refusal | None:
    is_held_against = AGAINST[taken.command.kind] in (Against.SOURCE, Against.FIRST_DECAYED)
    try:
        if not is_held_against or all(point.expected_bq for point in points(taken)):
            return None
    except OutOfRange:
        pass
    said = "Nothing is expected at that time: it lies too far from the reference. Check the dates."
    return Refusal(code="undefined", field="readings.0.measured_at", message=said)
