"""Reads our PDFs back with another program than the one that wrote them."""

from dataclasses import dataclass

import pypdfium2
import pytest
from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Printed:
    """The pages of a PDF as a reader sees them: their text, and themselves as pictures."""

    texts: list[str]
    pictures: list[Image.Image]


def read(pdf: bytes) -> Printed:
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = list(document)
        return Printed(
            texts=[" ".join(page.get_textpage().get_text_bounded().split()) for page in pages],
            pictures=[page.render(scale=300 / 72).to_pil().convert("L") for page in pages],
        )
    finally:
        document.close()


@pytest.fixture
def printed():
    """The function that reads a PDF."""
    return read
