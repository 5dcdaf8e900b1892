"""A wristband carries the reference and nothing a patient could be known by."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import zxingcpp

from radiopharm.documents.wristbands import wristband
from tests.documents.conftest import read


@pytest.mark.requirement("RQ-32")
def test_the_code_of_a_wristband_reads_as_the_reference() -> None:
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    pdf = wristband("P-K7M3QX2R", "Hospital Sant Joan", ZoneInfo("Europe/Madrid"), at)
    assert pdf.startswith(b"%PDF")
    assert pdf == wristband("P-K7M3QX2R", "Hospital Sant Joan", ZoneInfo("Europe/Madrid"), at)
    (seen,) = zxingcpp.read_barcodes(read(pdf).pictures[0])
    assert seen.text == "P-K7M3QX2R"
    assert read(pdf).texts == ["Patient P-K7M3QX2R Hospital Sant Joan Mon 1 Jun 2026 14:00 CEST"]
