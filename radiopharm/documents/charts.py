"""What all charts share: colours, a frame, and a time axis by the clock on the site's wall.

They are SVG drawn on the server: no script, no font and no picture from elsewhere. The time axis
counts true seconds, so that the hours of a clock change keep their length.
"""

import json
from datetime import datetime, tzinfo
from typing import Any, Literal

import vl_convert

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
MARGIN = 90  # for the axis and its title
TIME: Spec = {"field": "t", "type": "quantitative", "scale": {"zero": False, "nice": False}}


def svg(spec: Spec, theme: Theme) -> str:
    """The SVG of what *spec* draws, in the frame of the house."""
    colours = COLOURS[theme]
    frame = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "padding": {"left": 4, "right": 24, "top": 4, "bottom": 4},
        "background": colours["card"],
        "config": _config(colours),
    }
    return vl_convert.vegalite_to_svg(frame | spec, allowed_base_urls=[])


def time_axis(start: datetime, end: datetime, zone: tzinfo, title: str, width: int) -> Spec:
    """The axis from *start* to *end*, *width* pixels long; its instants are given as `ms`."""
    labels = {ms(at): label for at, label in ticks(start, end, zone, width // 70)}
    return TIME | {
        "scale": {"domain": [ms(start), ms(end)], "nice": False, "zero": False},
        "axis": {
            "values": list(labels),
            "labelExpr": f"({json.dumps(labels)})[datum.value]",
            "labelFlush": False,
            "title": title,
        },
    }


def ms(at: datetime) -> int:
    """An instant as charts count it: milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def _config(colours: dict[str, str]) -> Spec:
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
