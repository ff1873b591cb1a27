"""Drawing something on a page after all that it draws itself, whatever state that leaves behind.

Runs apart, with what pyHanko has read. What the page draws is left as it is, byte for byte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from plugins.signatures.sealing.attempts import attempted
from plugins.signatures.sealing.places import Matrix, entry, inherited, items, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 64 * 2**20
"""Bytes of drawing, unpacked, in which what is left open is counted."""

_DELIMITER = rb"\s<>\[\](){}/%"
_OUTSIDE = re.compile(rb"[(%]|(?<![^\s<>\[\](){}%])(?:[qQ]|BI)(?![^" + _DELIMITER + rb"])")
_INSIDE = re.compile(rb"\\.|[()]", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]")
_END_OF_IMAGE = re.compile(rb"\sEI(?=\s|$)")


@frozen
class Drawing:
    """A form XObject, and where it is drawn in the page's measure."""

    form: Any
    matrix: Matrix


def draw_on(writer: Any, page: Any, drawings: Sequence[Drawing]) -> None:
    """Draws these last on a page."""
    from pyhanko.pdf_utils.generic import ArrayObject, pdf_name

    if not drawings:
        return
    resources = _copied(inherited(page, "/Resources"))
    forms = _copied(entry(resources, "/XObject"))
    said = []
    for drawing in drawings:
        name = next(name for name in _names() if name not in forms)
        forms[pdf_name(name)] = drawing.form
        numbers = " ".join(f"{one:.6f}" for one in drawing.matrix)
        said.append(f"q {numbers} cm {name} Do Q\n")
    resources[pdf_name("/XObject")] = forms
    before, after = _missing(_drawn(page))
    page[pdf_name("/Contents")] = ArrayObject(
        [
            _stream(writer, b"q\n" * (before + 1)),
            *_parts(page),
            _stream(writer, b"\n" + b"Q\n" * (after + before + 1) + "".join(said).encode()),
        ]
    )
    page[pdf_name("/Resources")] = resources
    writer.update_container(page)


def _names() -> Iterator[str]:
    """Names that a page hardly has."""
    number = 0
    while True:
        number += 1
        yield f"/Signed{number}"


def _copied(said: Any) -> Any:
    """The entries of a dictionary, in one that belongs to this page alone."""
    from pyhanko.pdf_utils.generic import DictionaryObject

    names = said if isinstance(said, dict) else ()
    return DictionaryObject({name: said.raw_get(name) for name in names})


def _parts(page: Any) -> list[Any]:
    """The streams that a page draws."""
    from pyhanko.pdf_utils.generic import StreamObject

    whole = entry(page, "/Contents")
    if isinstance(whole, StreamObject):
        return [page.raw_get("/Contents")]
    return [one for one in items(whole) if isinstance(value(one), StreamObject)]


def _unpacked(part: Any) -> bytes | None:
    try:
        return attempted(lambda: bytes(value(part).data))
    except MemoryError:  # a stream that explodes
        return None


def _drawn(page: Any) -> bytes | None:
    """What it draws, unpacked; None where it is broken, or too long to be looked at."""
    pieces, length = [], 0
    for part in _parts(page):
        drawn = _unpacked(part)
        if drawn is None:
            return None
        pieces.append(drawn)
        length += len(drawn)
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


def _stream(writer: Any, content: bytes) -> Any:
    from pyhanko.pdf_utils.generic import StreamObject

    return writer.add_object(StreamObject(stream_data=content))
