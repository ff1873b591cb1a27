"""A program of its own: reads a document and writes its pages as pictures, and its text.

    python -I reader.py pdf|image|text|table FILE > records

A record is one letter, the length of what follows (4 bytes), and that: `N` how many pages there
are, `P` a page (its width and height, a line end, WebP), `T` a text, `R` rows of a table as JSON.
Each goes out as soon as it is made, so what was made before a limit is reached is not lost.

The exit status is 3 for too many pixels, 4 for a file that is damaged, 5 for too much memory, 6 for
one that is protected by a password, 7 for an empty one, 8 for a text that is none; anything else
is a fault, or the limit of time. `drawing.py` starts it, apart.
"""

from __future__ import annotations

import io
import json
import math
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PIL import Image as Pillow

TOO_MANY_PIXELS, DAMAGED, TOO_MUCH_MEMORY, PROTECTED, EMPTY, NO_TEXT = 3, 4, 5, 6, 7, 8
MOST_PAGES = 20
BOX = (1200, 1700)
"""Pixels within which a page fits."""

LARGEST_SCALE = 3
"""How much a page is enlarged at most, which is as wide as a stamp: a point is a pixel at 1."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
MOST_TEXT = 1_000_000
"""Characters by which a document is found."""

TEXT_SECONDS = 2.5
"""How long text is gathered from a PDF before the rest of its pages is drawn."""

ALL_SECONDS = 6.0
"""After which time no further page is begun."""

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200, 50, 300


class Ended(Exception):  # noqa: N818
    """The file cannot be read, for the reason that the status says."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


def main() -> int:
    """Reads, writes, and answers the exit status."""
    form, path = sys.argv[1], Path(sys.argv[2])
    read: dict[str, Callable[[Path], None]] = {
        "pdf": read_pdf,
        "image": read_image,
        "text": read_text,
        "table": read_table,
    }
    try:
        read[form](path)
    except Ended as ended:
        return ended.status
    except MemoryError:
        return TOO_MUCH_MEMORY
    return 0


def read_pdf(path: Path) -> None:
    """The first page, then the text, then the other pages: as much as the time is enough for."""
    import pypdfium2 as pdfium

    began = time.monotonic()
    try:
        document = pdfium.PdfDocument(path)
        count = len(document)
    except pdfium.PdfiumError as error:
        raise Ended(PROTECTED if "password" in str(error).lower() else DAMAGED) from error
    if not count:
        raise Ended(EMPTY)
    put("N", str(count).encode())
    if document.get_formtype():
        document.init_forms()
    drawn = _draw(document, 0)
    put("T", _text_of(document, count, began + TEXT_SECONDS).encode(errors="replace"))
    for place in range(1, min(count, MOST_PAGES)):
        if time.monotonic() - began > ALL_SECONDS:
            return
        drawn = _draw(document, place) or drawn
    if not drawn:
        raise Ended(DAMAGED)


def _draw(document: Any, place: int) -> bool:
    """Writes a page; one that is damaged is left white, and does not count as drawn."""
    import pypdfium2 as pdfium

    try:
        page = document[place]
    except pdfium.PdfiumError:
        return False
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        return False
    scale = min(BOX[0] / width, BOX[1] / height, LARGEST_SCALE)
    bitmap = page.render(scale=scale)
    put_page(bitmap.to_pil().convert("RGB"))
    bitmap.close()
    page.close()
    return True


def _text_of(document: Any, count: int, until: float) -> str:
    import pypdfium2 as pdfium

    texts, length = [], 0
    for place in range(count):
        if time.monotonic() > until or length > MOST_TEXT:
            break
        try:
            page = document[place]
            found = page.get_textpage()
            texts.append(found.get_text_bounded(errors="replace"))
            found.close()
            page.close()
        except pdfium.PdfiumError:
            continue
        length += len(texts[-1])
    return "\n".join(texts)[:MOST_TEXT]


def read_image(path: Path) -> None:
    """The picture within the box; of one with several pages the first of them."""
    from PIL import Image, UnidentifiedImageError

    from crm_core.image_reader import MOST_PIXELS, fitted, on_white

    # A picture may be twice as large before Pillow refuses it by itself; we ask first.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore")
    try:
        with Image.open(path, formats=FORMATS) as picture:
            for count in _frames(picture):
                if math.prod(picture.size) > MOST_PIXELS:
                    raise Ended(TOO_MANY_PIXELS)
                put_page(on_white(fitted(picture, *BOX)))
                put("N", str(count).encode())
    except Image.DecompressionBombError as error:
        raise Ended(TOO_MANY_PIXELS) from error
    except MemoryError:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        # What Pillow raises for pictures that are not sound.
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        raise Ended(DAMAGED) from error


def _frames(picture: Pillow.Image) -> Iterator[int]:
    """Goes to one page of a picture after the other; of one that moves only to its first."""
    yield 1
    if picture.format != "TIFF":
        return
    for place in range(1, MOST_PAGES):
        try:
            picture.seek(place)
        except EOFError:
            return
        yield place + 1


def read_text(path: Path) -> None:
    """The text, whatever it is encoded in."""
    from crm_core.exchange.encodings import recognise_encoding
    from crm_core.refusals import Refused

    if not path.stat().st_size:
        raise Ended(EMPTY)
    try:
        encoding = recognise_encoding(path)
    except Refused as refused:
        raise Ended(NO_TEXT) from refused
    with path.open(encoding=encoding.name, errors="replace") as stream:
        put("T", stream.read(MOST_TEXT).encode(errors="replace"))


def read_table(path: Path) -> None:
    """The text, and its first rows where it is a table."""
    from crm_core.exchange.tables import read_table as table_of
    from crm_core.refusals import Refused

    read_text(path)
    try:
        table = table_of(path)
        rows: list[tuple[str, ...]] = [table.headings]
        for line in table.lines:
            if line.fault or len(rows) > MOST_ROWS:
                break
            rows.append(line.cells)
    except Refused:
        return
    if len(table.headings) > 1:
        cells = [[cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]] for row in rows]
        put("R", json.dumps(cells, ensure_ascii=False).encode(errors="replace"))


def put_page(page: Pillow.Image) -> None:
    """Writes a page."""
    into = io.BytesIO()
    page.save(into, "WEBP", quality=80, method=2)
    put("P", f"{page.width} {page.height}\n".encode() + into.getvalue())


def put(letter: str, content: bytes) -> None:
    """Writes a record, which then is on its way."""
    out = sys.stdout.buffer
    out.write(letter.encode() + len(content).to_bytes(4, "big") + content)
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
