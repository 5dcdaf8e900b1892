"""A badge of 60 × 25 mm: a name, and the code that says it to a scanner. It opens nothing."""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.documents import typesetting
from radiopharm.documents.barcodes import qr_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What stands on a badge."""

    code: str
    name: str
    site: str
    printed_at: datetime


def badge(shown: Badge) -> bytes:
    """The PDF; *code* ("U-K7M3QX2RT4") is all that the scanner reads."""
    data = {
        "code": shown.code,
        "symbol": qr_code(shown.code),
        "name": shown.name,
        "site": shown.site,
    }
    return typesetting.pdf("badge.typ", data, at=shown.printed_at)
