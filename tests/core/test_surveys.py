"""Area surveys: exact at the level, open until a clean follow-up, due by the site's days."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.surveys import (
    Plan,
    Point,
    RecordSurvey,
    SetPlan,
    Survey,
    SurveyKind,
    Voided,
    plan_refusals,
    standing,
    survey_refusals,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def plan(**changes: Any) -> Plan:
    usual: dict[str, Any] = {
        "id": 1,
        "room_id": 1,
        "kind": SurveyKind.WIPE,
        "interval_days": 7,
        "level": Decimal("0.4"),
        "operator": ">",
        "unit": "Bq/cm²",
        "less_background": False,
        "source": "Local rule 3",
        "reason": "New",
        "points": (Point(id=1, name="Bench"), Point(id=2, name="Sink")),
        "recorded_at": NOON,
        "by": "Officer",
    }
    return Plan(**{**usual, **changes})


def survey(day: int, *, is_over: bool = False, note: str = "", void: bool = False) -> Survey:
    return Survey(
        id=day,
        room_id=1,
        kind=SurveyKind.WIPE,
        plan_id=1,
        instrument="SM",
        background=Decimal(0),
        is_over=is_over,
        decontamination=note,
        surveyed_at=NOON + timedelta(days=day),
        recorded_at=NOON,
        by="Tech",
        voided=Voided(reason="Wrong room", at=NOON, by="Officer") if void else None,
    )


@pytest.mark.parametrize(
    ("operator", "reading", "background", "less", "over"),
    [
        (">", "0.4", "0", False, False),
        (">=", "0.4", "0", False, True),
        (">", "0.400000001", "0", False, True),
        (">=", "0.7", "0.3", True, True),  # 0.7 - 0.3 is below 0.4 in binary
        (">", "0.7", "0.3", True, False),
        (">", "0.7", "0.3", False, True),
    ],
)
def test_a_reading_is_compared_exactly_with_the_operator_entered(
    operator: str, reading: str, background: str, less: bool, over: bool
) -> None:
    by = plan(operator=operator, less_background=less)
    assert by.is_over(Decimal(reading), Decimal(background)) is over


def test_only_a_clean_survey_with_what_was_done_closes_a_deviation() -> None:
    found = survey(0, is_over=True)
    clean, done = survey(1), survey(2, note="Bench wiped twice")
    still = survey(3, is_over=True, note="Wiped, still there")
    assert standing(plan(), [found, clean], MADRID).deviation == found
    assert standing(plan(), [found, still], MADRID).deviation == found
    assert standing(plan(), [done, clean, found], MADRID).deviation is None


def test_voiding_opens_what_a_survey_closed_and_closes_what_it_opened() -> None:
    found = survey(0, is_over=True)
    assert standing(plan(), [found, survey(2, note="x", void=True)], MADRID).deviation == found
    assert standing(plan(), [survey(0, is_over=True, void=True)], MADRID).deviation is None


def test_a_survey_is_due_until_the_end_of_its_day_where_the_site_is() -> None:
    it = standing(plan(), [survey(0)], MADRID)
    assert it.due_on == date(2026, 6, 8)
    assert it.overdue_at == datetime(2026, 6, 8, 22, tzinfo=UTC)
    assert not it.is_overdue(datetime(2026, 6, 8, 21, 59, 59, tzinfo=UTC))
    assert it.is_overdue(datetime(2026, 6, 8, 22, tzinfo=UTC))


def test_a_room_never_surveyed_is_due_an_interval_after_its_plan_and_without_one_never() -> None:
    assert standing(plan(), [], MADRID).due_on == date(2026, 6, 8)
    assert standing(plan(interval_days=None), [], MADRID).due_on is None


def test_every_reason_against_a_survey_is_given_at_once() -> None:
    command = RecordSurvey(
        plan_id=1,
        instrument_id=1,
        background=Decimal(0),
        readings=((1, Decimal(1)),),
        surveyed_at=NOON + timedelta(hours=1),
    )
    codes = [it.code for it in survey_refusals(command, plan(), 2, NOON)]
    assert codes == ["plan_changed", "points", "ahead"]


def test_a_plan_names_its_points_apart_and_a_unit_of_its_kind() -> None:
    command = SetPlan(
        kind=SurveyKind.WIPE,
        interval_days=7,
        level=Decimal(1),
        operator=">",
        unit="µSv/h",
        less_background=True,
        source="x",
        reason="x",
        points=("Sink", "Sink"),
    )
    assert [it.code for it in plan_refusals(command)] == ["unit", "points"]
