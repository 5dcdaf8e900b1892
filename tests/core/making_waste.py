"""Builders of waste for tests: a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from radiopharm.core.release import Check, release_check
from radiopharm.core.waste import Container, LicenceCondition, Portion, PutIn, Survey
from radiopharm.reference import load

CONFIG = Path(__file__).parents[2] / "config"
REFERENCE = load(CONFIG)
DATA = REFERENCE.nuclear_data["ICRP-107"]
PACKS = {code: editions[-1] for code, editions in REFERENCE.rule_packs.items()}

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def make_portion(symbol: str, half_life_s: float | None = None, **other: Any) -> Portion:
    if half_life_s is None:
        nuclide = DATA.get(symbol)
        half_life_s, text = nuclide.half_life_s, nuclide.half_life_text
    else:
        text = f"{half_life_s / 86_400} d"
    given = {"activity_bq": 10**9, "half_life_text": text, "half_life_source": "test"} | other
    return Portion(symbol=symbol, half_life_s=half_life_s, **given)


def make_item(*nuclides: str | Portion, put_in_at: datetime = START) -> PutIn:
    portions = (n if isinstance(n, Portion) else make_portion(n) for n in nuclides)
    return PutIn(put_in_at=put_in_at, portions=tuple(portions))


def make_survey(measured_at: datetime = START + DAY, **other: Any) -> Survey:
    given = {
        "background": Decimal("0.10"),
        "background_unit": "µSv/h",
        "reading": Decimal("0.10"),
        "reading_unit": "µSv/h",
        "instrument_id": 1,
        "measured_by": "kim",
        "unshielded": True,
        "most_sensitive_scale": True,
    }
    return Survey(measured_at=measured_at, **(given | other))


def make_condition(*nuclides: str, hold: str = "10", unit: str = "half-lives") -> LicenceCondition:
    return LicenceCondition(
        number="29-12345-01, condition 18",
        text="may hold for decay-in-storage",
        nuclides=frozenset(nuclides),
        hold=Decimal(hold),
        hold_unit=unit,
    )


def make_container(*nuclides: str | Portion, **other: Any) -> Container:
    given: dict[str, Any] = {"sealed_at": START, "surveys": (make_survey(),)}
    return Container(items=(make_item(*nuclides),), **(given | other))


def check(container: Container, pack: str, at: datetime = START + 2 * DAY) -> Check:
    return release_check(container, PACKS[pack], at, DATA)


def verdicts(answer: Check) -> dict[str, bool | None]:
    return {leg.code: leg.passed for leg in answer.legs}
