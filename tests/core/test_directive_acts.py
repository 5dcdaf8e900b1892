"""What may be done with a directive in each of its states, and the 48 hours of an oral one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from radiopharm.core import directive_acts as rules
from radiopharm.core.directive_acts import Telling, TellOrally
from radiopharm.core.directives import Directive, OralOrder
from radiopharm.core.refusals import Refusal
from radiopharm.core.states import directive_state
from tests.core.test_directives import CANCELLED, NOON, SIGNATURE, directive, version

HOUR = timedelta(hours=1)
ORDER = OralOrder(given_by=3, given_at=NOON, reason="Airway", signature=SIGNATURE)
DRAFT = directive()
ORAL = directive(version(oral=ORDER))
SIGNED = directive(version(signature=SIGNATURE))
VERIFIED = directive(version(signature=SIGNATURE, verification=SIGNATURE))
STATES = {
    "draft": DRAFT,
    "oral": ORAL,
    "signed": SIGNED,
    "verified": VERIFIED,
    "cancelled": replace(SIGNED, cancellation=CANCELLED),
    "dispensed": replace(SIGNED, live_dose_id=5),
    "dispensed, changed": replace(
        directive(version(signature=SIGNATURE), version(2)), live_dose_id=5
    ),
    "dispensed, oral": replace(ORAL, live_dose_id=5),
    "administered": replace(SIGNED, live_dose_id=5, administered_at=NOON),
    "administered, oral": replace(ORAL, live_dose_id=5, administered_at=NOON),
}


def oral(given: Directive, given_at: timedelta = -HOUR, recorder_id: int = 2) -> Telling:
    order = TellOrally(given_by=3, given_at=NOON + given_at, reason="Airway")
    return Telling(order=order, directive=given, recorder_id=recorder_id, now=NOON)


def codes(*refusals: Refusal) -> str:
    return " ".join(sorted(refusal.code for refusal in refusals))


EVENTS = {
    "change": lambda given: rules.change_refusals(given),
    "sign": lambda given: rules.sign_refusals(given),
    "verify": lambda given: rules.verify_refusals(given),
    "oral": lambda given: rules.oral_refusals(oral(given)),
}
ALLOWED = {
    "draft": {"change": "", "sign": "", "verify": "not_signed", "oral": ""},
    "oral": {"change": "", "sign": "", "verify": "not_signed", "oral": "oral_already"},
    "signed": {"change": "", "sign": "signed_already", "verify": "", "oral": "signed_already"},
    "verified": {
        "change": "",
        "sign": "signed_already",
        "verify": "verified_already",
        "oral": "signed_already",
    },
    "cancelled": {
        "change": "cancelled",
        "sign": "cancelled signed_already",
        "verify": "cancelled",
        "oral": "cancelled signed_already",
    },
    "dispensed": {"change": "", "sign": "signed_already", "verify": "", "oral": "signed_already"},
    "dispensed, changed": {"change": "", "sign": "", "verify": "not_signed", "oral": ""},
    "dispensed, oral": {"change": "", "sign": "", "verify": "not_signed", "oral": "oral_already"},
    "administered": {
        "change": "administered",
        "sign": "signed_already",
        "verify": "administered",
        "oral": "administered signed_already",
    },
    "administered, oral": {
        "change": "administered",
        "sign": "",
        "verify": "administered not_signed",
        "oral": "administered oral_already",
    },
}


@pytest.mark.requirement("RQ-10")
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES)
def test_in_each_state_each_event_is_allowed_or_says_why_not(state: str, event: str) -> None:
    assert codes(*EVENTS[event](STATES[state])) == ALLOWED[state][event]


@pytest.mark.parametrize(("minutes", "said"), [(5, ""), (6, "ahead")])
def test_an_oral_order_was_not_given_in_the_future(minutes: int, said: str) -> None:
    assert codes(*rules.oral_refusals(oral(DRAFT, timedelta(minutes=minutes)))) == said


def test_whoever_gave_it_orally_does_not_write_it_down() -> None:
    assert codes(*rules.oral_refusals(oral(DRAFT, recorder_id=3))) == "recorder"


def test_exactly_48_hours_are_in_time_and_a_second_more_is_not() -> None:
    due = NOON + 48 * HOUR
    assert (ORDER.due_at, ORDER.is_overdue(due)) == (due, False)
    assert ORDER.is_overdue(due + timedelta(microseconds=1))


def test_a_directive_given_orally_stands_until_it_is_changed() -> None:
    assert (directive_state(ORAL), ORAL.standing) == ("oral", ORAL.newest)
    changed = directive(version(oral=ORDER), version(2))
    assert (directive_state(changed), changed.standing) == ("draft", None)


@pytest.mark.parametrize(
    ("given", "is_owed"),
    [
        (ORAL, True),
        (directive(version(oral=ORDER), version(2)), True),
        (directive(version(oral=ORDER), version(2, signature=SIGNATURE)), False),
        (directive(version(oral=ORDER, signature=SIGNATURE), version(2)), False),
        (directive(version(signature=SIGNATURE), version(2, oral=ORDER)), True),
        (replace(ORAL, cancellation=CANCELLED), False),
        (replace(ORAL, cancellation=CANCELLED, administered_at=NOON), True),
        (replace(ORAL, live_dose_id=5, administered_at=NOON), True),
    ],
)
def test_a_signature_is_owed_until_one_follows_the_oral_version(
    given: Directive, is_owed: bool
) -> None:
    assert (given.unwritten is ORDER) is is_owed
