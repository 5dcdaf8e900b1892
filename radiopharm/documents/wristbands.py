"""A label of 60 × 25 mm for a wristband: the patient's random reference, its code, and no name."""

from datetime import datetime, tzinfo

from radiopharm.core import formatting
from radiopharm.documents import typesetting
from radiopharm.documents.barcodes import qr_code


def wristband(reference: str, site: str, zone: tzinfo, printed_at: datetime) -> bytes:
    """The PDF; *reference* ("P-K7M3QX2R") is all that the scanner reads."""
    data = {
        "code": reference,
        "symbol": qr_code(reference),
        "site": site,
        "printed": formatting.instant(printed_at, zone),
    }
    return typesetting.pdf("wristband.typ", data, at=printed_at)
