"""Which letters of a text are those that somebody typed, to show why it was found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.folding import folded
from crm_core.store.searching import typed_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@frozen
class Piece:
    """A part of a text, `marked` where it was typed."""

    text: str
    marked: bool


def pieces(text: str, typed: str) -> Sequence[Piece]:
    """The text in pieces, which together are the text; accents and capitals do not count."""
    plain, place = _folded_letters(text)
    marked = [False] * len(text)
    for word in typed_words(typed):
        for start in _places(word, plain):
            for letter in place[start : start + len(word)]:
                marked[letter] = True
    for letter in range(1, len(text)):
        # An accent that is a character of its own belongs to the letter before it.
        if marked[letter - 1] and letter not in place:
            marked[letter] = True
    return list(_runs(text, marked))


def _folded_letters(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its letters where in the text it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters = [(" " if c.isspace() else folded(c), number) for number, c in enumerate(text)]
    plain = "".join(letter for letter, _ in letters)
    return plain, [number for letter, number in letters for _ in letter]


def _places(word: str, plain: str) -> Iterator[int]:
    """Where the word is found: three letters and more anywhere, fewer where a word begins."""
    begins = r"(?<![^\W_])" if len(word) < 3 else ""
    return (found.start() for found in re.finditer(f"{begins}{re.escape(word)}", plain))


def _runs(text: str, marked: Sequence[bool]) -> Iterator[Piece]:
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or marked[end] != marked[start]:
            yield Piece(text[start:end], marked[start])
            start = end
