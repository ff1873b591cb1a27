"""Where a seal lies in a file: the hole in what it covers, which holds the signature."""

from __future__ import annotations

import re

from attrs import frozen

_SPAN = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")


@frozen
class Span:
    """The hole from `start` to `end`, its `<` and `>` with it; what is covered ends at `length`."""

    start: int
    end: int
    length: int


def spans_of(content: bytes) -> tuple[Span, ...]:
    """What is said in these bytes to be covered by seals."""
    found = [tuple(map(int, one.groups())) for one in _SPAN.finditer(content)]
    return tuple(Span(first, second, second + rest) for first, second, rest in found)
