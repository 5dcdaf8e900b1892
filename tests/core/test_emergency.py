"""What emergency access may not do, and whose name is whose."""

import pytest

from radiopharm.core.emergency import Emergency, barred, is_one_name
from radiopharm.core.waste_statements import DEROGATION, RELEASE, RELEASES
from tests.conftest import NOON

pytestmark = pytest.mark.requirement("RQ-48")
OPENED = Emergency(opener="Ada Bright", reason="Nobody answers", opened_at=NOON)


@pytest.mark.parametrize("kind", [RELEASE, RELEASES, DEROGATION, "discharge", "erasure"])
def test_nothing_leaves_and_nothing_is_erased_while_somebody_is_in_by_an_envelope(
    kind: str,
) -> None:
    assert [refusal.code for refusal in barred(kind, None, OPENED)] == ["emergency"]
    assert barred(kind, OPENED, None)
    assert not barred(kind, None, None)


def test_a_dose_is_signed_in_an_emergency() -> None:
    assert not barred("dose", OPENED, OPENED)


@pytest.mark.parametrize("other", ["ada bright", " Ada  Bright ", "ＡＤＡ Bright"])
def test_a_name_is_the_same_in_any_case_spacing_or_form(other: str) -> None:
    assert is_one_name("Ada Bright", other)


def test_another_name_is_another() -> None:
    assert not is_one_name("Ada Bright", "Ada Brigth")
