"""What the registers of waste say of a container: its nuclides, contents and readings in words."""

from collections.abc import Iterable
from datetime import datetime

from radiopharm.core.containers import Measurement, WasteContainer
from radiopharm.core.formatting import activity_auto, instant
from radiopharm.core.instruments import Instrument
from radiopharm.core.waste import contents
from radiopharm.services.registers.reading import Reading
from radiopharm.store import instruments, waste


def as_known(reading: Reading, ids: list[int]) -> list[WasteContainer]:
    """The containers of *ids* as the books had them when the register is known."""
    found = waste.by_ids(reading.db, reading.site.id, ids)
    return [container.as_known(reading.asked.known_at) for container in found]


def meters(reading: Reading) -> dict[int, Instrument]:
    """The site's instruments by id."""
    return {each.id: each for each in instruments.of_site(reading.db, reading.site.id)}


def nuclides(container: WasteContainer) -> str:
    """Every nuclide put in, with the half-life it was put in with: ``Lu-177 (6.647 d)``."""
    declared = container.facts().nuclides
    return ", ".join(f"{each.symbol} ({each.half_life_text})" for each in declared)


def held(container: WasteContainer, at: datetime, reading: Reading) -> tuple[float, str]:
    """Becquerels of everything in it at *at*, and the same nuclide by nuclide in words."""
    found = contents(container.facts(), at, reading.reference.default_nuclear_data)
    largest_first = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    words = ", ".join(f"{symbol} {activity_auto(bq)}" for symbol, bq in largest_first)
    return sum(found.values()), words


def surveys(
    measurements: Iterable[Measurement], meters: dict[int, Instrument], reading: Reading
) -> str:
    """Every reading with its background, meter, time and reader."""
    return "; ".join(_survey(each, meters, reading) for each in measurements)


def _survey(it: Measurement, meters: dict[int, Instrument], reading: Reading) -> str:
    survey = it.survey
    meter = meters[survey.instrument_id]
    return (
        f"{survey.reading:f} {survey.reading_unit}, background {survey.background:f}, "
        f"{meter.name} ({meter.serial}), {instant(survey.measured_at, reading.zone)}, "
        f"{survey.measured_by}"
    )
