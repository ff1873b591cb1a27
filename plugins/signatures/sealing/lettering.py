"""Letters: a face that stands upright and one that is slanted, and how text fits into a box.

Runs apart, with reportlab. What the faces have not is drawn as a sign that something is missing.
"""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import Any

UPRIGHT, SLANTED = "Upright", "Slanted"
MISSING = "�"
HIGH, LOW = 1.07, 0.30
"""How far letters reach above and below their line, as parts of their size: marks above, too."""

LINE = HIGH + LOW
ASIDE = 0.12
"""How far slanted letters reach beyond their width."""

SMALLEST = 0.05
_FILES = {UPRIGHT: "NotoSans[wdth,wght].ttf", SLANTED: "NotoSans-Italic[wdth,wght].ttf"}
_UNSEEN = ("Cf", "Cc")
_SELECTORS = range(0xFE00, 0xFE10)


def prepare() -> None:
    """Tells reportlab of both faces."""
    for face in _FILES:
        _letters(face)


@cache
def _letters(face: str) -> Any:
    """The letters that a face has; from then on reportlab knows the face."""
    from fontpkg_noto_sans import ROOT
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(face, str(ROOT / "files" / _FILES[face]))
    pdfmetrics.registerFont(font)
    return font.face.charToGlyph


def drawable(text: str, face: str) -> str:
    """The text in letters that the face has, on one line.

    What cannot be seen is left out: it could turn the order of letters around.
    """
    letters = _letters(face)
    return "".join(
        one if ord(one) in letters else MISSING
        for one in (
            " " if whole.isspace() else whole for whole in unicodedata.normalize("NFC", text)
        )
        if one == " " or _is_seen(one)
    )


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and ord(letter) not in _SELECTORS


def width_of(text: str, face: str, size: float) -> float:
    """How wide a line is that was made drawable."""
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(text, face, size))


def wrapped(text: str, face: str, size: float, width: float) -> list[str]:
    """The text in lines that are no wider: broken between words, and within one that is wider."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in drawable(paragraph, face).split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, face, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = _broken(word, face, size, width)
            lines += whole
        lines.append(line)
    return lines


def _broken(word: str, face: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, face, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fitting_size(text: str, face: str, width: float, height: float) -> float:
    """The size in which a drawable line fills so much room, and does not leave it."""
    each = width_of(text, face, 1.0) + 2 * ASIDE
    return min(height / LINE, width / each)


def fitting_lines(
    text: str, face: str, width: float, height: float, largest: float
) -> tuple[float, list[str]]:
    """The largest size, up to that one, in which the text fits so much room; and its lines."""
    em = width_of(drawable(text, face), face, 1.0)
    area = math.sqrt(width * height / (em * LINE)) if em else largest  # no larger one can fit
    size = min(largest, height / LINE, area)
    while True:
        lines = wrapped(text, face, size, width - 2 * ASIDE * size)
        fits = len(lines) * size * LINE <= height
        if fits or size <= SMALLEST:
            return size, lines
        size *= 0.93
