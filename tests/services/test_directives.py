"""Directives under two hands at once, and what a signature is put under."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from radiopharm.core.prescribing import shown
from radiopharm.core.refusals import Conflict
from radiopharm.runtime import Runtime
from radiopharm.services import directives
from radiopharm.store import directives as stored
from radiopharm.store.acts import Act, Answer
from radiopharm.store.tables.directives import directive_versions
from tests import hospital


def test_of_two_changes_at_once_one_is_the_next_version(runtime: Runtime) -> None:
    directive_id = hospital.directive(runtime)
    physician, together = hospital.person(runtime, "physician"), Barrier(2)

    def work(act: Act) -> Answer:
        directives.change(act, directive_id, 1, {"cycle": 2}, "Counted again")
        return {}

    def change(_: int) -> str:
        together.wait()
        try:
            runtime.act(work, actor=physician, now=runtime.clock())
        except Conflict as conflict:
            return conflict.code
        return "written"

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(change, range(2))) == ["stale", "written"]
    with runtime.reading() as db:
        assert db.scalar(sa.select(sa.func.max(directive_versions.c.version))) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"product": "y-90-dotatoc"},
        {"prescribed_bq": 7_400_000_001},
        {"lowest_bq": 7_000_000_000, "highest_bq": 8_000_000_000},
        {"route": "intra-arterial"},
        {"notes": "Slowly"},
        {"cycle": 2},
    ],
)
def test_every_word_stands_under_the_signature(runtime: Runtime, change: dict[str, object]) -> None:
    directive_id = hospital.directive(runtime)
    physician = hospital.person(runtime, "physician")

    def look() -> dict[str, object]:
        with runtime.reading() as db:
            found = shown(stored.get(db, physician.site.id, directive_id))
        return {name: value for name, value in found.items() if name != "version"}

    def work(act: Act) -> Answer:
        directives.change(act, directive_id, 1, change, "Otherwise")
        return {}

    before = look()
    runtime.act(work, actor=physician, now=runtime.clock())
    after = look()
    assert {name for name in after if after[name] != before[name]} == set(change)
