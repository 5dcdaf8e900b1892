"""A vial's day in quarter hours: what it holds, what to draw, or why nothing."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core import decay_sheets
from radiopharm.core.ledger import Amount, Ledger
from radiopharm.core.reference import Reference
from tests.core.test_states import HOUR, NOON, vial

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("day", "rows"),
    [(date(2026, 6, 1), 96), (date(2026, 3, 29), 92), (date(2026, 10, 25), 100)],
)
def test_a_day_runs_from_midnight_to_midnight_on_the_wall(day: date, rows: int) -> None:
    instants = decay_sheets.quarter_hours(day, MADRID)
    assert len(instants) == rows
    assert instants[0].astimezone(MADRID).hour == 0


def test_a_row_says_what_to_draw_or_why_nothing(reference: Reference) -> None:
    instants = [NOON, NOON + 9 * HOUR, NOON + 10 * HOUR]
    first, later, expired = decay_sheets.rows(
        vial(), instants, [3_700_000_000, 7_400_000_000], reference
    )
    assert first.draws == (10_000, 20_000)
    assert later.draws == (10_399, decay_sheets.NOT_ENOUGH)
    assert expired.draws == (decay_sheets.EXPIRED, decay_sheets.EXPIRED)


def test_an_empty_vial_offers_nothing(reference: Reference) -> None:
    empty = vial(ledger=Ledger(sequence=2, balance=Amount(volume_ul=0, reference_bq=0)))
    (row,) = decay_sheets.rows(empty, [NOON], [3_700_000_000], reference)
    assert (row.activity_bq, row.bq_per_ul, row.draws) == (0, None, (decay_sheets.NOT_ENOUGH,))
