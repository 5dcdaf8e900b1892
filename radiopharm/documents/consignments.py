"""The paper that goes along with a consignment: what is in it, whose licence, who gave and took it.

It says nothing of when it was printed, so that one consignment has one paper, to the byte.
"""

import hashlib
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from radiopharm.core.consignments import Consignment, Piece
from radiopharm.core.formatting import activity_auto, instant
from radiopharm.documents import typesetting
from radiopharm.documents.barcodes import qr_code
from radiopharm.documents.tables import Cell, csv_table

HEADINGS = (
    "Consignment",
    "Code",
    "What",
    "How",
    "Left",
    "To",
    "Licence",
    "Licence valid until",
    "Documents",
    "Handed over by",
    "Received by",
    "Received",
    "Nuclide",
    "Bq as it left",
    "Undone",
)


def file_name(it: Consignment, form: str) -> str:
    """``consignment-2026-07.pdf``; what no file name may hold is left out of it."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in it.number)
    own = hashlib.sha256(it.number.encode()).hexdigest()[:8]
    return f"consignment-{plain if plain.strip('-') else own}.{form}"


def paper(it: Consignment) -> bytes:
    """The PDF, A4; the QR code holds number and hash."""
    zone = ZoneInfo(it.site.zone)
    data = {
        "site": it.site.name,
        "number": it.number,
        "symbol": qr_code(f"{it.number} {it.sha256}"),
        "facts": _facts(it, zone),
        "doubt": len(it.recipients) > 1,
        "pieces": [_piece(piece, zone) for piece in it.pieces],
        "total": _amounts(it.contents_bq),
        "receipts": [
            [instant(each.received_at, zone), each.received_by, each.documents or "–", each.actor]
            for each in it.receipts
        ],
        "sha256": it.sha256,
    }
    return typesetting.pdf("consignment.typ", data, at=it.left_at)


def table(it: Consignment, *, bom: bool) -> bytes:
    """The CSV: a line a nuclide of each piece, whole where nothing can be said of its activity."""
    lines = [cells for piece in it.pieces for cells in _lines(it.number, piece)]
    return csv_table(HEADINGS, lines, bom=bom)


def _facts(it: Consignment, zone: ZoneInfo) -> list[tuple[str, str]]:
    until = sorted({p.papers.licence_until for p in it.gone if p.papers.licence_until})
    return [
        ("To", "; ".join(it.recipients) or "–"),
        ("Licence valid until", ", ".join(each.isoformat() for each in until) or "–"),
        ("Documents", "; ".join(it.documents) or "–"),
        ("Left", instant(it.left_at, zone)),
        ("Handed over by", "; ".join(it.handed_over_by) or "–"),
        ("Received by", "; ".join(it.received_by) or "–"),
    ]


def _piece(it: Piece, zone: ZoneInfo) -> dict[str, object]:
    cells = [it.code, it.what, it.way, instant(it.left_at, zone), _amounts(it.contents_bq)]
    return {"cells": cells, "undone": it.undone}


def _amounts(found: Mapping[str, float] | None) -> str:
    if found is None:
        return "not defined then"
    return ", ".join(f"{symbol} {activity_auto(bq)}" for symbol, bq in found.items()) or "nothing"


def _lines(number: str, it: Piece) -> list[tuple[Cell, ...]]:
    papers = it.papers
    until = papers.licence_until.isoformat() if papers.licence_until else None
    head = (number, it.code, it.what, it.way, it.left_at, it.recipient, it.licence, until)
    people = (papers.documents, papers.handed_over_by, papers.received_by, papers.received_at)
    undone = "undone" if it.undone else ""
    amounts: list[tuple[Cell, Cell]] = [*(it.contents_bq or {}).items()] or [(None, None)]
    return [(*head, *people, nuclide, bq, undone) for nuclide, bq in amounts]
