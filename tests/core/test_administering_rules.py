"""A recalled dose is not to be given; one that was given is recorded, by two and with a reason."""

from dataclasses import replace

import pytest

from radiopharm.core import administering_rules as rules
from radiopharm.core.administering import Administer, Administration
from radiopharm.core.refusals import Refusal
from tests.core.test_directives import NOON
from tests.core.test_recall import activity_at, dose

RECALL = Refusal(code="recalled", message="It was cancelled.")
GIVEN = Administer(dose_id=5, started_at=NOON, ended_at=NOON)
IN_SPITE = replace(GIVEN, already_given=True, reason="it ran before the call came")


def administration(command: Administer = GIVEN, **changes: object) -> Administration:
    usual = {"dose": dose(id=5), "checklist": (), "activity_at": activity_at, "now": NOON}
    return Administration(**{**usual, "command": command, "recall": RECALL, **changes})


def codes(it: Administration) -> list[str]:
    return [refusal.code for refusal in rules.refusals(it)]


def test_a_recalled_dose_is_refused_as_a_plan_with_its_reason_in_words() -> None:
    assert rules.refusals(administration()) == (RECALL,)
    assert codes(administration(recall=None)) == []


@pytest.mark.parametrize(
    ("reason", "has_second", "missing"),
    [
        ("", False, ["reason", "second_person"]),
        ("told", False, ["second_person"]),
        ("", True, ["reason"]),
        ("told", True, []),
    ],
)
def test_one_given_already_needs_a_reason_and_a_second_person(
    reason: str, has_second: bool, missing: list[str]
) -> None:
    command = replace(IN_SPITE, reason=reason)
    assert codes(administration(command, has_second=has_second)) == missing


def test_what_it_was_given_in_spite_of_is_told_with_it() -> None:
    assert rules.overridden(administration(IN_SPITE)) == (RECALL,)


def test_no_reason_lets_a_dose_be_recorded_for_another_patient() -> None:
    wrong = replace(IN_SPITE, patient="P-ZZZZZZZZ")
    assert codes(administration(wrong, has_second=True)) == ["wrong_patient"]
