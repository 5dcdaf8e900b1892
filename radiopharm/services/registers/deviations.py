"""Everything that was done with a reason: deviations, overrides, voids, late entries, derogations.

It is read from the audit trail, so nothing that needed a reason can be missing from it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from radiopharm.core.actions import Action
from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register, code
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import oversight

ALWAYS = (
    Action.READINGS_DIFFERED,
    Action.DOSE_VOIDED,
    Action.DOSE_OBSERVED,
    Action.ENTRY_REVERSED,
    Action.VIAL_QUARANTINED,
    Action.ACCESS_REFUSED,
    Action.CHECK_FAILED,
)
NEVER = (Action.EXPORTED, Action.DOCUMENT_PRINTED, Action.JOB_RAN, Action.FLAGS_CHANGED)
LETTERS = {"vial": "V", "dose": "D", "container": "W", "directive": "R"}

REGISTER = Register(
    name="deviations",
    title="Deviations and overrides",
    about="Every act that needed a reason, and every one that stopped or took something back.",
    group=Group.OVERSIGHT,
    columns=(
        Column(name="at", title="Recorded", kind=Kind.INSTANT, share=1.2),
        Column(name="event", title="Event", kind=Kind.NUMBER, share=0.5),
        Column(name="by", title="By"),
        Column(name="what", title="What", share=1.4),
        Column(name="about", title="About", share=1.4),
        Column(name="reason", title="Reason", share=4),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """In the order of the trail, whose numbers stand beside them."""
    rows = oversight.told(reading.db, reading.site.stream, reading.asked, ALWAYS, NEVER)
    told = [(row, json.loads(row.canonical)) for row in rows]
    ids = {number for _, said in told for number in _containers(said)}
    numbers = oversight.container_numbers(reading.db, ids)
    for row, said in told:
        yield Line(
            cells={
                "at": row.at,
                "event": row.number,
                "by": row.actor,
                "what": row.action.replace(":", " ").replace("-", " ").replace("_", " "),
                "about": ", ".join(_code(it, numbers) for it in said.get("subjects", ())),
                "reason": said.get("reason") or _said(said),
            }
        )


def _containers(said: Mapping[str, Any]) -> Iterator[int]:
    for subject in said.get("subjects", ()):
        kind, _, number = subject.partition(":")
        if kind == "container" and number.isdigit():
            yield int(number)


def _code(subject: str, numbers: Mapping[int, str]) -> str:
    """A subject as its label has it: ``vial:17`` is ``V-000017``, a container by the site's number
    where it has one; else in words, ``room 3``."""
    kind, _, number = subject.partition(":")
    if not number.isdigit():
        return number
    if kind == "container" and int(number) in numbers:
        return numbers[int(number)]
    return code(LETTERS[kind], int(number)) if kind in LETTERS else f"{kind} {number}"


def _said(said: Mapping[str, Any]) -> str:
    """What an event without a reason tells by its facts, where they are plain words."""
    facts = said.get("facts", {})
    return "; ".join(f"{name}: {value}" for name, value in facts.items() if isinstance(value, str))
