"""From the bytes of a document to its preview: what `reader.py` makes of them, apart.

It has ten seconds, little memory, and whatever is in the file breaks nothing here (DOC-8).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from attrs import field, frozen

from crm_core.apart import run_apart
from crm_core.files import bytes_of
from crm_core.store.blocks import Damaged
from plugins.documents import reader
from plugins.documents.values import LONGEST_TEXT, Form
from plugins.documents.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core import Context
    from crm_core.file_values import StoredFile

LARGEST = 128 * 2**20
"""Bytes of a file that is drawn."""

MOST_OF_A_TEXT = 8 * 2**20
"""Bytes of a text that are read."""

SECONDS = 9.0
"""How long the reader may take, so that all of it takes at most ten."""

LONGEST_NUMBER = 7
"""Digits of the numbers that the reader writes."""

PAGE_TYPE = "image/webp"

_PICTURE_KINDS = ("jpeg", "png", "webp", "gif", "tiff", "bmp", "x-ms-bmp")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp")
_TEXTS = (".txt", ".text", ".log", ".md")
_TABLES = (".csv", ".tsv", ".tab")
_WHY = {
    reader.TOO_MANY_PIXELS: Why.TOO_MANY_PIXELS,
    reader.DAMAGED: Why.DAMAGED,
    reader.TOO_MUCH_MEMORY: Why.TOO_MUCH_MEMORY,
    reader.PROTECTED: Why.PROTECTED,
    reader.EMPTY: Why.EMPTY,
    reader.NO_TEXT: Why.KIND,
}
_OVER_ITS_TIME = (None, -24, -9)
"""How a process ends that is killed by us, or by the limit of computing."""

log = structlog.get_logger("crm")


@frozen(kw_only=True)
class Drawn:
    """What was made of a file. `pages` are the width, height and WebP of each."""

    form: Form
    reason: Why | None = None
    count: int = 0
    text: str = field(default="", repr=False)
    found_by: str = field(default="", repr=False)
    pages: tuple[tuple[int, int, bytes], ...] = field(default=(), repr=False)


def drawn(ctx: Context, file: StoredFile, name: str) -> Drawn:
    """The preview of a file that is called so. Takes up to ten seconds."""
    how = _how(file.kind, name.lower())
    if how is None:
        return Drawn(form=Form.NONE, reason=Why.KIND)
    if not file.size:
        return Drawn(form=Form.NONE, reason=Why.EMPTY)
    is_text = how in ("text", "table")
    if file.size > LARGEST and not is_text:
        return Drawn(form=Form.NONE, reason=Why.TOO_LARGE)
    with tempfile.NamedTemporaryFile(prefix="crm-preview-") as copy:
        try:
            for piece in bytes_of(ctx.store, file):
                copy.write(piece)
                if is_text and copy.tell() >= MOST_OF_A_TEXT:
                    copy.truncate(MOST_OF_A_TEXT)
                    break
        except Damaged:
            return Drawn(form=Form.NONE, reason=Why.DAMAGED)
        copy.flush()
        return read(how, Path(copy.name))


def read(how: str, path: Path) -> Drawn:
    """What the reader makes of the file at this path: as "pdf", "image", "text" or "table"."""
    ended = run_apart(Path(reader.__file__), how, str(path), seconds=SECONDS)
    try:
        written = _Written.of(ended.output)
    except ValueError:  # a file has taken the reader over
        log.warning("no preview: nonsense was written", how=how)
        return Drawn(form=Form.NONE, reason=Why.DAMAGED)
    text = written.text
    if written.pages:
        return Drawn(form=Form.PAGES, count=written.count, pages=written.pages, found_by=text)
    if written.rows:
        return Drawn(form=Form.TABLE, text=written.rows, found_by=text)
    if ended.status == 0 and how in ("text", "table"):
        return Drawn(form=Form.TEXT, text=text[:LONGEST_TEXT], found_by=text)
    if ended.status not in _WHY:
        log.warning("no preview", how=how, status=ended.status, cause=ended.said)
    other = Why.TOO_LONG if ended.status in _OVER_ITS_TIME else Why.DAMAGED
    return Drawn(form=Form.NONE, reason=_WHY.get(ended.status or 0, other), found_by=text)


@frozen(kw_only=True)
class _Written:
    """What the reader has written, believed in nothing but its form."""

    count: int
    text: str
    rows: str
    pages: tuple[tuple[int, int, bytes], ...]

    @classmethod
    def of(cls, output: bytes) -> _Written:
        """Raises ValueError where it is nonsense."""
        found: dict[str, list[bytes]] = {"N": [], "P": [], "T": [], "R": []}
        for letter, content in _records(output):
            found.get(letter, []).append(content)
        pages = tuple(_page(content) for content in found["P"][: reader.MOST_PAGES])
        count = _number(found["N"][-1]) if found["N"] else 0
        return cls(
            count=max(count, len(pages)),
            text=b"".join(found["T"]).decode().replace("\0", ""),
            rows=_rows(found["R"][0]) if found["R"] else "",
            pages=pages,
        )


def _page(content: bytes) -> tuple[int, int, bytes]:
    size, _end, picture = content.partition(b"\n")
    width, height = size.split()
    return _number(width), _number(height), picture


def _number(text: bytes) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)


def _rows(content: bytes) -> str:
    rows = json.loads(content)
    if not all(isinstance(row, list) and all(isinstance(c, str) for c in row) for row in rows):
        raise ValueError("no table")
    return content.decode()


def _how(kind: str, name: str) -> str | None:
    """How a file is read; None where it is of a kind that is not shown, such as HTML and SVG."""
    if kind == "application/pdf" or name.endswith(".pdf"):
        return "pdf"
    if kind.removeprefix("image/") in _PICTURE_KINDS or name.endswith(_PICTURES):
        return "image"
    if name.endswith(_TABLES):
        return "table"
    return "text" if kind == "text/plain" or name.endswith(_TEXTS) else None


def _records(output: bytes) -> Iterator[tuple[str, bytes]]:
    """What the reader wrote; one that it could not write to its end is left out."""
    at = 0
    while at + 5 <= len(output):
        end = at + 5 + int.from_bytes(output[at + 1 : at + 5], "big")
        if end > len(output):
            return
        yield chr(output[at]), output[at + 5 : end]
        at = end
