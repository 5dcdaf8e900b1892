"""The printed decay sheet: one vial, one day, what it holds and what to draw, for when all is down.

No physics here: the rows come computed from where pages and decisions get theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from radiopharm.core import formatting
from radiopharm.core.units import ACTIVITY_UNITS
from radiopharm.documents import typesetting
from radiopharm.documents.barcodes import qr_code


@dataclass(frozen=True, slots=True, kw_only=True)
class DecaySheetRow:
    """The vial at one instant, and for each usual dose the microlitres to draw.

    Where a dose cannot be drawn, `draws` says why in a word or two: "not enough", "expired".
    """

    at: datetime
    activity_bq: float
    bq_per_ul: float | None
    draws: tuple[int | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecaySheet:
    """A vial as its page shows it, and its rows, usually every 15 minutes of a site's day.

    `balance_bq` (at the reference instant) and `held_ul` are what the book held at `balance_at`;
    the rows hold for that balance only. `usual_doses_bq` are the columns of `DecaySheetRow.draws`,
    six at most. `half_life` is the text with its unit ("6.647 d"), `state` the vial's in words.
    """

    site: str
    code: str
    product: str
    nuclide: str
    lot: str
    state: str
    reference_activity_bq: int
    reference_at: datetime
    half_life: str
    half_life_source: str
    expires_at: datetime
    balance_bq: int
    held_ul: int
    balance_at: datetime
    usual_doses_bq: tuple[int, ...]
    rows: tuple[DecaySheetRow, ...]
    zone: tzinfo
    zone_name: str
    printed_at: datetime
    printed_by: str


def decay_sheet(sheet: DecaySheet) -> bytes:
    """The PDF, A4: the vial's facts, the table, lines for draws by hand, limits of use."""
    data = {
        "site": sheet.site,
        "code": sheet.code,
        "symbol": qr_code(sheet.code),
        "product": sheet.product,
        "day": formatting.day(sheet.rows[0].at, sheet.zone),
        "zone": sheet.zone_name,
        "facts": _facts(sheet),
        "doses": [[formatting.mbq(bq), formatting.mci(bq)] for bq in sheet.usual_doses_bq],
        "rows": _rows(sheet),
        "printed": f"Printed {formatting.instant(sheet.printed_at, sheet.zone)}"
        f" by {sheet.printed_by}",
    }
    return typesetting.pdf("decay_sheet.typ", data, at=sheet.printed_at)


def _facts(sheet: DecaySheet) -> list[tuple[str, str]]:
    """Names and values, read row by row in two columns."""
    balance_at = formatting.instant(sheet.balance_at, sheet.zone)
    return [
        ("Nuclide", sheet.nuclide),
        ("Lot", sheet.lot),
        ("Reference activity", formatting.mbq_mci(sheet.reference_activity_bq)),
        ("Reference time", formatting.instant(sheet.reference_at, sheet.zone)),
        ("Half-life", f"{sheet.half_life} ({sheet.half_life_source})"),
        ("Expires", formatting.instant(sheet.expires_at, sheet.zone)),
        ("Book balance", f"{formatting.mbq_mci(sheet.balance_bq)} at reference time"),
        ("Volume held", formatting.ml(sheet.held_ul)),
        ("Balance as of", balance_at),
        ("State", sheet.state),
    ]


def _rows(sheet: DecaySheet) -> list[Mapping[str, Any]]:
    previous_day = formatting.day(sheet.rows[0].at, sheet.zone)
    rows = []
    for row in sheet.rows:
        day = formatting.day(row.at, sheet.zone)
        rows.append(_row(row, sheet.zone) | {"day": day if day != previous_day else None})
        previous_day = day
    return rows


def _row(row: DecaySheetRow, zone: tzinfo) -> dict[str, Any]:
    local = row.at.astimezone(zone)
    return {
        "time": formatting.clock_time(row.at, zone),
        "hour": local.hour,
        "full_hour": local.minute == 0,
        "mbq": _in(row.activity_bq, "MBq"),
        "mci": _in(row.activity_bq, "mCi"),
        "mbq_per_ml": "—" if row.bq_per_ul is None else _in(row.bq_per_ul * 1000, "MBq"),
        "draws": [
            {"words": draw} if isinstance(draw, str) else {"ml": formatting.ml_figure(draw)}
            for draw in row.draws
        ],
    }


def _in(bq: float, unit: str) -> str:
    return formatting.figure(bq / ACTIVITY_UNITS[unit], column=True)
