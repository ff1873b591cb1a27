"""A program of its own: looks at a PDF.

    python -I measuring_program.py measure FILE > sizes as JSON
    python -I measuring_program.py picture FILE PAGE WIDTH > WebP

`measure` writes width and height of each page, once it has done all that stamping does
without marks. `fitness.py` starts it, apart; `child.py` says what its exit status means.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from plugins.signatures.sealing.child import put, status_of
from plugins.signatures.sealing.values import AuditPage, Misplaced, Unfit, Why

TALLEST = 4000
"""Pixels of a picture of a page."""

QUALITY = 80


def main() -> int:
    """Looks, writes, and answers the exit status."""
    what, path, *numbers = sys.argv[1:]
    if what == "measure":
        return status_of(lambda: measure(Path(path)))
    page, width = map(int, numbers)
    return status_of(lambda: draw(Path(path), page, width))


def measure(path: Path) -> None:
    """Writes the sizes of its pages."""
    from plugins.signatures.sealing.papers import Paper

    paper = Paper.opened(path)
    sizes = [place.shown_in_points for place in paper.places]
    paper.flattened()
    paper.stamp((), AuditPage("", "", (), ""))
    paper.written()
    put(json.dumps(sizes).encode())


def draw(path: Path, number: int, width: int) -> None:
    """Writes a page as a picture."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
        count = len(document)
    except pdfium.PdfiumError as error:
        protected = "password" in str(error).lower()
        raise Unfit(Why.ENCRYPTED if protected else Why.BROKEN) from error
    if not count:
        raise Unfit(Why.NO_PAGES)
    if number > count:
        raise Misplaced(f"page {number} of {count}")
    if document.get_formtype():
        document.init_forms()
    page = document[number - 1]
    wide, tall = page.get_size()
    if wide <= 0 or tall <= 0:
        raise Unfit(Why.BROKEN)
    picture = page.render(scale=min(width / wide, TALLEST / tall)).to_pil().convert("RGB")
    into = io.BytesIO()
    picture.save(into, "WEBP", quality=QUALITY, method=2)
    put(into.getvalue())


if __name__ == "__main__":
    sys.exit(main())
