"""A PDF that readers understand although it is not sound, written anew.

Runs apart, with pypdf. What is written is compared with what it was made of, page by page.
"""

from __future__ import annotations

import io
from typing import Any

from plugins.signatures.sealing.values import Unfit, Why

SCALE = 0.5
SAME = 24
"""How much a pixel may differ."""


def repaired(content: bytes) -> bytes:
    """The PDF as one that is sound, and looks the same; raises anything where it cannot be."""
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Unfit(Why.ENCRYPTED)
    if not reader.pages:
        raise Unfit(Why.NO_PAGES)
    into = io.BytesIO()
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = "%PDF-1.7"
    writer.write(into)
    if not _look_the_same(content, into.getvalue()):
        raise Unfit(Why.BROKEN)
    return into.getvalue()


def _look_the_same(before: bytes, after: bytes) -> bool:
    import pypdfium2 as pdfium
    from PIL import ImageChops

    first, second = pdfium.PdfDocument(before), pdfium.PdfDocument(after)
    for document in (first, second):
        if document.get_formtype():
            document.init_forms()
    if len(first) != len(second):
        return False
    for number in range(len(first)):
        one, other = _drawn(first, number), _drawn(second, number)
        if one.size != other.size:
            return False
        if ImageChops.difference(one, other).getextrema()[1] > SAME:  # type: ignore[operator]
            return False
    return True


def _drawn(document: Any, number: int) -> Any:
    page = document[number]
    width, height = page.get_size()
    picture = page.render(scale=min(SCALE, 1000 / width, 1000 / height)).to_pil().convert("L")
    page.close()
    return picture
