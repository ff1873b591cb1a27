"""Where a page lies in its own measure, and where on it is what a reader shows.

Runs apart, with what pyHanko has read.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from attrs import frozen

LETTER = (0.0, 0.0, 612.0, 792.0)
"""What readers take a page for that does not say how large it is."""

DEEPEST = 100
"""How far up the tree of pages something is looked for that a page inherits."""

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]


@frozen
class Place:
    """The part of a page that is shown.

    `crop` is left, bottom, right, top in the page's measure, before it is turned clockwise by
    `turned` degrees; `unit` is how many points one of that measure is.
    """

    crop: Rectangle
    turned: int
    unit: float

    @classmethod
    def of(cls, page: Any) -> Place:
        """Where this page is, as readers understand it."""
        media = rectangle(inherited(page, "/MediaBox")) or LETTER
        crop = rectangle(inherited(page, "/CropBox")) or media
        inside = (
            max(media[0], crop[0]),
            max(media[1], crop[1]),
            min(media[2], crop[2]),
            min(media[3], crop[3]),
        )
        empty = inside[0] >= inside[2] or inside[1] >= inside[3]
        unit = number(entry(page, "/UserUnit"), 1.0)
        return cls(
            crop=media if empty else inside,
            turned=round(number(inherited(page, "/Rotate"), 0) / 90) % 4 * 90,
            unit=unit if 0 < unit < 1e6 else 1.0,
        )

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height as shown, in the page's measure."""
        width, height = self.crop[2] - self.crop[0], self.crop[3] - self.crop[1]
        return (height, width) if self.turned in (90, 270) else (width, height)

    @property
    def shown_in_points(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        width, height = self.shown
        return width * self.unit, height * self.unit

    @property
    def matrix(self) -> Matrix:
        """From what is shown, counted from its bottom left corner, to the page's measure."""
        left, bottom, right, top = self.crop
        return {
            0: (1.0, 0.0, 0.0, 1.0, left, bottom),
            90: (0.0, 1.0, -1.0, 0.0, right, bottom),
            180: (-1.0, 0.0, 0.0, -1.0, right, top),
            270: (0.0, -1.0, 1.0, 0.0, left, top),
        }[self.turned]

    def shown_rectangle(self, there: Rectangle) -> Rectangle:
        """A rectangle in the page's measure, as it lies in what is shown."""
        a, b, c, d, e, f = self.matrix  # it turns and moves, so its inverse is its mirror
        corners = [(x - e, y - f) for x in (there[0], there[2]) for y in (there[1], there[3])]
        across = [a * x + b * y for x, y in corners]
        up = [c * x + d * y for x, y in corners]
        return min(across), min(up), max(across), max(up)


def entry(said: Any, name: str) -> Any:
    """An entry of a dictionary, wherever it is kept; None where there is none."""
    return value(dict.get(said, name)) if isinstance(said, dict) else None


def inherited(said: Any, name: str) -> Any:
    """An entry of a page or a field, or of what that belongs to."""
    for _ in range(DEEPEST):
        found = entry(said, name)
        if found is not None or said is None:
            return found
        said = entry(said, "/Parent")
    return None


def items(said: Any) -> list[Any]:
    """What stands in an array, as it stands there; nothing where it is none."""
    return [*list.__iter__(said)] if isinstance(said, list) else []


def value(said: Any) -> Any:
    """What a reference leads to, and nothing else; None for a null."""
    from pyhanko.pdf_utils.generic import IndirectObject, NullObject

    for _ in range(DEEPEST):
        if not isinstance(said, IndirectObject):
            return None if isinstance(said, NullObject) else said
        said = said.get_object()
    return None


def rectangle(said: Any) -> Rectangle | None:
    """Left, bottom, right, top; None where it is none, or empty."""
    corners = [number(value(one), math.nan) for one in items(said)[:4]]
    if len(corners) < 4 or not all(map(math.isfinite, corners)):
        return None
    x0, y0, x1, y1 = corners
    if x0 == x1 or y0 == y1:
        return None
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def number(said: Any, otherwise: float) -> float:
    """A number of a PDF; another one where it is none."""
    if isinstance(said, int | float | Decimal) and math.isfinite(said):
        return float(said)
    return otherwise
