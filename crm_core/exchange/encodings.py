"""In which encoding a file is written, or why it is no text at all."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.refusals import Refused
from crm_core.words import _

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 65_536
"""Bytes at the beginning of a file by which it is judged."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z")
_PRINTED_AS_SPACE = b"\t\n\v\f\r"
_CONTROLS = bytes(c for c in range(1, 32) if c not in _PRINTED_AS_SPACE)
_MOST_CONTROLS = 0.1
_MOSTLY = 0.3
_HARDLY = 0.02


@frozen(kw_only=True)
class Encoding:
    """How the bytes become text.

    `damaged` says that some bytes do not belong to the encoding: they are read as U+FFFD, and the
    rows that hold one are to be refused. `size` is in bytes, `lines` counts line ends.
    """

    name: str
    damaged: bool
    size: int
    lines: int


def recognise_encoding(path: Path) -> Encoding:
    """The encoding of the file; reads it once, in pieces. Refuses what is no text.

    May raise OSError.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head.strip():
        raise Refused(_("This file is empty."))
    _refuse_other_kinds(head)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    name = marked or _wide_without_mark(head)
    if not name and _share(head, _CONTROLS) > _MOST_CONTROLS:
        raise Refused(_("This file is not a text. Save the table as CSV (UTF-8) and try again."))
    found = _scan(path, name or "utf-8")
    if found.damaged and not name:
        found = _scan(path, _eight_bits(path, head))
    return found


def _refuse_other_kinds(head: bytes) -> None:
    if head.startswith(_PACKED):
        raise Refused(
            _("This is a workbook or a packed file, not a table. Save it as CSV and try again.")
        )
    if head.startswith(_NO_TABLES):
        raise Refused(_("This is a document or a picture, not a table. Choose a CSV file."))
    if head.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCARD"):
        raise Refused(_("This file holds vCards, not a table. Choose a CSV file."))


def _share(head: bytes, of: bytes) -> float:
    return 1 - len(head.translate(None, of)) / len(head) if head else 0.0


def _wide_without_mark(head: bytes) -> str:
    """The kind of UTF-16 whose ASCII characters leave every other byte empty, or nothing."""
    even, odd = _share(head[::2], b"\0"), _share(head[1::2], b"\0")
    if odd > _MOSTLY and even < _HARDLY:
        return "utf-16-le"
    if even > _MOSTLY and odd < _HARDLY:
        return "utf-16-be"
    return ""


def _eight_bits(path: Path, head: bytes) -> str:
    """The encoding of a text that is not valid UTF-8."""
    if _is_utf8_with_a_few_mistakes(head):
        return "utf-8"
    if not _scan(path, "cp1252").damaged:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=["utf_8", "utf_16", "cp1252"]).best()
    if best is None:
        raise Refused(
            _("The characters of this file cannot be read. Save it as CSV (UTF-8) and try again.")
        )
    return best.encoding


def _is_utf8_with_a_few_mistakes(head: bytes) -> bool:
    """Whether nearly all that is not ASCII is UTF-8: then the rest is damage, not an encoding."""
    text = head.decode("utf-8", errors="replace")
    mistakes = text.count("\N{REPLACEMENT CHARACTER}")
    others = len(text) - mistakes - sum(map(str.isascii, text))
    return others > 10 * mistakes


def _scan(path: Path, name: str) -> Encoding:
    """Whether every byte of the file can be read so. Refuses a NUL in an encoding of bytes."""
    decoder = codecs.getincrementaldecoder(name)()
    bytewise = not name.startswith(("utf-16", "utf_16", "utf-32"))
    size = newlines = returns = 0
    damaged = False
    with path.open("rb") as stream:
        while piece := stream.read(HEAD):
            if bytewise and b"\0" in piece:
                line = newlines + piece[: piece.index(b"\0")].count(b"\n") + 1
                raise Refused(_("Line {line} holds bytes that no text has.", line=line))
            size += len(piece)
            newlines += piece.count(b"\n")
            returns += piece.count(b"\r")
            damaged = damaged or not _decodes(decoder, piece)
    damaged = damaged or not _decodes(decoder, b"", final=True)
    return Encoding(name=name, damaged=damaged, size=size, lines=max(newlines, returns))


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True
