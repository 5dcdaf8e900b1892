"""How long a record is kept: the latest of all rules, and a decision where none can tell."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.figures import Status
from radiopharm.core.retention import (
    SITE,
    KeptRecord,
    RecordClass,
    RetentionRule,
    Start,
    anniversary,
    retention,
)
from radiopharm.reference.retention import read_retention

MADE = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # already the 2nd in Madrid
MADRID = ZoneInfo("Europe/Madrid")
RULES = read_retention(Path(__file__).parents[2] / "config" / "retention.toml")
DOSE = KeptRecord(record_class=RecordClass.DOSAGE, id=1, code="D-000001", made_at=MADE)
VIAL = replace(DOSE, record_class=RecordClass.RECEIPT, code="V-000001")


def decision(years: int) -> RetentionRule:
    return RetentionRule(
        code="decision-1",
        record_class=RecordClass.DOSAGE,
        years=years,
        start=Start.MADE,
        jurisdiction=SITE,
        clause="decision",
        source="Licence 17",
        status=Status.VERIFIED,
    )


@pytest.mark.requirement("RQ-52")
def test_a_period_runs_by_the_sites_days_and_names_its_rule() -> None:
    found = retention(DOSE, RULES, [SITE, "US"], MADRID)
    assert found.earliest == date(2029, 6, 2)
    assert found.governing
    assert found.governing.rule.code == "us-dosage"
    assert found.words == (
        "D-000001 is kept until 2029-06-02: 3 years from when it was made (10 CFR 35.2063)."
    )


def test_the_latest_end_governs_and_a_decision_shortens_nothing() -> None:
    longer = retention(DOSE, [*RULES, decision(10)], [SITE, "US"], MADRID)
    shorter = retention(DOSE, [*RULES, decision(1)], [SITE, "US"], MADRID)
    assert longer.earliest == date(2036, 6, 2)
    assert shorter.earliest == date(2029, 6, 2)


def test_no_rule_is_not_no_limit_but_a_decision() -> None:
    found = retention(DOSE, RULES, [SITE, "DE"], MADRID)
    assert (found.earliest, found.governing) == (None, None)
    assert "until the safety officer decides" in found.words
    assert retention(DOSE, [*RULES, decision(30)], [SITE, "DE"], MADRID).earliest


def test_an_event_that_has_not_happened_leaves_no_date() -> None:
    kept = retention(VIAL, RULES, [SITE, "UK"], MADRID)
    assert kept.earliest is None
    assert kept.governing
    assert kept.governing.rule.code == "uk-receipt-disposed"
    emptied = replace(VIAL, disposed_at=datetime(2027, 1, 5, 12, tzinfo=UTC))
    assert retention(emptied, RULES, [SITE, "UK"], MADRID).earliest == date(2029, 1, 5)
    assert retention(VIAL, RULES, [SITE, "CA"], MADRID).earliest is None


@pytest.mark.case("RETENTION-US-3Y")
@pytest.mark.case("RETENTION-DE-30Y")
@pytest.mark.parametrize(
    ("record", "made", "jurisdiction", "until"),
    [
        (DOSE, datetime(2024, 2, 29, 12, tzinfo=UTC), "US", date(2027, 3, 1)),
        (VIAL, datetime(2026, 5, 4, 12, tzinfo=UTC), "DE", date(2056, 5, 4)),
    ],
)
def test_a_record_is_kept_as_long_as_published(
    record: KeptRecord, made: datetime, jurisdiction: str, until: date
) -> None:
    made_then = replace(record, made_at=made)
    assert retention(made_then, RULES, [SITE, jurisdiction], MADRID).earliest == until


@pytest.mark.parametrize(("years", "day"), [(1, date(2029, 3, 1)), (4, date(2032, 2, 29))])
def test_a_leap_day_has_its_anniversary_on_the_first_of_march(years: int, day: date) -> None:
    assert anniversary(date(2028, 2, 29), years) == day
