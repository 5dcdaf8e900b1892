"""The release certificate as a paper: rules, legs, readings, signatures, and a code to check it by.

It says nothing of when it was printed, so that one release has one paper, to the byte.
"""

from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core.containers import Item, Measurement
from radiopharm.core.formatting import activity_auto, instant
from radiopharm.core.release_certificates import ReleaseCertificate
from radiopharm.core.signing import signed_line
from radiopharm.documents import typesetting
from radiopharm.documents.barcodes import qr_code

SIGNS = {"<=": "≤", ">=": "≥"}
ANSWERS = {True: "met", False: "NOT MET", None: "not judged"}
BIOHAZARD = {"none": "none", "treated": "treated", None: "not recorded"}


def file_name(it: ReleaseCertificate) -> str:
    """``W-000001-release.pdf``."""
    return f"{it.container.code}-release.pdf"


def release_certificate(it: ReleaseCertificate) -> bytes:
    """The PDF, A4; the QR code holds the container's code and the hash, and nobody's name."""
    zone = ZoneInfo(it.site.zone)
    release, derogation = it.release, it.release.derogation
    data = {
        "site": it.site.name,
        "code": it.container.code,
        "title": "Derogation certificate" if derogation else "Release certificate",
        "symbol": qr_code(f"{it.container.code} {it.sha256}"),
        "facts": _facts(it, zone),
        "rules": f"{it.pack_name} ({release.pack}), edition in force from {release.pack_edition}",
        "legs": [_leg(leg) for leg in release.legs],
        "items": [_item(item, zone) for item in it.container.items],
        "readings": [_reading(each, it, zone) for each in it.container.measurements],
        "derogation": derogation.reason if derogation else "",
        "signed": list(release.signature.sentences),
        "signatures": [signed_line(signature, zone) for signature in it.signatures],
        "sha256": it.sha256,
    }
    return typesetting.pdf("release_certificate.typ", data, at=release.at)


def _facts(it: ReleaseCertificate, zone: ZoneInfo) -> list[tuple[str, str]]:
    container, out, seal = it.container, it.release.outgoing, it.container.seal
    stored_at = min((item.put_in.put_in_at for item in container.items), default=None)
    return [
        ("Container", f"{container.kind}, {container.nuclide}"),
        ("Released", instant(it.release.at, zone)),
        ("Into storage", instant(stored_at, zone) if stored_at else "–"),
        ("Sealed", instant(seal.at, zone) if seal else "–"),
        ("Mass", f"{seal.mass_g:,} g" if seal and seal.mass_g is not None else "–"),
        ("Volume", f"{seal.volume_ml:,} mL" if seal and seal.volume_ml is not None else "–"),
        ("To", out.destination),
        ("Route, consignment", ", ".join(filter(None, (out.route, out.consignment))) or "–"),
        ("Labels", "removed or defaced" if out.labels_defaced else "NOT removed"),
        ("Biological hazard", BIOHAZARD[out.biohazard]),
    ]


def _leg(leg: Any) -> dict[str, Any]:
    sign = SIGNS.get(leg["operator"], leg["operator"])
    return {
        "clause": leg["clause"],
        "value": leg["value"] or "–",
        "limit": f"{sign} {leg['limit']}" if leg["limit"] else "–",
        "answer": ANSWERS[leg["passed"]],
        "met": leg["passed"] is True,
        "source": f"{leg['source']} ({leg['status']})",
        "message": leg["message"],
    }


def _item(it: Item, zone: ZoneInfo) -> list[str]:
    portions = it.put_in.portions
    held = ", ".join(f"{each.symbol} {activity_auto(each.activity_bq)}" for each in portions)
    lives = ", ".join(f"{each.symbol} {each.half_life_text}" for each in portions)
    return [instant(it.put_in.put_in_at, zone), str(it.source), held, lives]


def _reading(it: Measurement, certificate: ReleaseCertificate, zone: ZoneInfo) -> dict[str, Any]:
    survey = it.survey
    meter = certificate.meters[survey.instrument_id]
    shield = "unshielded" if survey.unshielded else "shielded"
    scale = "most sensitive scale" if survey.most_sensitive_scale else "another scale"
    cells = [
        instant(survey.measured_at, zone),
        f"{survey.background:f} {survey.background_unit}",
        f"{survey.reading:f} {survey.reading_unit}",
        f"{meter.name}, {meter.serial}",
        f"{shield}, {scale}",
        survey.measured_by,
    ]
    return {"cells": cells, "counted": it.id == certificate.release.measurement_id}
