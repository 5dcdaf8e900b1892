"""Decay curves as SVG, drawn on the server: no script, no font and no picture from elsewhere.

The time axis counts true seconds and is labelled with the site's wall clock, so that the hours of a
clock change keep their length. The figures are the caller's, who shows the same ones in a table.
"""

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal

import vl_convert

from radiopharm.core import formatting
from radiopharm.documents.time_axis import ticks

Theme = Literal["light", "dark"]
Spec = dict[str, Any]

# The colours of web/static/site.css: an image cannot read the page's.
COLOURS: dict[Theme, dict[str, str]] = {
    "light": {
        "card": "#ffffff",
        "ink": "#14212d",
        "quiet": "#4d5c69",
        "line": "#d8dee4",
        "stop": "#971414",
        "stop_fill": "#fde6e4",
        "info": "#0b478a",
    },
    "dark": {
        "card": "#151e26",
        "ink": "#e9eff4",
        "quiet": "#a5b4c1",
        "line": "#2a3844",
        "stop": "#ffa39b",
        "stop_fill": "#3a1614",
        "info": "#9bcaff",
    },
}
TIME: Spec = {"field": "t", "type": "quantitative", "scale": {"zero": False, "nice": False}}
HEIGHT = 240
FLAG_HEIGHT = 16
MARGIN = 90  # for the axis and its title
LETTER_WIDTH = 6.6  # of 12 px sans-serif, on the safe side


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The activity at an instant; two points at one instant draw a step."""

    at: datetime
    bq: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveEvent:
    """Something that happened to the vial, and what it held then; `label` in a word or two."""

    at: datetime
    bq: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecayCurve:
    """A vial's activity over time: two points or more, in order, set the time axis.

    On a logarithmic scale decay is a straight line and what is not positive is left out.
    """

    name: str
    points: tuple[CurvePoint, ...]
    events: tuple[CurveEvent, ...]
    expires_at: datetime | None
    now: datetime
    scale: Literal["linear", "log"]
    zone: tzinfo
    zone_name: str


def decay_curve(curve: DecayCurve, theme: Theme, *, width: int = 680) -> str:
    """The SVG of *curve*, about *width* pixels wide; a narrower one carries fewer labels."""
    colours = COLOURS[theme]
    plot_width = width - MARGIN
    flags = _flags(curve, colours, plot_width)
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": f"Activity of {curve.name} over time",
        "width": plot_width,
        "height": HEIGHT,
        "padding": {"left": 4, "right": 24, "top": 4, "bottom": 4},
        "background": colours["card"],
        "config": config(colours),
        "layer": [
            *_lines(flags),
            _line(curve, colours, plot_width),
            *_dots(curve, colours),
            *_words(flags),
        ],
    }
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def config(colours: dict[str, str]) -> Spec:
    """How the charts of the house look."""
    axis = {
        "labelColor": colours["quiet"],
        "titleColor": colours["quiet"],
        "gridColor": colours["line"],
        "domainColor": colours["quiet"],
        "tickColor": colours["quiet"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    }
    return {"font": "sans-serif", "view": {"stroke": None}, "axis": axis}


def _line(curve: DecayCurve, colours: dict[str, str], width: int) -> Spec:
    values = [
        {"n": n, "t": _ms(point.at), "mbq": point.bq / 1e6}
        for n, point in enumerate(curve.points)
        if _drawable(curve, point.bq)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "line", "color": colours["ink"], "strokeWidth": 2.5},
        "encoding": {"x": _x(curve, width), "y": _y(curve), "order": {"field": "n"}},
    }


def _x(curve: DecayCurve, width: int) -> Spec:
    start, end = curve.points[0].at, curve.points[-1].at
    labels = {_ms(at): label for at, label in ticks(start, end, curve.zone, width // 70)}
    days = f"{formatting.day(start, curve.zone)} to {formatting.day(end, curve.zone)}"
    return TIME | {
        "scale": {"domain": [_ms(start), _ms(end)], "nice": False, "zero": False},
        "axis": {
            "values": list(labels),
            "labelExpr": f"({json.dumps(labels)})[datum.value]",
            "labelFlush": False,
            "title": f"{days}, {curve.zone_name} time",
        },
    }


def _y(curve: DecayCurve) -> Spec:
    linear = curve.scale == "linear"
    return {
        "field": "mbq",
        "type": "quantitative",
        "scale": {
            "type": curve.scale,
            "zero": linear,
            "nice": linear,
            "padding": 0 if linear else 12,
        },
        "axis": {"title": "Activity, MBq", "format": ",~r", "tickCount": 6, "labelOverlap": True},
    }


def _dots(curve: DecayCurve, colours: dict[str, str]) -> list[Spec]:
    values = [
        {"t": _ms(event.at), "mbq": event.bq / 1e6}
        for event in curve.events
        if _drawable(curve, event.bq) and _within(curve, event.at)
    ]
    mark = {"type": "point", "filled": True, "size": 70, "opacity": 1}
    outline = {"color": colours["ink"], "stroke": colours["card"], "strokeWidth": 1.5}
    encoding = {
        "x": TIME,
        "y": {"field": "mbq", "type": "quantitative"},
    }
    return [{"data": {"values": values}, "mark": mark | outline, "encoding": encoding}]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flag:
    """A line down the plot and its word above, *x* pixels in and *row* rows up."""

    at: datetime
    label: str
    colour: str
    x: float
    row: int


def _flags(curve: DecayCurve, colours: dict[str, str], width: int) -> list[_Flag]:
    """What happened, expiry and now, in rows so that no word overprints another."""
    wanted = [(event.at, event.label, colours["quiet"]) for event in curve.events]
    if curve.expires_at is not None:
        wanted.append((curve.expires_at, "expires", colours["stop"]))
    wanted.append((curve.now, "now", colours["info"]))
    start, end = curve.points[0].at, curve.points[-1].at
    flags: list[_Flag] = []
    ends: list[float] = []  # where each row is taken up to
    for at, label, colour in sorted(wanted, key=lambda each: each[0]):
        if _within(curve, at):
            words = LETTER_WIDTH * len(label)
            x = max(0.0, min((at - start) / (end - start) * width, width - words))
            row = next((n for n, taken in enumerate(ends) if taken <= x), len(ends))
            ends[row : row + 1] = [x + words + 8]
            flags.append(_Flag(at=at, label=label, colour=colour, x=x, row=row))
    return flags


def _lines(flags: list[_Flag]) -> list[Spec]:
    values = [{"t": _ms(flag.at), "colour": flag.colour} for flag in flags]
    encoding = {
        "x": TIME,
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    mark = {"type": "rule", "strokeWidth": 1.5, "strokeDash": [2, 3]}
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}]


def _words(flags: list[_Flag]) -> list[Spec]:
    values = [
        {"x": flag.x, "y": -FLAG_HEIGHT * flag.row - 4, "label": flag.label, "colour": flag.colour}
        for flag in flags
    ]
    encoding = {
        "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
        "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
        "text": {"field": "label"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    mark = {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 12, "clip": False}
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}]


def _drawable(curve: DecayCurve, bq: float) -> bool:
    return curve.scale == "linear" or bq > 0


def _within(curve: DecayCurve, at: datetime) -> bool:
    return curve.points[0].at <= at <= curve.points[-1].at


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
