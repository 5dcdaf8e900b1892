"""Every check of an instrument in a period: read, expected, judged by the tolerance of that day."""

from collections.abc import Iterator

from radiopharm.core.formatting import instant
from radiopharm.core.instrument_checks import Check
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services.registers.reading import Reading
from radiopharm.store import instrument_checks, instruments

REGISTER = Register(
    name="instrument-checks",
    title="Instrument checks",
    about="Constancy, accuracy, linearity and the other checks of meters, with what came of each.",
    group=Group.OVERSIGHT,
    columns=(
        Column(name="checked_at", title="Checked", kind=Kind.INSTANT, share=1.4),
        Column(name="instrument", title="Instrument", share=1.4),
        Column(name="serial", title="Serial number", kind=Kind.CODE),
        Column(name="kind", title="Check"),
        Column(name="source", title="With", share=1.2),
        Column(name="reading_bq", title="Reading", kind=Kind.ACTIVITY),
        Column(name="expected_bq", title="Expected", kind=Kind.ACTIVITY),
        Column(name="difference", title="Difference", share=0.9),
        Column(name="tolerance", title="Tolerance", share=0.8),
        Column(name="verdict", title="Verdict", share=1.1),
        Column(name="by", title="By", share=1.1),
        Column(name="note", title="Note", share=1.4),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """Oldest first; of a series the reading that decides."""
    asked, period = reading.asked, reading.asked.period
    meters = {it.id: it for it in instruments.of_site(reading.db, reading.site.id)}
    made = instrument_checks.of_site(
        reading.db, reading.site.id, period.since, period.until, asked.known_at
    )
    for check in made:
        meter, point = meters[check.instrument_id], check.deciding
        yield Line(
            cells={
                "checked_at": check.checked_at,
                "instrument": meter.name,
                "serial": meter.serial,
                "kind": str(check.kind),
                "source": check.source or check.nuclide,
                "reading_bq": point.bq,
                "expected_bq": point.expected_bq,
                "difference": check.worst_text,
                "tolerance": _tolerance(check),
                "verdict": check.verdict,
                "by": check.by,
                "note": check.note,
            },
            void=_void(check, reading),
            mark=_mark(check, reading),
        )


def _tolerance(check: Check) -> str:
    if check.plan is None:
        return "not entered"
    return f"{check.plan.operator} {check.plan.tolerance_text}".replace("<=", "≤")


def _void(check: Check, reading: Reading) -> str:
    it = check.voided
    return f"{instant(it.at, reading.zone)}, {it.by}: {it.reason}" if it else ""


def _mark(check: Check, reading: Reading) -> str:
    if check.passed is not False:
        return ""
    it = check.decision
    if it is None:
        return "Failed: nothing was to be measured until it passed."
    said = f"{instant(it.at, reading.zone)}, {it.by}: {it.reason}"
    return f"Failed, and used all the same by decision. {said}"
