"""The store of waste over the months to come as SVG: activity above, number of containers below.

The figures are the caller's, who shows the same ones in a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from radiopharm.core.formatting import MONTHS
from radiopharm.documents.charts import COLOURS, MARGIN, Spec, Theme, svg

PANEL_HEIGHT = 150
LABEL_WIDTH = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAt:
    """What the store holds at an instant."""

    at: datetime
    containers: float
    bq: float


def forecast_chart(
    points: Sequence[StoreAt], zone: tzinfo, theme: Theme, *, width: int = 680
) -> str:
    """The SVG of *points*, about *width* pixels wide; a narrower one has fewer labels."""
    colours, plot_width = COLOURS[theme], width - MARGIN
    spec = {
        "description": "Activity and number of containers in the store, month by month",
        "data": {"values": [_value(n, point) for n, point in enumerate(points)]},
        "vconcat": [
            _panel("mbq", "Activity, MBq", _x(points, zone, plot_width), colours, plot_width),
            _panel("containers", "Containers", _x(points, zone, plot_width), colours, plot_width),
        ],
    }
    return svg(spec, theme)


def _value(month: int, point: StoreAt) -> Spec:
    return {"n": month, "mbq": point.bq / 1e6, "containers": point.containers}


def _panel(field: str, title: str, x: Spec, colours: dict[str, str], width: int) -> Spec:
    return {
        "width": width,
        "height": PANEL_HEIGHT,
        "mark": {
            "type": "line",
            "color": colours["ink"],
            "strokeWidth": 2.5,
            "point": {"color": colours["ink"], "size": 50},
        },
        "encoding": {
            "x": x,
            "y": {
                "field": field,
                "type": "quantitative",
                "scale": {"zero": True, "nice": True},
                "axis": {"title": title, "format": ",~r", "tickCount": 5},
            },
        },
    }


def _x(points: Sequence[StoreAt], zone: tzinfo, width: int) -> Spec:
    every = -(-len(points) * LABEL_WIDTH // width)
    labels = {n: _label(point.at, zone) for n, point in enumerate(points) if n % every == 0}
    known = "{" + ", ".join(f'{n}: "{label}"' for n, label in labels.items()) + "}"
    return {
        "field": "n",
        "type": "quantitative",
        "scale": {"nice": False, "zero": False},
        "axis": {"title": None, "values": list(labels), "labelExpr": f"({known})[datum.value]"},
    }


def _label(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]}"
