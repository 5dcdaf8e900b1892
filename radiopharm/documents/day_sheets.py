"""The sheet that closes a day: what was recorded, and at its foot the audit's seal as a QR code.

On paper the seal is an anchor like any other: out of reach of whoever could rewrite the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from radiopharm.core import formatting
from radiopharm.core.seals import Seal
from radiopharm.documents import typesetting
from radiopharm.documents.barcodes import qr_code


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """A site's day: how often each act was recorded, and the seals it is printed with."""

    site: str
    day: datetime
    counts: Mapping[str, int]
    seals: Sequence[Seal]
    zone: tzinfo
    printed_at: datetime
    printed_by: str


def day_sheet(sheet: DaySheet) -> bytes:
    """The PDF, A4, its foot one box a seal."""
    data = {
        "site": sheet.site,
        "day": formatting.day(sheet.day, sheet.zone),
        "rows": [[_words(act), times] for act, times in sheet.counts.items()],
        "feet": [_foot(seal, sheet) for seal in sheet.seals],
        "printed": f"Printed {formatting.instant(sheet.printed_at, sheet.zone)}"
        f" by {sheet.printed_by}",
    }
    return typesetting.pdf("day_sheet.typ", data, at=sheet.printed_at)


def _foot(seal: Seal, sheet: DaySheet) -> Mapping[str, Any]:
    facts = [
        ("Chain", f"{sheet.site}, {seal.stream}"),
        ("Event", f"{seal.number:,}"),
        ("Hash", f"{seal.hash[:16]} …"),
        ("Sealed", formatting.instant_to_second(seal.sealed_at, sheet.zone)),
        ("Seal", f"{seal.signature[:16]} … by key {seal.key[:16]} …"),
    ]
    return {"facts": facts, "symbol": qr_code(seal.line), "number": str(seal.number)}


def _words(act: str) -> str:
    """``dose:dispensed`` as ``Dose dispensed``."""
    return act.replace(":", " ").replace("-", " ").replace("_", " ").capitalize()
