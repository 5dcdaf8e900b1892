"""No more leaves in a day than its limit, exactly, whatever it is that leaves."""

import pytest

from radiopharm.core.day_limits import Day, over_the_day

DAY = Day(limits_bq={"Lu-177": 250})


@pytest.mark.parametrize(("more", "codes"), [(131.0, []), (132.0, []), (132.5, ["day_limit"])])
def test_what_left_before_counts_and_the_limit_itself_may_leave(
    more: float, codes: list[str]
) -> None:
    day = DAY.after({"Lu-177": 118.0, "Y-90": 1e9})
    assert [refusal.code for refusal in over_the_day(day, {"Lu-177": more})] == codes


def test_a_nuclide_without_a_limit_is_not_asked_for() -> None:
    assert over_the_day(DAY, {"Y-90": 1e12}) == ()
    assert over_the_day(Day(), {"Lu-177": 1e12}) == ()
