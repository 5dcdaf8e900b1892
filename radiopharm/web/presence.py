"""Note on a page who has which vial open. It expires by itself and leaves no trace in the audit."""

from collections.abc import Sequence

from flask import g

from radiopharm.store import acts, presences
from radiopharm.web import access


def note(vial_ids: Sequence[int]) -> None:
    """The person at this page has these vials open for dispensing, and no others."""
    with acts.writing(access.runtime().engine) as db:
        presences.note(db, vial_ids, access.actor().id, g.now)
