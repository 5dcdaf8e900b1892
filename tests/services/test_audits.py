"""The chain holds for honest histories, and says where it was broken."""

import random

import pytest
import sqlalchemy as sa

from radiopharm.core.actions import Action
from radiopharm.core.people import SYSTEM
from radiopharm.runtime import Runtime
from radiopharm.services import audits
from radiopharm.services.audits import Verification
from radiopharm.store import make_engine
from radiopharm.store.acts import Act
from tests import hospital

ACTS = [action for action in Action if action is not Action.RESTORED]
"""A restore would tell that the witnesses from before it saw another history."""


def checked(runtime: Runtime) -> Verification:
    with runtime.reading() as db:
        return audits.verify(db, runtime.settings.audit_key)


def history(runtime: Runtime, seed: int, events: int) -> None:
    """A random but honest history of two streams."""
    draw = random.Random(seed)
    people = [SYSTEM, hospital.person(runtime, "radiopharmacist")]
    for _ in range(events):

        def work(act: Act) -> dict[str, int]:
            subjects = [f"vial:{draw.randrange(5)}" for _ in range(draw.randrange(4))]
            act.record(draw.choice(ACTS), *subjects, reason="¿µ\n\"'\\", n=draw.random())
            return {}

        runtime.act(work, actor=draw.choice(people), now=runtime.clock())
        runtime.clock.move(seconds=draw.random() * 1e5)


def test_a_database_without_events_holds(runtime: Runtime) -> None:
    assert checked(runtime) == Verification(streams=())


@pytest.mark.parametrize("seed", range(5))
def test_an_honest_history_raises_no_alarm(runtime: Runtime, seed: int) -> None:
    history(runtime, seed, 30)

    found = checked(runtime)

    assert found.first_bad is None
    assert found.events == 30


def test_another_time_zone_and_date_style_of_the_session_change_nothing(
    runtime: Runtime, url: str
) -> None:
    history(runtime, 7, 5)
    engine = make_engine(url)
    with engine.connect() as db:
        if db.dialect.name == "postgresql":
            db.execute(sa.text("SET TimeZone = 'America/St_Johns'"))
            db.execute(sa.text("SET DateStyle = 'German, DMY'"))
        found = audits.verify(db, runtime.settings.audit_key)
    engine.dispose()
    assert found.first_bad is None


def test_one_stream_is_walked_alone(runtime: Runtime) -> None:
    history(runtime, 1, 20)
    with runtime.reading() as db:
        found = audits.verify(db, runtime.settings.audit_key, "system")
    assert [end.stream for end in found.streams] == ["system"]


def test_another_key_is_noticed_at_the_head(runtime: Runtime) -> None:
    history(runtime, 2, 3)
    with runtime.reading() as db:
        found = audits.verify(db, b"another key")
    assert found.first_bad is not None
    assert found.first_bad.kind == "mac"


def test_a_head_witnessed_elsewhere_shows_a_cut_that_the_database_hides(runtime: Runtime) -> None:
    history(runtime, 3, 4)
    ahead = {"site:1": {99: "f" * 64}}
    with runtime.reading() as db:
        found = audits.verify(db, runtime.settings.audit_key, witnessed=ahead)
    assert found.first_bad is not None
    assert found.first_bad.kind == "cut"
