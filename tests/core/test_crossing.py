"""The last crossing is found to the microsecond, whatever comes before, and never a first one."""

import pytest

from radiopharm.core.crossing import DAY_US, SECOND_US, holds_from

HOUR_US = 3_600 * SECOND_US
FAR_US = 1_000 * DAY_US
Stretch = tuple[int, int]


def found(*failing: Stretch, most_us: int = FAR_US, feared: Stretch | None = None) -> int | None:
    """Where it holds from when it fails in the stretches; *feared* is where it only might."""
    feared_too = [*failing, *([feared] if feared else [])]

    def holds(us: int) -> bool:
        assert us == int(us)
        return not any(begin <= us < end for begin, end in failing)

    def may_exceed(us: int, within_us: float) -> bool:
        return any(us < end and begin < us + within_us for begin, end in feared_too)

    return holds_from(holds, may_exceed, most_us)


def test_what_never_fails_holds_from_the_start() -> None:
    assert found() == 0


@pytest.mark.parametrize(
    "last",
    [
        1,
        2,
        17,
        SECOND_US - 1,
        SECOND_US,
        SECOND_US + 1,
        HOUR_US + 5,
        DAY_US // 2 - 1,
        DAY_US,
        9 * DAY_US + 7,
    ],
)
def test_it_holds_from_the_microsecond_after_the_last_failing(last: int) -> None:
    answer = found((0, last))
    assert answer == last
    assert isinstance(answer, int)


def test_a_failing_of_one_microsecond_at_the_end_of_a_span_is_seen() -> None:
    assert found((DAY_US // 2 - 1, DAY_US // 2)) == DAY_US // 2


@pytest.mark.parametrize(
    "again", [3 * SECOND_US, 11 * HOUR_US, 13 * HOUR_US, 20 * HOUR_US, 100 * DAY_US + 1]
)
def test_a_dip_has_not_passed(again: int) -> None:
    assert found((0, SECOND_US), (again, again + 2 * SECOND_US)) == again + 2 * SECOND_US


def test_what_begins_to_fail_later_holds_after_that() -> None:
    assert (
        found((20 * HOUR_US, 20 * HOUR_US + 3 * SECOND_US + 3)) == 20 * HOUR_US + 3 * SECOND_US + 3
    )


def test_what_was_only_feared_is_no_failing() -> None:
    assert found(feared=(0, DAY_US + HOUR_US)) == 0
    assert found((0, 9), feared=(HOUR_US, 2 * HOUR_US)) == 9


@pytest.mark.parametrize(("late_us", "answer"), [(0, FAR_US), (1, None)])
def test_beyond_the_last_instant_there_is_none(late_us: int, answer: int | None) -> None:
    assert found((0, FAR_US + late_us)) == answer


def test_a_day_that_is_all_there_is_is_searched_all_the_same() -> None:
    assert found((0, 9), most_us=DAY_US, feared=(DAY_US, DAY_US + 5)) == 9


def test_what_may_fail_for_ever_holds_from_no_instant() -> None:
    assert found((0, 10**30), most_us=FAR_US) is None
