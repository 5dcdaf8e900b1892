"""Acts as service tests do them: one line each, by one person, now."""

from collections.abc import Callable
from typing import Any

from radiopharm.core.ledger import Entry
from radiopharm.core.vials import Vial
from radiopharm.runtime import Runtime
from radiopharm.store import ledgers, vials
from radiopharm.store.acts import Act
from tests import hospital


def do(runtime: Runtime, work: Callable[[Act], Any], who: str = "radiopharmacist") -> Any:
    """What *work* returns, done by *who*."""
    answers: list[Any] = []

    def noted(act: Act) -> dict[str, Any]:
        answers.append(work(act))
        return {}

    runtime.act(noted, actor=hospital.person(runtime, who), now=runtime.clock())
    return answers[-1]


def vial(runtime: Runtime, vial_id: int) -> Vial:
    """The vial as it stands."""
    with runtime.reading() as db:
        return vials.get(db, hospital.person(runtime, "auditor").site.id, vial_id)


def entries(runtime: Runtime, vial_id: int) -> list[Entry]:
    """Its whole ledger."""
    with runtime.reading() as db:
        return ledgers.entries(db, vial_id)
