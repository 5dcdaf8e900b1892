"""A dose is recalled when its directive says something else, until the newest version wants it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from radiopharm.core.directives import Directive
from radiopharm.core.doses import Dose
from radiopharm.core.recall import recall
from radiopharm.core.reference import Reference
from tests.core.test_directive_acts import ORDER
from tests.core.test_directives import CANCELLED, NOON, SIGNATURE, directive, version

HALF_LIFE = timedelta(hours=10)
GBQ = 10**9


def activity_at(at: Any) -> float:
    return float(2 ** -((at - NOON) / HALF_LIFE) * 1e9)


def dose(**changes: Any) -> Dose:
    """Drawn for version 1 and measured as 8 GBq at noon; half of it is left ten hours later."""
    nothing = dict.fromkeys(Dose.__dataclass_fields__)
    usual = {"version": 1, "product": "lutathera", "measured_bq": 8 * GBQ, "measured_at": NOON}
    return Dose(**{**nothing, **usual, **changes})


def changed(**changes: Any) -> Directive:
    said = {"signature": SIGNATURE, "planned_for": NOON, "prescribed_bq": 8 * GBQ, **changes}
    return directive(version(signature=SIGNATURE), version(2, **said), live_dose_id=5)


def said(reference: Reference, given: Directive, what: Dose | None = None) -> str:
    found = recall(given, what or dose(), reference.products["lutathera"], activity_at)
    return found.message if found else ""


def test_what_the_dose_was_drawn_for_still_stands(reference: Reference) -> None:
    assert said(reference, directive(version(signature=SIGNATURE), live_dose_id=5)) == ""
    assert said(reference, changed(), dose(version=2)) == ""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (changed(signature=None), "Version 2 is not signed yet."),
        (changed(product="y-90-dotatoc"), "Version 2 is for another product."),
        (changed(prescribed_bq=4 * GBQ), "Version 2 asks for 4,000 MBq."),
        (replace(changed(), cancellation=CANCELLED), "It was cancelled."),
    ],
)
def test_a_directive_that_says_otherwise_recalls_the_dose(
    reference: Reference, given: Directive, why: str
) -> None:
    message = said(reference, given)
    assert message.startswith("The directive changed after this dose was drawn: do not give it")
    assert message.endswith(why)


def test_a_newest_version_that_wants_just_this_dose_confirms_it(reference: Reference) -> None:
    assert said(reference, changed()) == ""
    assert said(reference, changed(signature=None, oral=ORDER)) == ""


def test_the_dose_is_compared_at_the_time_the_newest_version_plans(reference: Reference) -> None:
    later = {"planned_for": NOON + HALF_LIFE}
    assert said(reference, changed(**later, prescribed_bq=4 * GBQ)) == ""
    assert said(reference, changed(**later)).endswith("Version 2 asks for 8,000 MBq.")


@pytest.mark.parametrize(
    ("lowest", "highest", "is_recalled"),
    [
        (8 * GBQ, 9 * GBQ, False),
        (7 * GBQ, 8 * GBQ, False),
        (8 * GBQ + 1, 9 * GBQ, True),
        (7 * GBQ, 8 * GBQ - 1, True),
    ],
)
def test_a_range_counts_both_its_ends_in(
    reference: Reference, lowest: int, highest: int, is_recalled: bool
) -> None:
    given = changed(lowest_bq=lowest, highest_bq=highest, prescribed_bq=lowest)
    assert bool(said(reference, given)) is is_recalled


@pytest.mark.parametrize(
    ("measured_bq", "is_recalled"),
    [(8_800_000_000, False), (8_800_000_001, True), (7_200_000_000, False), (7_199_999_999, True)],
)
def test_exactly_the_tolerance_is_within_it(
    reference: Reference, measured_bq: int, is_recalled: bool
) -> None:
    assert bool(said(reference, changed(), dose(measured_bq=measured_bq))) is is_recalled
