"""The one door to Typst: a template and data in, the bytes of a PDF out.

Data travel as JSON and are set as plain text, so nothing a person typed can act as markup. Only the
typeface that is installed with us is used and the document's date is given, so that the same data
make the same bytes on every machine.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent / "templates"


def pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The tagged, accessible PDF of *template* (``"label.typ"``) filled with *data*, dated *at*."""
    return typst.Compiler(font_paths=typefaces(), root=TEMPLATES).compile(
        TEMPLATES / template,
        format="pdf",
        sys_inputs=inputs(data),
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )


def inputs(data: Mapping[str, Any]) -> dict[str, str]:
    """What a template reads with ``json(bytes(sys.inputs.data))``."""
    return {"data": json.dumps(data, ensure_ascii=False, allow_nan=False)}


@cache
def typefaces() -> typst.Fonts:
    """Source Sans Pro from its package, Typst's own as reserve; never what a machine has."""
    folder = files("font_source_sans_pro") / "files"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
