"""Pictures that people upload, made into two of our own; nothing of the file is kept.

The file is decoded by another program (`image_reader.py`), in a process apart (`apart.py`).
"""

from __future__ import annotations

import re
from pathlib import Path

import structlog
from attrs import frozen

from crm_core.apart import run_apart
from crm_core.refusals import Refused
from crm_core.words import _

SMALL, LARGE = 96, 256
"""Pixels of a photo's side: the small one is shown at 32 to 40 on screens of double density."""

LOGO = (480, 160)
"""Pixels within which a logo fits; its small one is half as wide and half as high."""

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes."""

DRAWING = (1200, 400)
"""Pixels within which a drawn signature fits."""

READABLE = "image/jpeg,image/png,image/webp,image/gif"
"""The types of file that can be read."""

PHOTO_TYPE, LOGO_TYPE = "image/jpeg", "image/png"
"""As what the pictures are kept."""

_READER = Path(__file__).with_name("image_reader.py")
_BEGINNINGS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP", re.DOTALL)
_CROP = re.compile(r"(\d{1,6}),(\d{1,6}),([1-9]\d{0,5})\Z", re.ASCII)

_REASONS = {
    3: _("This picture has too many pixels. Choose one of at most 40 megapixels."),
    4: _("This picture is damaged or not complete. Choose another one."),
    5: _("This picture needs too much memory. Make it smaller, or save it as JPEG."),
}
"""What the reader's exit status says."""

log = structlog.get_logger("crm")


@frozen(kw_only=True)
class Crop:
    """A square of a picture, in pixels of the picture as people see it (upright)."""

    left: int
    top: int
    side: int

    @classmethod
    def from_text(cls, text: str) -> Crop | None:
        """Reads "left,top,side"; an empty text is None, the square in the middle."""
        if not text:
            return None
        found = _CROP.match(text)
        if found is None:
            raise Refused(_("The part to show could not be read. Choose the photo again."))
        left, top, side = (int(number) for number in found.groups())
        return cls(left=left, top=top, side=side)


@frozen(kw_only=True)
class Pictures:
    """The same picture in two sizes, encoded anew."""

    small: bytes
    large: bytes


def photo_from(content: bytes, crop: Crop | None = None) -> Pictures:
    """The squares of an uploaded JPEG, PNG, WebP or GIF (its first frame), as `PHOTO_TYPE`.

    Upright, without metadata, transparency on white. `crop` reaches no further than the picture;
    without it the middle is taken. Refuses as `_read` does.
    """
    box = (crop.left, crop.top, crop.side) if crop else (0, 0, 0)
    return _read(content, "square", SMALL, LARGE, *box)


def logo_from(content: bytes) -> Pictures:
    """The same kinds of file whole, within `LOGO` and never enlarged, as `LOGO_TYPE`.

    Upright, without metadata; one can see through it where one could. Refuses as `_read` does.
    """
    return _read(content, "whole", *LOGO)


def drawing_from(content: bytes) -> bytes:
    """What somebody drew, whole and within `DRAWING`, as PNG that one can see through.

    Refuses as `_read` does.
    """
    return _read(content, "whole", *DRAWING).large


def _read(content: bytes, shape: str, *numbers: int) -> Pictures:
    """What the reader makes of a file.

    Refuses what is too large, damaged, or anything else, whatever its name says. Takes as long as
    `run_apart` does: so never inside a writing transaction.
    """
    if len(content) > LARGEST_FILE:
        raise Refused(_("This file is too large. Choose one of at most 8 MB."))
    if not _BEGINNINGS.match(content):
        raise Refused(_("This is not a picture that can be used. Choose a JPEG, PNG, WebP or GIF."))
    try:
        read = run_apart(_READER, shape, *map(str, numbers), given=content)
    except OSError as error:
        raise _too_much(type(error).__name__) from error
    if read.status in _REASONS:
        raise Refused(_REASONS[read.status])
    if read.status != 0:
        raise _too_much(f"status {read.status}: {read.said}")
    length = int.from_bytes(read.output[:4], "big")
    pictures = read.output[4:]
    return Pictures(small=pictures[:length], large=pictures[length:])


def _too_much(cause: str) -> Refused:
    """The refusal of a file that broke the reader or ran into its limits; the log says which."""
    log.warning("image not read", cause=cause)
    return Refused(_("This picture could not be read. Nothing was saved; choose another one."))
