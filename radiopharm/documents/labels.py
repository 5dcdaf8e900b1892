"""Labels of 89 × 36 mm for doses, vials and waste containers, with a code that scanners read.

The code is the record's own ("D-000017") and nothing else: no label carries a patient's identity,
a dose at most the patient's random reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from radiopharm.core import formatting
from radiopharm.core.labels import PLACES, DoseLabel
from radiopharm.documents import typesetting, zpl
from radiopharm.documents.barcodes import qr_code


@dataclass(frozen=True, slots=True, kw_only=True)
class VialLabel:
    """What the vial's pot says: the activity at its reference instant, as the book has it."""

    code: str
    product: str
    nuclide: str
    reference_activity_bq: int
    reference_at: datetime
    volume_ul: int
    lot: str
    expires_at: datetime
    received_by: str
    zone: tzinfo
    printed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLabel:
    """What the bag or box says: its nuclides at an instant, when it was sealed, when to look again.

    `contents` are nuclide and becquerels, the largest first; `release_from_at` is the earliest
    instant the rules in force allow, None where they allow none or nothing is known yet.
    """

    code: str
    name: str
    contents: tuple[tuple[str, float], ...]
    contents_at: datetime
    sealed_at: datetime | None
    release_from_at: datetime | None
    responsible: str
    zone: tzinfo
    printed_at: datetime


def dose_labels_as(label: DoseLabel, form: str) -> tuple[bytes, str]:
    """A dose's labels as `pdf`, or as `zpl` for a label printer, with their media type."""
    if form == "zpl":
        return zpl.dose_labels(label).encode(), "text/plain"
    return dose_labels(label), "application/pdf"


def dose_labels(label: DoseLabel) -> bytes:
    """The PDF of a dose's labels, a page each for the syringe and for its shield."""
    facts = [
        _fact(name, value, wide=number > 1) for number, (name, value) in enumerate(label.facts)
    ]
    sheets = [_sheet(label, label.product, label.figure, label.note(on), facts) for on in PLACES]
    return typesetting.pdf("label.typ", {"sheets": sheets}, at=label.printed_at)


def vial_label(label: VialLabel) -> bytes:
    """The PDF of a vial's label."""
    at = formatting.instant(label.reference_at, label.zone)
    facts = [
        _fact("Volume", formatting.ml(label.volume_ul)),
        _fact("Lot", label.lot),
        _fact("Expires", formatting.instant(label.expires_at, label.zone)),
        _fact("Received by", label.received_by),
    ]
    figure = formatting.mbq_mci(label.reference_activity_bq)
    return _print(label, label.product, figure, f"{label.nuclide} at reference {at}", facts)


def container_label(label: ContainerLabel) -> bytes:
    """The PDF of a waste container's label."""
    contents = [f"{nuclide} {formatting.activity_auto(bq)}" for nuclide, bq in label.contents]
    facts = [
        _fact("Sealed", _instant_or(label.sealed_at, label.zone, "not sealed")),
        _fact("Release from", _instant_or(label.release_from_at, label.zone, "not determined")),
        _fact("Responsible", label.responsible),
    ]
    at = f"Radioactive waste at {formatting.instant(label.contents_at, label.zone)}"
    return _print(label, label.name, " · ".join(contents) or "empty", at, facts)


def _print(label: VialLabel | ContainerLabel, *said: Any) -> bytes:
    sheets = [_sheet(label, *said)]
    return typesetting.pdf("label.typ", {"sheets": sheets}, at=label.printed_at)


def _sheet(
    label: DoseLabel | VialLabel | ContainerLabel,
    name: str,
    figure: str,
    note: str,
    facts: list[Mapping[str, Any]],
) -> Mapping[str, Any]:
    return {
        "code": label.code,
        "symbol": qr_code(label.code),
        "name": name,
        "figure": figure,
        "note": note,
        "facts": facts,
    }


def _fact(name: str, value: str, *, wide: bool = True) -> Mapping[str, Any]:
    return {"name": name, "value": value, "wide": wide}


def _instant_or(at: datetime | None, zone: tzinfo, otherwise: str) -> str:
    return formatting.instant(at, zone) if at is not None else otherwise
