"""Read a meter for a page: its line first, then one short act that keeps what it said."""

from typing import Any

from flask import g

from radiopharm.core.readings import TakenReading
from radiopharm.core.refusals import Conflict
from radiopharm.devices import meters
from radiopharm.services import readings as service
from radiopharm.store import readings as stored
from radiopharm.store.acts import Act
from radiopharm.web import access
from radiopharm.web.forms import Form


def take_with(chosen: str) -> int:
    """The same with the meter chosen in a box; raises `Conflict` also where none is."""
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 12):
        raise Conflict("instrument", "Choose the meter to read.")
    return take(int(chosen))


def named(form: Form) -> dict[str, TakenReading]:
    """The device readings that a form names, by what stands in its boxes."""
    texts = {form.value(name) for name in form.names if name.endswith("reading_id")}
    site_id = access.actor().site.id
    with access.runtime().reading() as db:
        found = {text: stored.find(db, site_id, int(text)) for text in texts if text.isdecimal()}
    return {text: reading for text, reading in found.items() if reading}


def take(instrument_id: int) -> int:
    """The id of a reading just taken; raises `Conflict` where the meter gives none.

    Each press is a reading of its own, so no idempotency key is asked for.
    """
    runtime, actor = access.runtime(), access.actor()
    with runtime.reading() as db:
        line = service.line_of(db, actor.site.id, instrument_id)
    answer = meters.read(line)

    def work(act: Act) -> dict[str, Any]:
        return {"id": service.take(act, instrument_id, line, answer)}

    return int(runtime.act(work, actor=actor, now=g.now).answer["id"])
