"""A program of its own: reads a picture from stdin and writes it in two sizes to stdout.

    python -I image_reader.py square SMALL LARGE LEFT TOP SIDE < picture > two
    python -I image_reader.py whole WIDTH HEIGHT < picture > two

`square` makes two squares of a part of it, as JPEG; `whole` fits all of it into a box, and once
more at half that size, as PNG. The answer is the length of the small one (4 bytes), the small one,
the large one. The exit status is 3 for too many pixels, 4 for a picture that is damaged, 5 for too
much memory; anything else is a fault, or the limit of time. `images.py` starts it, apart.
"""

from __future__ import annotations

import io
import math
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image as Pillow

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000
TOO_MANY_PIXELS, DAMAGED, TOO_MUCH_MEMORY = 3, 4, 5
WHITE = (255, 255, 255)
ORIENTATION = 0x0112
"""The EXIF tag that says how the camera was held: 1 to 8."""

ON_ITS_SIDE = (5, 6, 7, 8)
TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What makes it upright, by Pillow's names."""


def main() -> int:
    """Reads, writes, and answers the exit status."""
    shape, *numbers = sys.argv[1:]
    make: Callable[..., tuple[bytes, bytes]] = _squares if shape == "square" else _whole
    content = sys.stdin.buffer.read()

    from PIL import Image, UnidentifiedImageError

    # A picture may be twice as large before Pillow refuses it by itself; we ask first.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if math.prod(picture.size) > MOST_PIXELS:
                return TOO_MANY_PIXELS
            small, large = make(picture, *map(int, numbers))
    except Image.DecompressionBombError:
        return TOO_MANY_PIXELS
    except MemoryError:
        return TOO_MUCH_MEMORY
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        # What Pillow raises for pictures that are not sound.
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return DAMAGED
    sys.stdout.buffer.write(len(small).to_bytes(4, "big") + small + large)
    return 0


def _squares(
    picture: Pillow.Image, small: int, large: int, left: int, top: int, side: int
) -> tuple[bytes, bytes]:
    """A square of the picture in both sizes, on white."""
    left, top, side = _within((left, top, side), *_upright_size(picture))
    square = on_white(_part(picture, (left, top, side, side), (large, large)))
    return _encoded(square.resize((small, small)), "JPEG"), _encoded(square, "JPEG")


def _whole(picture: Pillow.Image, width: int, height: int) -> tuple[bytes, bytes]:
    """The whole picture in this box and in half of it; one can see through it where one could."""
    from PIL import Image

    part = fitted(picture, width, height)
    size = part.size
    # Laid on nothing, so that no colour stays where one sees nothing, and no word of the file.
    clean = Image.new(part.mode, size)
    if part.mode == "RGBA":
        clean = Image.alpha_composite(clean, part)
    else:
        clean.paste(part)
    half = clean.resize((max(1, size[0] // 2), max(1, size[1] // 2)))
    return _encoded(half, "PNG"), _encoded(clean, "PNG")


def fitted(picture: Pillow.Image, width: int, height: int) -> Pillow.Image:
    """The whole picture, upright and as RGB or RGBA, in this box; it is never enlarged."""
    whole = _upright_size(picture)
    scale = min(width / whole[0], height / whole[1], 1)
    size = (max(1, round(whole[0] * scale)), max(1, round(whole[1] * scale)))
    return _part(picture, (0, 0, *whole), size)


def on_white(picture: Pillow.Image) -> Pillow.Image:
    """The same as RGB, on white where one could see through it."""
    from PIL import Image

    clean = Image.new("RGB", picture.size, WHITE)
    clean.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return clean


def _part(
    picture: Pillow.Image, box: tuple[int, int, int, int], size: tuple[int, int]
) -> Pillow.Image:
    """The part of the upright picture in this size; `box` is its left, top, width and height.

    It is cut out and made small before it is turned, so that the whole is in memory once.
    """
    from PIL import Image

    held, stored = _held(picture), picture.size
    left, top, width, height = _as_stored(box, stored, held)
    wanted = size[::-1] if held in ON_ITS_SIDE else size
    if picture.format in ("JPEG", "MPO"):
        # A JPEG can be decoded at a half, a quarter or an eighth of its size, in less time.
        shrink = max(1, min(width // wanted[0], height // wanted[1]))
        picture.draft("RGB", (picture.width // shrink, picture.height // shrink))
    # An eighth of a side is rounded up: the two sides may shrink a little differently.
    across, down = picture.width / stored[0], picture.height / stored[1]
    cut = (left * across, top * down, (left + width) * across, (top + height) * down)
    part = _in_colour(picture).resize(wanted, box=cut, reducing_gap=3.0)
    return part.transpose(Image.Transpose[TURNS[held]]) if held != 1 else part


def _in_colour(picture: Pillow.Image) -> Pillow.Image:
    """The picture as RGB, or as RGBA where one can see through it."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda level: level / 256, "L").convert("RGB")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _held(picture: Pillow.Image) -> int:
    """How the camera was held, 1 to 8; anything else that stands there is upright."""
    held = picture.getexif().get(ORIENTATION)
    return held if held in TURNS else 1


def _upright_size(picture: Pillow.Image) -> tuple[int, int]:
    width, height = picture.size
    return (height, width) if _held(picture) in ON_ITS_SIDE else (width, height)


def _within(crop: tuple[int, int, int], width: int, height: int) -> tuple[int, int, int]:
    """The square that is meant: as wished, but inside the picture; else its middle."""
    left, top, side = crop
    if not side:
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side
    side = min(side, width, height)
    return min(left, width - side), min(top, height - side), side


def _as_stored(
    box: tuple[int, int, int, int], stored: tuple[int, int], held: int
) -> tuple[int, int, int, int]:
    """Where a part of the upright picture lies in the one that is stored."""
    left, top, width, height = box
    if held in ON_ITS_SIDE:
        left, top, width, height = top, left, height, width
    if held in (2, 3, 7, 8):
        left = stored[0] - left - width
    if held in (3, 4, 6, 7):
        top = stored[1] - top - height
    return left, top, width, height


def _encoded(picture: Pillow.Image, kind: str) -> bytes:
    into = io.BytesIO()
    # What another kind has no use for, it passes over.
    picture.save(into, kind, quality=88, optimize=True)
    return into.getvalue()


if __name__ == "__main__":
    sys.exit(main())
