"""What the database says of verified and oral directives, and of doses given though recalled."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from radiopharm.store.errors import constraint_name
from radiopharm.store.tables.administrations import given_already
from radiopharm.store.tables.directives import (
    directive_verifications,
    directive_versions,
    oral_orders,
)
from tests.store.facts import Row, plain_engine, rows

SAME_PERSON = "two_people_are_two_people"
BROKEN: list[tuple[sa.Table, str, Row]] = [
    (oral_orders, "it_is_said_why_it_could_not_wait", {"reason": ""}),
    (oral_orders, SAME_PERSON, {"given_by": 7, "recorder_id": 7}),
    (directive_verifications, SAME_PERSON, {"signer_id": 7, "verifier_id": 7}),
    (given_already, "it_is_said_why_it_was_given", {"reason": ""}),
    (given_already, SAME_PERSON, {"recorder_id": 7, "second_id": 7}),
]
NAMES = [f"ck_{table.name}_{sentence}" for table, sentence, _ in BROKEN]


@pytest.fixture(scope="module")
def engine(shared_url: str) -> Iterator[sa.Engine]:
    made = plain_engine(shared_url)
    yield made
    made.dispose()


@pytest.mark.parametrize(("table", "sentence", "broken"), BROKEN, ids=NAMES)
def test_each_sentence_holds_alone(
    engine: sa.Engine, table: sa.Table, sentence: str, broken: Row
) -> None:
    with pytest.raises(sa.exc.IntegrityError) as error, engine.begin() as db:
        db.execute(table.insert().values({**rows(table)[0], **broken}))
    assert constraint_name(error.value) == f"ck_{table.name}_{sentence}"


def test_every_sentence_of_these_tables_is_attacked() -> None:
    tables = (oral_orders, directive_verifications, given_already)
    checks = [each for table in tables for each in table.constraints]
    names = {str(each.name) for each in checks if isinstance(each, sa.CheckConstraint)}
    assert names == set(NAMES)


def test_a_version_says_why_both_stand_or_says_nothing_but_is_never_silent(
    engine: sa.Engine,
) -> None:
    row = {**rows(directive_versions)[0], "interval_reason": None}
    with pytest.raises(sa.exc.IntegrityError, match="interval_reason"), engine.begin() as db:
        db.execute(directive_versions.insert().values(row))


def test_why_both_stand_is_never_changed_afterwards(engine: sa.Engine) -> None:
    with engine.begin() as db:
        db.execute(directive_versions.insert().values(rows(directive_versions)[0]))
    tidied = sa.text("UPDATE directive_versions SET interval_reason = 'tidied'")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as db:
        db.execute(tidied)
