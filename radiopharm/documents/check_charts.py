"""The trend of an instrument's checks as SVG: each difference over time, between its limits.

The figures are the caller's, who shows the same ones in a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from radiopharm.documents.charts import COLOURS, MARGIN, TIME, Spec, Theme, ms, svg, time_axis

HEIGHT = 220


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a check found, in the chart's unit, with what (`source`), and whether it passed."""

    at: datetime
    value: float
    source: str
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Checks of one kind, one or more; `limits` are those of the plan that stands, if any does."""

    name: str
    unit: str
    found: Sequence[Difference]
    limits: tuple[float, ...]
    zone: tzinfo
    zone_name: str


def check_trend(trend: Trend, theme: Theme, *, width: int = 680) -> str:
    """The SVG of *trend*, about *width* pixels wide; a narrower one carries fewer labels."""
    colours, plot_width = COLOURS[theme], width - MARGIN
    spec = {
        "description": f"{trend.name}: difference from what was expected, over time",
        "width": plot_width,
        "height": HEIGHT,
        "layer": [
            _limits(trend, colours),
            _line(trend, colours, plot_width),
            _dots(trend, colours),
        ],
    }
    return svg(spec, theme)


def _limits(trend: Trend, colours: dict[str, str]) -> Spec:
    return {
        "data": {"values": [{"value": limit} for limit in trend.limits]},
        "mark": {
            "type": "rule",
            "color": colours["stop"],
            "strokeWidth": 1.5,
            "strokeDash": [6, 4],
        },
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
    }


def _line(trend: Trend, colours: dict[str, str], width: int) -> Spec:
    return {
        "data": {"values": _values(trend)},
        "mark": {"type": "line", "color": colours["quiet"], "strokeWidth": 1.5},
        "encoding": {
            "x": _x(trend, width),
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": {"zero": True, "nice": True, "padding": 10},
                "axis": {"title": f"Difference, {trend.unit}", "format": "~r", "tickCount": 6},
            },
            "detail": {"field": "source"},
        },
    }


def _dots(trend: Trend, colours: dict[str, str]) -> Spec:
    """A dot for what passed, a cross for what failed, a ring for what could not be judged."""
    marks = {"passed": "circle", "failed": "cross", "not judged": "diamond"}
    inks = {"passed": "info", "failed": "stop", "not judged": "quiet"}
    seen = [word for word in marks if word in {it["verdict"] for it in _values(trend)}]
    shape = {"domain": seen, "range": [marks[word] for word in seen]}
    ink = {"domain": seen, "range": [colours[inks[word]] for word in seen]}
    legend = {
        "orient": "top",
        "title": None,
        "labelColor": colours["ink"],
        "labelFontSize": 12,
        "symbolSize": 90,
    }
    verdict = {"field": "verdict", "type": "nominal", "legend": legend}
    return {
        "data": {"values": _values(trend)},
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
        "encoding": {
            "x": TIME,
            "y": {"field": "value", "type": "quantitative"},
            "shape": {**verdict, "scale": shape},
            "color": {**verdict, "scale": ink},
        },
    }


def _values(trend: Trend) -> list[Spec]:
    verdicts = {True: "passed", False: "failed", None: "not judged"}
    return [
        {"t": ms(it.at), "value": it.value, "source": it.source, "verdict": verdicts[it.passed]}
        for it in trend.found
    ]


def _x(trend: Trend, width: int) -> Spec:
    instants = [it.at for it in trend.found]
    start, end = min(instants), max(instants)
    if start == end:  # one check: a day around it
        start, end = start - timedelta(hours=12), end + timedelta(hours=12)
    return time_axis(start, end, trend.zone, f"{trend.zone_name} time", width)
