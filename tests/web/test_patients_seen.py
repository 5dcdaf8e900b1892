"""Whoever sees who a patient is leaves an event: one for a page, with every pseudonym on it."""

import json

import pytest
import sqlalchemy as sa

from radiopharm.runtime import Runtime
from radiopharm.store.tables.audit import audit_events
from tests import hospital
from tests.conftest import NOON


def looks(runtime: Runtime) -> list[tuple[str, str, int]]:
    """Who looked, on which page, at how many."""
    query = sa.select(audit_events).where(audit_events.c.action == "patient:seen")
    with runtime.reading() as db:
        rows = db.execute(query.order_by(audit_events.c.number)).all()
    said = [(row.actor, json.loads(row.canonical)) for row in rows]
    return [(who, it["facts"]["page"], len(it["subjects"])) for who, it in said]


@pytest.mark.parametrize("path", ["/today?day=2026-06-01", "/directives?tab=all"])
def test_a_list_with_names_is_one_event_with_every_pseudonym(
    pages, runtime: Runtime, path: str
) -> None:
    for _ in range(2):
        hospital.directive(runtime, planned_for=NOON)
    pages("physician").get(path)
    pages("safety_officer").get("/directives?tab=all")
    ((who, _, patients),) = looks(runtime)
    assert (who, patients) == ("physician", 2)


def test_a_directive_s_page_is_one_for_who_may_know_and_none_for_others(
    pages, runtime: Runtime
) -> None:
    directive_id = hospital.directive(runtime)
    pages("radiopharmacist").get(f"/directives/{directive_id}")
    pages("auditor").get(f"/directives/{directive_id}")
    assert looks(runtime) == [("radiopharmacist", "directives.show", 1)]


def test_a_list_without_names_leaves_no_event(pages, runtime: Runtime) -> None:
    pages("physician").get("/today?day=2020-01-01")
    assert looks(runtime) == []
