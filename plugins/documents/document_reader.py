"""A program of its own: reads a file from stdin and writes what it shows to stdout.

    python -I limited.py document_reader.py pdf|image|text MOST_PAGES WIDTH < file > answer

The answer is the length of a JSON text (4 bytes), that text, and the pictures of the pages one
after the other: `{"count": 3, "text": "...", "pages": [[width, height, bytes], ...]}`. The exit
status is 3 for too many pixels, 4 for a file that is damaged, 5 for too much memory, 6 for one that
is protected by a password; anything else is a fault, or the limit of time. Nothing imports it.
"""

from __future__ import annotations

import io
import json
import math
import sys
import time
import warnings
from typing import Any

TOO_MANY_PIXELS, DAMAGED, TOO_MUCH_MEMORY, PROTECTED = 3, 4, 5, 6
MOST_PIXELS = 40_000_000
MOST_TEXT = 1_000_000
MOST_PAGES_READ = 2_000
SECONDS_FOR_PICTURES, SECONDS_FOR_TEXT = 4, 6
TALLEST = 4
"""How many times as high as wide the picture of a page may be."""

Answer = tuple[dict[str, Any], list[bytes]]


def main() -> int:
    """Reads, writes, and answers the exit status."""
    what, most, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    content = sys.stdin.buffer.read()
    read = {"pdf": _pdf, "image": _image, "text": _text}[what]
    try:
        said, pictures = read(content, most, width)
    except MemoryError:
        return TOO_MUCH_MEMORY
    except _NotRead as reason:
        sys.stderr.write(f"{reason}\n")
        return reason.status
    text = json.dumps(said).encode()
    sys.stdout.buffer.write(len(text).to_bytes(4, "big") + text + b"".join(pictures))
    return 0


class _NotRead(Exception):  # noqa: N818 - it is an answer
    def __init__(self, status: int, why: object) -> None:
        super().__init__(str(why))
        self.status = status


def _pdf(content: bytes, most: int, width: int) -> Answer:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        protected = "password" in str(error).lower()
        raise _NotRead(PROTECTED if protected else DAMAGED, error) from error
    sizes: list[tuple[int, int, int]] = []
    pictures: list[bytes] = []
    texts: list[str] = []
    for number in range(min(count, MOST_PAGES_READ)):
        if time.process_time() > SECONDS_FOR_TEXT or sum(map(len, texts)) > MOST_TEXT:
            break
        try:
            page = pdf[number]
            texts.append(page.get_textpage().get_text_range())
            if number < most and time.process_time() < SECONDS_FOR_PICTURES:
                picture = _of_page(page, width)
                sizes.append((*picture.size, len(encoded := _encoded(picture))))
                pictures.append(encoded)
        except (pypdfium2.PdfiumError, ValueError, OSError) as error:
            sys.stderr.write(f"page {number}: {error}\n")
    if not pictures and not any(texts):
        raise _NotRead(DAMAGED, "no page could be read")
    text = "\n".join(texts).replace("\x00", "").encode("utf-8", "replace").decode()
    return {"count": count, "text": text[:MOST_TEXT], "pages": sizes}, pictures


def _of_page(page: Any, width: int) -> Any:
    across, down = page.get_size()
    if not (0 < across < math.inf and 0 < down < math.inf):
        raise ValueError("a page without a size")
    scale = min(width / across, width * TALLEST / down)
    return page.render(scale=scale).to_pil().convert("RGB")


def _image(content: bytes, _most: int, width: int) -> Answer:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
            if math.prod(picture.size) > MOST_PIXELS:
                raise _NotRead(TOO_MANY_PIXELS, picture.size)
            picture.draft("RGB", (width, width * TALLEST))
            shown = ImageOps.exif_transpose(picture)
            shown.thumbnail((width, width * TALLEST))
            flat = Image.new("RGB", shown.size, (255, 255, 255))
            shown = shown.convert("RGBA")
            flat.paste(shown, mask=shown.getchannel("A"))
    except Image.DecompressionBombError as error:
        raise _NotRead(TOO_MANY_PIXELS, error) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise _NotRead(DAMAGED, error) from error
    encoded = _encoded(flat)
    return {"count": 1, "text": "", "pages": [(*flat.size, len(encoded))]}, [encoded]


def _text(content: bytes, _most: int, _width: int) -> Answer:
    from charset_normalizer import from_bytes

    head = content[: 4 * MOST_TEXT]
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(head[:MOST_TEXT]).best()
        text = str(best) if best is not None else head.decode("cp1252", "replace")
    return {"count": 0, "text": text.replace("\x00", "")[:MOST_TEXT], "pages": []}, []


def _encoded(picture: Any) -> bytes:
    into = io.BytesIO()
    picture.save(into, "JPEG", quality=80, optimize=True)
    return into.getvalue()


if __name__ == "__main__":
    sys.exit(main())
