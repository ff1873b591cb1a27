"""Pictures for tests, in four colours: so one sees what was cut out and how it was turned."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from crm_core.images import Pictures

RED, GREEN, BLUE, WHITE = (200, 20, 20), (20, 160, 20), (20, 20, 200), (255, 255, 255)


def quarters(width: int = 400, height: int = 400) -> Image.Image:
    """Red and green above, blue and white below."""
    picture = Image.new("RGB", (width, height), WHITE)
    for colour, left, top in ((RED, 0, 0), (GREEN, width // 2, 0), (BLUE, 0, height // 2)):
        picture.paste(colour, (left, top, left + width // 2, top + height // 2))
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    """The picture as a file of this kind."""
    into = io.BytesIO()
    picture.save(into, kind, **more)
    return into.getvalue()


def opened(content: bytes) -> Image.Image:
    """The picture in a file."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def corners(pictures: Pictures) -> list[str]:
    """The colours near the corners of the large one: from the left above, as one reads."""
    picture = opened(pictures.large).convert("RGB")
    near_far = [(side // 8, side * 7 // 8) for side in picture.size]
    return [colour_at(picture, (x, y)) for y in near_far[1] for x in near_far[0]]


def colour_at(picture: Image.Image, at: tuple[int, int]) -> str:
    """The name of the colour there."""
    named = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    found: Any = picture.convert("RGB").getpixel(at)
    for name, colour in named.items():
        if all(abs(one - other) < 25 for one, other in zip(found, colour, strict=True)):
            return name
    return str(found)
