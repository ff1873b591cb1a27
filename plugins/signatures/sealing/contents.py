"""Drawing something on a page after all that it draws itself, whatever state that leaves behind.

Runs apart, with what pypdf has read. What the page draws is left as it is, byte for byte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from plugins.signatures.sealing.places import Matrix, inherited

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdf import PageObject, PdfWriter

LONGEST = 64 * 2**20
"""Bytes of drawing, unpacked, in which what is left open is counted."""

_DELIMITER = rb"\s<>\[\](){}/%"
_OUTSIDE = re.compile(
    rb"[(%]|(?<![^\s<>\[\](){}%])(?:[qQ]|BI)(?![^" + _DELIMITER + rb"])"
)
_INSIDE = re.compile(rb"\\.|[()]", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]")
_END_OF_IMAGE = re.compile(rb"\sEI(?=\s|$)")


@frozen
class Drawing:
    """A form XObject, and where it is drawn in the page's measure."""

    form: Any
    matrix: Matrix


def draw_on(writer: PdfWriter, page: PageObject, drawings: Sequence[Drawing]) -> None:
    """Draws these last on a page."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    if not drawings:
        return
    resources = _copied(inherited(page, "/Resources"))
    forms = _copied(resources.get("/XObject"))
    said = []
    for drawing in drawings:
        name = next(name for name in _names() if name not in forms)
        forms[NameObject(name)] = drawing.form
        numbers = " ".join(f"{one:.6f}" for one in drawing.matrix)
        said.append(f"q {numbers} cm {name} Do Q\n")
    resources[NameObject("/XObject")] = forms
    page[NameObject("/Resources")] = DictionaryObject(resources)
    before, after = _missing(_drawn(page))
    page[NameObject("/Contents")] = ArrayObject(
        [
            _stream(writer, b"q\n" * (before + 1)),
            *_parts(page),
            _stream(writer, b"\n" + b"Q\n" * (after + before + 1) + "".join(said).encode()),
        ]
    )


def _names() -> Iterator[str]:
    """Names that a page hardly has."""
    number = 0
    while True:
        number += 1
        yield f"/Signed{number}"


def _copied(said: Any) -> Any:
    """The entries of a dictionary, in one that belongs to this page alone."""
    from pypdf.generic import DictionaryObject, NameObject

    copy = DictionaryObject()
    said = said.get_object() if said is not None else None
    if isinstance(said, dict):
        for name in said:
            copy[NameObject(name)] = said.raw_get(name)  # type: ignore[attr-defined]
    return copy


def _parts(page: PageObject) -> list[Any]:
    """The streams that a page draws."""
    from pypdf.generic import StreamObject

    if "/Contents" not in page:
        return []
    raw = page.raw_get("/Contents")
    whole = raw.get_object()
    if isinstance(whole, list):
        return [one for one in list.__iter__(whole) if isinstance(one.get_object(), StreamObject)]
    return [raw] if isinstance(whole, StreamObject) else []


def _drawn(page: PageObject) -> bytes | None:
    """What it draws, unpacked; None where it is broken, or too long to be looked at."""
    pieces, length = [], 0
    for part in _parts(page):
        try:
            pieces.append(part.get_object().get_data())
        except Exception:  # noqa: BLE001 - whatever a broken stream raises
            return None
        length += len(pieces[-1])
        if length > LONGEST:
            return None
    return b"\n".join(pieces)


def _missing(drawn: bytes | None) -> tuple[int, int]:
    """How many states it takes back that it never saved, and how many more it saves than that."""
    depth = lowest = 0
    for step in _steps(drawn or b""):
        depth += step
        lowest = min(lowest, depth)
    return -lowest, depth


def _steps(drawn: bytes) -> Iterator[int]:
    """1 for each state that is saved, -1 for each that is taken back."""
    at = 0
    while found := _OUTSIDE.search(drawn, at):
        at = found.end()
        match found.group():
            case b"q":
                yield 1
            case b"Q":
                yield -1
            case b"(":
                at = _after_text(drawn, at)
            case b"%":
                end = _LINE_END.search(drawn, at)
                at = end.end() if end else len(drawn)
            case _:
                end = _END_OF_IMAGE.search(drawn, at)
                at = end.end() if end else len(drawn)


def _after_text(drawn: bytes, at: int) -> int:
    depth = 1
    while depth and (found := _INSIDE.search(drawn, at)):
        at = found.end()
        depth += {b"(": 1, b")": -1}.get(found.group(), 0)
    return at if not depth else len(drawn)


def _stream(writer: PdfWriter, content: bytes) -> Any:
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    return writer._add_object(stream)
