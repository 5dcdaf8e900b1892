"""Read a meter for a page: its line first, then one short act that keeps what it said."""

from typing import Any

from flask import g

from radiopharm.devices import meters
from radiopharm.services import readings as service
from radiopharm.store.acts import Act
from radiopharm.web import access


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
