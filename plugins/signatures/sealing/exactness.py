"""Whether an encoded value is written in the one way that DER allows, as far as lengths go."""

from __future__ import annotations

DEEPEST = 40


def end_of_value(content: bytes, at: int = 0, end: int | None = None, depth: int = 0) -> int:
    """Where the value that begins there ends; what it holds fills it to the last byte.

    Raises ValueError where it is written in another way.
    """
    end = len(content) if end is None else end
    tag, start, length = _head(content, at, end)
    stop = start + length
    if stop > end or depth > DEEPEST:
        raise ValueError("it does not fit")
    if tag & 0x20:
        inner = start
        while inner < stop:
            inner = end_of_value(content, inner, stop, depth + 1)
    return stop


def _head(content: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The tag, where what is held begins, and how long that is."""
    if end - at < 2:
        raise ValueError("it is cut")
    tag, length = content[at], content[at + 1]
    if not tag or tag & 0x1F == 0x1F:
        raise ValueError("no tag that we know")
    if length < 0x80:
        return tag, at + 2, length
    count = length & 0x7F
    digits = content[at + 2 : at + 2 + count]
    length = int.from_bytes(digits, "big")
    if not 1 <= count <= 4 or len(digits) < count or not digits[0] or length < 0x80:
        raise ValueError("a length in another way")
    return tag, at + 2 + count, length
