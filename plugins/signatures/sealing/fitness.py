"""Whether a PDF can be signed, and how its pages look to somebody who places fields on them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from plugins.signatures.sealing.child import answer_of, nonsense, size_within
from plugins.signatures.sealing.values import Fit, Misplaced, Unfit, Why

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 50 * 2**20
"""Bytes of a PDF that is signed."""

MOST_PAGES = 5000
WIDEST = 2000
"""Pixels of a picture of a page."""

SECONDS = 7.0
"""Less than stamping may take, which does the same and more: what fits can be stamped."""

_MEASURING = "measuring_program.py"


def measured(path: Path) -> Fit:
    """The pages of this PDF, which then can be stamped; else raises `Unfit`. Takes seconds."""
    size_within(path, LARGEST)
    output = answer_of(_MEASURING, "measure", str(path), seconds=SECONDS)
    try:
        pages = tuple(_page(one) for one in json.loads(output))
    except (ValueError, TypeError, RecursionError) as error:  # a file has taken the reader over
        nonsense(_MEASURING, type(error).__name__)
        raise Unfit(Why.BROKEN) from error
    if not pages:
        raise Unfit(Why.NO_PAGES)
    return Fit(pages=pages)


def page_image(path: Path, page: int, width: int) -> bytes:
    """A page, counted from 1, as a WebP that is so wide; a very tall page makes it narrower.

    Raises `Unfit`, and `Misplaced` where there is no such page.
    """
    if page < 1:
        raise Misplaced(f"page {page}")
    size_within(path, LARGEST)
    wide = str(max(1, min(width, WIDEST)))
    output = answer_of(_MEASURING, "picture", str(path), str(page), wide)
    if not (output.startswith(b"RIFF") and output[8:12] == b"WEBP"):
        nonsense(_MEASURING, "no WebP")
        raise Unfit(Why.BROKEN)
    return output


def _page(said: object) -> tuple[float, float]:
    if not isinstance(said, list) or len(said) != 2:
        raise ValueError("no size")
    size = float(said[0]), float(said[1])
    if not all(math.isfinite(one) and one > 0 for one in size):
        raise ValueError("no size")
    return size
