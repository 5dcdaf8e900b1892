"""Decay curves: the activity of a vial or container over time, with what happened to it.

The figures are the caller's, who shows the same ones in a table.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from radiopharm.core import formatting
from radiopharm.documents.charts import COLOURS, MARGIN, TIME, Spec, Theme, ms, svg, time_axis

HEIGHT = 240
FLAG_HEIGHT = 16
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
        "description": f"Activity of {curve.name} over time",
        "width": plot_width,
        "height": HEIGHT,
        "layer": [
            *_lines(flags),
            _line(curve, colours, plot_width),
            *_dots(curve, colours),
            *_words(flags),
        ],
    }
    return svg(spec, theme)


def _line(curve: DecayCurve, colours: dict[str, str], width: int) -> Spec:
    values = [
        {"n": n, "t": ms(point.at), "mbq": point.bq / 1e6}
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
    days = f"{formatting.day(start, curve.zone)} to {formatting.day(end, curve.zone)}"
    return time_axis(start, end, curve.zone, f"{days}, {curve.zone_name} time", width)


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
        {"t": ms(event.at), "mbq": event.bq / 1e6}
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
    values = [{"t": ms(flag.at), "colour": flag.colour} for flag in flags]
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
