"""Every waste container that left in a period, with the fields of 10 CFR 35.2092 and its like.

The date into storage is that of the first item; the date of disposal, the nuclides, the meter with
its serial number, the background, the reading at the surface and the name follow from the release.
"""

from collections.abc import Iterator
from typing import Any

from radiopharm.core.containers import ContainerEvent, ReleaseRecord, Step, WasteContainer
from radiopharm.core.historic import HistoricRelease
from radiopharm.core.instruments import Instrument
from radiopharm.core.leaving import Outgoing
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.core.signing import Signature
from radiopharm.services.registers.reading import Reading
from radiopharm.services.registers.waste import as_known, held, meters, nuclides
from radiopharm.store import accounts
from radiopharm.store.historic import entry
from radiopharm.store.registers import waste

REGISTER = Register(
    name="waste-released",
    title="Waste released",
    about="Every container that left: by release (10 CFR 35.2092), transfer or return.",
    group=Group.WASTE,
    columns=(
        Column(name="container", title="Container", kind=Kind.CODE),
        Column(name="stored_at", title="Into storage", kind=Kind.INSTANT, share=1.3),
        Column(name="left_at", title="Released", kind=Kind.INSTANT, share=1.3),
        Column(name="way", title="How", share=0.8),
        Column(name="nuclides", title="Nuclides (half-life)", share=1.5),
        Column(name="held_bq", title="Activity then", kind=Kind.SMALL_ACTIVITY, share=0.9),
        Column(name="background", title="Background", share=0.9),
        Column(name="reading", title="At the surface", share=0.9),
        Column(name="meter", title="Meter, serial number", share=1.3),
        Column(name="measured_by", title="Read by", share=1.1),
        Column(name="rules", title="By the rules of", share=1.2),
        Column(name="destination", title="To", share=1.2),
        Column(name="by", title="Released by", share=1.2),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """What old registers say first, then containers in the order they were opened."""
    for row in waste.historic(reading.db, reading.site.id, reading.asked):
        yield _historic(entry(row))
    yield from _gone(reading)


def _gone(reading: Reading) -> Iterator[Line]:
    known_meters = meters(reading)
    found = as_known(reading, waste.gone(reading.db, reading.site.id, reading.asked))
    left = {it.id: _leaving(it) for it in found}
    names = accounts.names(reading.db, {event.actor_id for event in left.values() if event})
    for it in found:
        event = left[it.id]
        how = _sent(event, names) if event else _released(it, known_meters)
        departure = it.departure
        assert departure is not None
        yield Line(
            cells={
                "container": it.code,
                "stored_at": min((each.put_in.put_in_at for each in it.items), default=None),
                "left_at": departure.left_at,
                "nuclides": nuclides(it),
                "held_bq": held(it, departure.left_at, reading)[0],
                **how,
            },
            mark=_remark(it),
        )


def _historic(it: HistoricRelease) -> Line:
    """A line of an old register, with its gaps: no rule judged it, so it is not conform."""
    gaps = ", ".join(name.replace("_", " ") for name in it.gaps)
    return Line(
        cells={
            "container": it.number,
            "stored_at": it.stored_on.isoformat() if it.stored_on else None,
            "left_at": it.released_on.isoformat() if it.released_on else None,
            "way": "historic",
            "nuclides": it.contents,
            "held_bq": None,
            "background": it.background,
            "reading": it.reading,
            "meter": it.instrument,
            "measured_by": None,
            "rules": None,
            "destination": it.destination,
            "by": it.released_by,
        },
        mark=f"HISTORIC, never counted as conform: {it.book}, page {it.page}, number {it.number}."
        + (f" Not recorded: {gaps}." if gaps else ""),
    )


def _leaving(it: WasteContainer) -> ContainerEvent | None:
    """The event by which it left other than by release."""
    ways = (Step.TRANSFERRED, Step.RETURNED)
    return None if it.release else next(event for event in it.events if event.step in ways)


def _sent(event: ContainerEvent, names: dict[int, str]) -> dict[str, Any]:
    licence = f", licence {event.licence}" if event.licence else ""
    return {
        "way": str(event.step).replace("_", " "),
        "background": None,
        "reading": None,
        "meter": None,
        "measured_by": None,
        "rules": None,
        "destination": f"{event.recipient}{licence}",
        "by": names[event.actor_id],
    }


def _released(it: WasteContainer, meters: dict[int, Instrument]) -> dict[str, Any]:
    release = it.release
    assert release is not None
    counted = next((each for each in it.measurements if each.id == release.measurement_id), None)
    survey = counted.survey if counted else None
    meter = meters[survey.instrument_id] if survey else None
    return {
        "way": release.way,
        "background": f"{survey.background:f} {survey.background_unit}" if survey else None,
        "reading": f"{survey.reading:f} {survey.reading_unit}" if survey else None,
        "meter": f"{meter.name}, {meter.serial}" if meter else None,
        "measured_by": survey.measured_by if survey else None,
        "rules": f"{release.pack}, edition {release.pack_edition}",
        "destination": _to(release.outgoing),
        "by": ", ".join(signature.signer_name for signature in _signatures(release)),
    }


def _to(outgoing: Outgoing) -> str:
    """Where it went, by which route, under which consignment."""
    parts = (outgoing.destination, outgoing.route, outgoing.consignment)
    return ", ".join(part for part in parts if part)


def _signatures(release: ReleaseRecord) -> list[Signature]:
    """Everyone who signed, whoever carried it out first."""
    derogator = release.derogation.signature if release.derogation else None
    return [it for it in (release.releaser, release.signature, derogator) if it]


def _remark(it: WasteContainer) -> str:
    """What must be seen of one that did not meet the rules."""
    derogation = it.release.derogation if it.release else None
    if derogation is None:
        return ""
    failed = "; ".join(str(leg["message"]) for leg in derogation.failed)
    return f"DEROGATION, not conform: {derogation.reason}. Not met: {failed}"
