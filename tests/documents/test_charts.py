"""The curve on a vial's page: self-contained, true to site time, legible in both themes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from radiopharm.documents.decay_charts import CurveEvent, CurvePoint, DecayCurve, decay_curve
from radiopharm.documents.time_axis import ticks

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 14, 11, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def hours(n: float) -> datetime:
    return NOON + timedelta(hours=n)


CURVE = DecayCurve(
    name="V-000004",
    points=tuple(CurvePoint(at=hours(6 * n), bq=9.25e9 * 0.97**n) for n in range(13)),
    events=(
        CurveEvent(at=hours(0), bq=9.25e9, label="received"),
        CurveEvent(at=hours(1), bq=9.2e9, label="accepted"),
    ),
    expires_at=hours(60),
    now=hours(50),
    scale="linear",
    zone=PARIS,
    zone_name="Europe/Paris",
)


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "said", ["received", "accepted", "expires", "now", "Activity, MBq", "10,000"]
)
def test_the_curve_names_its_axis_and_what_happened(said: str) -> None:
    assert said in words(decay_curve(CURVE, "light"))


def test_days_and_hours_are_the_sites_own() -> None:
    seen = words(decay_curve(CURVE, "light"))
    assert "Sat 14 Mar 2026 to Tue 17 Mar 2026, Europe/Paris time" in seen
    assert [word for word in seen if re.fullmatch(r"\d\d:\d\d|\d+ Mar", word)] == [
        *("12:00", "15 Mar", "12:00", "16 Mar", "12:00", "17 Mar", "12:00"),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_picture_needs_nothing_from_elsewhere(theme, scale) -> None:
    svg = decay_curve(replace(CURVE, scale=scale), theme)
    assert not re.search(r"<script|<style|style=|<image|href=|url\(|@font-face", svg)
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"sans-serif"}


def test_each_theme_has_its_own_paper() -> None:
    assert "#ffffff" in decay_curve(CURVE, "light")
    assert "#151e26" in decay_curve(CURVE, "dark")


def test_words_of_close_events_do_not_overprint() -> None:
    svg = ElementTree.fromstring(decay_curve(CURVE, "light"))
    where = {text.text: text.get("transform") for text in svg.iter(f"{SVG}text")}
    heights = {word: re.findall(r"-?[\d.]+", where[word])[1] for word in ("received", "accepted")}
    assert heights["received"] != heights["accepted"]


def test_what_lies_outside_the_axis_is_left_out() -> None:
    seen = words(decay_curve(replace(CURVE, expires_at=hours(100), now=hours(-1)), "light"))
    assert "expires" not in seen
    assert "now" not in seen


def test_an_empty_vial_can_be_drawn_on_either_scale() -> None:
    empty = (*CURVE.points, CurvePoint(at=hours(72), bq=0.0))
    for scale in ("linear", "log"):
        svg = decay_curve(replace(CURVE, points=empty, scale=scale), "light")
        assert "NaN" not in svg
        assert "Infinity" not in svg


def test_a_vial_to_which_nothing_happened_has_its_curve() -> None:
    seen = words(decay_curve(replace(CURVE, events=(), expires_at=None), "light"))
    assert "now" in seen
    assert "expires" not in seen


def test_a_label_is_text_and_never_markup() -> None:
    evil = "</text><script>alert(1)</script>"
    event = CurveEvent(at=hours(5), bq=9e9, label=evil)
    svg = decay_curve(replace(CURVE, name=evil, events=(event,)), "light")
    assert evil in words(svg)
    assert not list(ElementTree.fromstring(svg).iter(f"{SVG}script"))


def test_the_same_curve_is_the_same_picture() -> None:
    assert decay_curve(CURVE, "dark") == decay_curve(CURVE, "dark")


def test_midnights_stay_midnights_when_the_clocks_change() -> None:
    friday = datetime(2026, 3, 27, 23, tzinfo=UTC)
    marks = list(ticks(friday, friday + timedelta(days=3), PARIS, 4))
    assert [label for _, label in marks] == ["28 Mar", "29 Mar", "30 Mar", "31 Mar"]
    assert [at.hour for at, _ in marks] == [23, 23, 22, 22]


@pytest.mark.parametrize("length_h", [1, 7, 30, 100, 24 * 20, 24 * 400, 24 * 9000])
def test_an_axis_of_any_length_has_some_marks_and_not_too_many(length_h: int) -> None:
    marks = list(ticks(NOON, NOON + timedelta(hours=length_h), PARIS, 8))
    assert 1 <= len(marks) <= 9
