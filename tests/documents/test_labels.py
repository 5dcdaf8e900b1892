"""A label says what is in the syringe, whatever the names, and its code can be scanned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import zxingcpp

from radiopharm.core.labels import DoseLabel
from radiopharm.documents.labels import (
    ContainerLabel,
    VialLabel,
    container_label,
    dose_labels,
    vial_label,
)

NOON = datetime(2026, 3, 14, 11, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
DOSE = DoseLabel(
    code="D-000017",
    product="Lutathera",
    nuclide="Lu-177",
    activity_bq=7_400_000_000.0,
    activity_at=NOON,
    volume_ul=20_500,
    lot="24A1234",
    expires_at=NOON + timedelta(hours=50),
    dispensed_by="Marie Laurent",
    patient_reference="P-7KQ4-M2XW",
    zone=PARIS,
    printed_at=NOON,
)
VIAL = VialLabel(
    code="V-000004",
    product="[177Lu]Lu-DOTATATE",
    nuclide="Lu-177",
    reference_activity_bq=12_487_500_000,
    reference_at=NOON,
    volume_ul=22_500,
    lot="B/22-7",
    expires_at=NOON,
    received_by="Ελένη Παπαδοπούλου",
    zone=PARIS,
    printed_at=NOON,
)
BAG = ContainerLabel(
    code="W-000123",
    name="Yellow bag",
    contents=(("Lu-177", 1.234e9), ("Lu-177m", 247e3)),
    contents_at=NOON,
    sealed_at=NOON,
    release_from_at=None,
    responsible="Jan Kowalski",
    zone=PARIS,
    printed_at=NOON,
)
LONG = "Lutetium (177Lu) oxodotreotide, prepared in house/" * 9 + "W" * 300


@pytest.mark.requirement("RQ-31")
@pytest.mark.parametrize(
    "said",
    [
        "Lutathera",
        "7,400 MBq (200 mCi)",
        "Lu-177 at Sat 14 Mar 2026 12:00 CET",
        "20.50 mL",
        "24A1234",
        "Expires Mon 16 Mar 2026 14:00 CET",
        "Dispensed by Marie Laurent",
        "P-7KQ4-M2XW",
        "D-000017",
        "CAUTION",
        "MATERIAL",
    ],
)
def test_a_dose_label_says_what_the_syringe_holds(printed, said: str) -> None:
    assert said in printed(dose_labels(DOSE)).texts[0]


def test_syringe_and_shield_have_a_label_each(printed) -> None:
    syringe, shield = printed(dose_labels(DOSE)).texts
    assert "Syringe · Lu-177 at" in syringe
    assert "Shield · Lu-177 at" in shield


def test_the_original_is_not_marked_and_each_reprint_says_its_number(printed) -> None:
    assert "Reprint" not in printed(dose_labels(DOSE)).texts[0]
    for text in printed(dose_labels(replace(DOSE, print_number=3))).texts:
        assert "Reprint 2 · Marie Laurent" in text


def test_who_checked_stands_beside_who_dispensed(printed) -> None:
    text = printed(dose_labels(replace(DOSE, checked_by="Jan Kowalski"))).texts[0]
    assert "Marie Laurent · checked by Jan Kowalski" in text


def test_pieces_stand_beside_the_volume(printed) -> None:
    assert "20.50 mL, 2 pc." in printed(dose_labels(replace(DOSE, pieces=2))).texts[0]


def test_a_vial_label_states_the_reference_instant(printed) -> None:
    text = printed(vial_label(VIAL)).texts[0]
    assert "Lu-177 at reference Sat 14 Mar 2026 12:00 CET" in text
    assert "Ελένη Παπαδοπούλου" in text


def test_a_container_label_names_every_nuclide(printed) -> None:
    text = printed(container_label(BAG)).texts[0]
    assert "Lu-177 1.234 GBq · Lu-177m 247 kBq" in text
    assert "Release from not determined" in text


def test_an_open_and_empty_container_says_so(printed) -> None:
    text = printed(container_label(replace(BAG, contents=(), sealed_at=None))).texts[0]
    assert "empty" in text
    assert "Sealed not sealed" in text


@pytest.mark.requirement("RQ-17")
@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (dose_labels(DOSE), "D-000017"),
        (vial_label(VIAL), "V-000004"),
        (container_label(BAG), "W-000123"),
    ],
)
def test_the_code_is_read_by_a_scanner_and_is_only_the_code(printed, pdf: bytes, code: str) -> None:
    (seen,) = zxingcpp.read_barcodes(printed(pdf).pictures[0])
    assert seen.text == code


@pytest.mark.parametrize(
    "pdf",
    [
        dose_labels(DOSE),
        dose_labels(
            replace(
                DOSE,
                code="D-" + "9" * 12,
                product=LONG,
                activity_bq=9.999e14,
                lot="L" * 80,
                dispensed_by=LONG,
                patient_reference=LONG,
            )
        ),
        vial_label(replace(VIAL, product=LONG, nuclide=LONG, lot=LONG, received_by=LONG)),
        container_label(
            replace(BAG, name=LONG, responsible=LONG, contents=(("Lu-177m", 1.234e9),) * 40)
        ),
    ],
)
def test_nothing_leaves_the_label_however_long_the_names(printed, pdf: bytes) -> None:
    for page in printed(pdf).pictures:
        assert page.size == pytest.approx((89 / 25.4 * 300, 36 / 25.4 * 300), abs=1)
        inside = tuple(round(mm / 25.4 * 300) for mm in (1.5, 1.5, 87.5, 34.5))
        page.paste(255, inside)
        assert page.getextrema() == (255, 255), "ink in the margin"


@pytest.mark.parametrize("evil", ["#panic(1)", "$x$ *b* @ref", "<script>alert(1)</script>", '"}]'])
def test_names_are_printed_and_never_obeyed(printed, evil: str) -> None:
    assert evil in printed(dose_labels(replace(DOSE, product=evil))).texts[0]


def test_the_same_label_is_the_same_bytes() -> None:
    assert dose_labels(DOSE) == dose_labels(DOSE)


def test_an_activity_that_is_no_number_is_not_printed() -> None:
    with pytest.raises(ValueError, match="NaN"):
        dose_labels(replace(DOSE, activity_bq=float("nan")))


@pytest.mark.parametrize(
    "pdf",
    [dose_labels(DOSE), vial_label(VIAL), container_label(BAG)],
    ids=["dose", "vial", "container"],
)
def test_no_text_touches_a_rule(printed, pdf: bytes) -> None:
    page = printed(pdf).pictures[0].crop((330, 0, 1020, 425))  # right of the code
    lines = [page.crop((0, y, page.width, y + 1)) for y in range(page.height)]
    inked = [sum(line.histogram()[:128]) for line in lines]
    rules = [y for y, ink in enumerate(inked) if ink > 600]
    assert len(rules) >= 2
    for y in rules:
        near = [*range(y - 5, y), *range(y + 1, y + 6)]
        assert all(inked[row] == 0 or row in rules for row in near), y
