"""What a browser opens or keeps as a file."""

from collections.abc import Iterable, Sequence

from flask import Response

from radiopharm.documents.tables import Cell, csv_table


def opened(content: bytes, name: str, mimetype: str = "application/pdf") -> Response:
    """A paper to look at and print."""
    return _named(content, name, mimetype, "inline")


def kept(content: bytes | str, name: str, mimetype: str) -> Response:
    """A file to keep."""
    return _named(content, name, mimetype, "attachment")


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], name: str) -> Response:
    """A CSV to keep, with the mark by which spreadsheets know UTF-8."""
    return kept(csv_table(headings, rows, bom=True), name, "text/csv")


def _named(content: bytes | str, name: str, mimetype: str, how: str) -> Response:
    headers = {"Content-Disposition": f'{how}; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
