"""Rich text is Markdown: what people typed is stored, and read here as plain words.

The shell turns it into HTML; nothing else does.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_UNMARKED = re.compile(r"[^\W\d_][^\n\r\\`*_\[\]<>&~]*\Z")
"""One line that begins with a letter and has no mark: most notes, and a reader of them is slow."""


@cache
def markdown() -> MarkdownIt:
    """The reader of our Markdown: no HTML in it, bare web addresses stay text."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


def plain_text(text: str, longest: int = 200) -> str:
    """The words of a rich text on one line, without its marks, cut at a word with an ellipsis."""
    text = text[: longest * 20]
    line = " ".join((text if _UNMARKED.match(text) else _words(text)).split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _words(text: str) -> str:
    words: list[str] = []
    for token in markdown().parse(text):
        if token.type in ("fence", "code_block"):
            words.append(token.content)
        for child in token.children or ():
            words.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
        if token.block:
            words.append(" ")
    return "".join(words)
