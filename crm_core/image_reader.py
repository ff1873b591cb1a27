"""A program of its own: reads a picture from stdin and writes two squares of it to stdout.

    python -I image_reader.py SMALL LARGE LEFT TOP SIDE < picture > squares

The answer is the length of the small one (4 bytes), the small one, the large one, both JPEG. The
exit status is 3 for too many pixels, 4 for a picture that is damaged, 5 for too much memory;
anything else is a fault, or the limit of time. `images.py` starts it; nothing imports it.
"""

from __future__ import annotations

import io
import math
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image as Pillow

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000
MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 8
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
    _limit_myself()
    small, large, left, top, side = (int(argument) for argument in sys.argv[1:])
    content = sys.stdin.buffer.read()

    from PIL import Image, UnidentifiedImageError

    # A picture may be twice as large before Pillow refuses it by itself; we ask first.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if math.prod(picture.size) > MOST_PIXELS:
                return TOO_MANY_PIXELS
            square = _square(picture, (left, top, side), large)
    except Image.DecompressionBombError:
        return TOO_MANY_PIXELS
    except MemoryError:
        return TOO_MUCH_MEMORY
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        # What Pillow raises for pictures that are not sound.
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return DAMAGED
    pictures = (_encoded(square.resize((small, small))), _encoded(square))
    sys.stdout.buffer.write(len(pictures[0]).to_bytes(4, "big") + b"".join(pictures))
    return 0


def _limit_myself() -> None:
    """Little memory and time, and no writing of files."""
    limits = {resource.RLIMIT_CPU: PROCESSOR_SECONDS, resource.RLIMIT_FSIZE: 0}
    if sys.platform != "darwin":  # where this limit cannot be set
        limits[resource.RLIMIT_AS] = MEMORY
    for limit, wanted in limits.items():
        _, already = resource.getrlimit(limit)
        most = wanted if already == resource.RLIM_INFINITY else min(wanted, already)
        resource.setrlimit(limit, (most, most))


def _square(picture: Pillow.Image, crop: tuple[int, int, int], size: int) -> Pillow.Image:
    """The part of the picture in this size, upright and on white.

    It is cut out and made small before it is turned, so that the whole is in memory once.
    """
    from PIL import Image

    held = picture.getexif().get(ORIENTATION, 1)
    left, top, side = _as_stored(_within(crop, *_upright_size(picture, held)), picture.size, held)
    width = picture.width
    if picture.format in ("JPEG", "MPO"):
        # A JPEG can be decoded at a half, a quarter or an eighth of its size, in less time.
        shrink = max(1, side // size)
        picture.draft("RGB", (picture.width // shrink, picture.height // shrink))
    scale = picture.width / width
    box = (left * scale, top * scale, (left + side) * scale, (top + side) * scale)
    part = _in_colour(picture).resize((size, size), box=box, reducing_gap=3.0)
    square = Image.new("RGB", part.size, WHITE)
    square.paste(part, mask=part.getchannel("A") if part.mode == "RGBA" else None)
    return square.transpose(Image.Transpose[TURNS[held]]) if held in TURNS else square


def _in_colour(picture: Pillow.Image) -> Pillow.Image:
    """The picture as RGB, or as RGBA where one can see through it."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda level: level / 256, "L").convert("RGB")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _upright_size(picture: Pillow.Image, held: int) -> tuple[int, int]:
    width, height = picture.size
    return (height, width) if held in ON_ITS_SIDE else (width, height)


def _within(crop: tuple[int, int, int], width: int, height: int) -> tuple[int, int, int]:
    """The square that is meant: as wished, but inside the picture; else its middle."""
    left, top, side = crop
    if not side:
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side
    side = min(side, width, height)
    return min(left, width - side), min(top, height - side), side


def _as_stored(
    square: tuple[int, int, int], stored: tuple[int, int], held: int
) -> tuple[int, int, int]:
    """Where a square of the upright picture lies in the one that is stored."""
    left, top, side = square
    if held in ON_ITS_SIDE:
        left, top = top, left
    if held in (2, 3, 7, 8):
        left = stored[0] - left - side
    if held in (3, 4, 6, 7):
        top = stored[1] - top - side
    return left, top, side


def _encoded(picture: Pillow.Image) -> bytes:
    into = io.BytesIO()
    picture.save(into, "JPEG", quality=88, optimize=True)
    return into.getvalue()


if __name__ == "__main__":
    sys.exit(main())
