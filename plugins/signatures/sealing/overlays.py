"""What is drawn on pages: the marks, and what stands in fields.

Runs apart, with reportlab. It makes forms, which are as large as the page that they are laid on.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from plugins.signatures.sealing.flattening import Typed
from plugins.signatures.sealing.lettering import (
    ASIDE,
    HIGH,
    LINE,
    SLANTED,
    UPRIGHT,
    drawable,
    fitting_lines,
    fitting_size,
    width_of,
)
from plugins.signatures.sealing.values import Kind, Mark, NoPicture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plugins.signatures.sealing.places import Place, Rectangle

MOST_PIXELS = 8_000_000
LARGEST_TEXT = 12.0
"""Points of letters that are not a signature."""

INK = (0.05, 0.1, 0.35)
BLACK = (0.0, 0.0, 0.0)


def draw_marks(canvas: Any, name: str, place: Place, marks: Sequence[Mark | Typed]) -> None:
    """Makes a form of this name with these marks."""
    width, height = place.shown
    canvas.beginForm(name, 0, 0, width, height)
    for mark in marks:
        if isinstance(mark, Typed):
            _draw_typed(canvas, mark, place.shown_rectangle(mark.place), place.unit)
            continue
        box = mark.box
        left, top = box.x * width, (1 - box.y) * height
        there = (left, top - box.height * height, left + box.width * width, top)
        if mark.picture:
            _draw_picture(canvas, mark.picture, there)
        elif mark.kind in (Kind.SIGNATURE, Kind.INITIALS):
            _draw_signature(canvas, mark.text, there)
        else:
            _draw_text(canvas, mark.text, there, LARGEST_TEXT / place.unit)
    canvas.endForm()


def _draw_picture(canvas: Any, content: bytes, there: Rectangle) -> None:
    """The picture as large as the box allows, at its left."""
    from PIL import Image, UnidentifiedImageError
    from reportlab.lib.utils import ImageReader

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPicture("too many pixels")
            drawn = picture.convert("RGBA")
    except (
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
    ) as error:
        raise NoPicture(f"{type(error).__name__}: {error}") from error
    left, bottom, right, top = there
    scale = min((right - left) / drawn.width, (top - bottom) / drawn.height)
    width, height = drawn.width * scale, drawn.height * scale
    low = bottom + (top - bottom - height) / 2
    canvas.drawImage(ImageReader(drawn), left, low, width, height, mask="auto")


def _draw_signature(canvas: Any, text: str, there: Rectangle) -> None:
    """The name on one line, which fills the box."""
    left, bottom, right, top = there
    line = drawable(text, SLANTED).strip()
    size = fitting_size(line, SLANTED, right - left, top - bottom)
    _draw_lines(canvas, [line], SLANTED, size, there, INK)


def _draw_text(canvas: Any, text: str, there: Rectangle, largest: float) -> None:
    left, bottom, right, top = there
    size, lines = fitting_lines(text, UPRIGHT, right - left, top - bottom, largest)
    _draw_lines(canvas, lines, UPRIGHT, size, there, BLACK)


def _draw_typed(canvas: Any, typed: Typed, there: Rectangle, unit: float) -> None:
    left, bottom, right, top = there
    width, inset = right - left, typed.border_width / 2
    if typed.ground:
        canvas.setFillColorRGB(*typed.ground)
        canvas.rect(left, bottom, width, top - bottom, stroke=0, fill=1)
    if typed.border and typed.border_width and inset * 2 < min(width, top - bottom):
        canvas.setStrokeColorRGB(*typed.border)
        canvas.setLineWidth(typed.border_width)
        size = (width - 2 * inset, top - bottom - 2 * inset)
        canvas.rect(left + inset, bottom + inset, *size, stroke=1, fill=0)
    if not typed.text.strip():
        return
    largest = typed.size or LARGEST_TEXT / unit
    text = typed.text if typed.several_lines else " ".join(typed.text.splitlines())
    letters, lines = fitting_lines(text, UPRIGHT, width, top - bottom, largest)
    _draw_lines(canvas, lines, UPRIGHT, letters, there, BLACK, typed.side, typed.several_lines)


def _draw_lines(
    canvas: Any,
    lines: list[str],
    face: str,
    size: float,
    there: Rectangle,
    colour: tuple[float, float, float],
    side: int = 0,
    from_top: bool = False,
) -> None:
    """Lines in the middle of the box, or from its top."""
    left, bottom, right, top = there
    spare = 0.0 if from_top else max(0.0, top - bottom - len(lines) * size * LINE) / 2
    canvas.setFillColorRGB(*colour)
    canvas.setFont(face, size)
    for nth, line in enumerate(lines):
        room = right - left - 2 * ASIDE * size - width_of(line, face, size)
        start = left + ASIDE * size + max(0.0, room) * {1: 0.5, 2: 1.0}.get(side, 0.0)
        canvas.drawString(start, top - spare - (nth * LINE + HIGH) * size, line)
