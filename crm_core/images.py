"""Pictures that people upload, made into two squares of our own; nothing of the file is kept.

The file is decoded by another program (`image_reader.py`), which has little memory and time, gets
nothing of our environment and writes no files: what a hostile file breaks, it breaks there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import structlog
from attrs import frozen

from crm_core.refusals import Refused
from crm_core.words import _

SMALL, LARGE = 96, 256
"""Pixels of a side: the small one is shown at 32 to 40 on screens of double density."""

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes."""

SECONDS = 10
"""How long reading a file may take, by the clock; the reader limits its own computing, too."""

CONTENT_TYPE = "image/jpeg"

_READER = Path(__file__).with_name("image_reader.py")
_BEGINNINGS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP", re.DOTALL)
_CROP = re.compile(r"(\d{1,6}),(\d{1,6}),([1-9]\d{0,5})\Z", re.ASCII)

_REASONS = {
    3: _("This photo has too many pixels. Choose one of at most 40 megapixels."),
    4: _("This photo is damaged or not complete. Choose another one."),
    5: _("This photo needs too much memory. Make it smaller, or save it as JPEG."),
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
class Squares:
    """The same picture in two sizes, each encoded as `CONTENT_TYPE`."""

    small: bytes
    large: bytes


def squares_of(content: bytes, crop: Crop | None = None) -> Squares:
    """The squares of an uploaded JPEG, PNG, WebP or GIF (its first frame).

    Upright, without metadata, transparency on white. `crop` reaches no further than the picture;
    without it the middle is taken. Refuses what is too large, damaged, or anything else, whatever
    its name says. Takes up to `SECONDS`: so never inside a writing transaction.
    """
    if len(content) > LARGEST_FILE:
        raise Refused(_("This file is too large. Choose one of at most 8 MB."))
    if not _BEGINNINGS.match(content):
        raise Refused(_("This is not a photo that can be used. Choose a JPEG, PNG, WebP or GIF."))
    box = (crop.left, crop.top, crop.side) if crop else (0, 0, 0)
    numbers = (str(number) for number in (SMALL, LARGE, *box))
    command = [sys.executable, "-I", "-B", str(_READER), *numbers]
    try:
        # Over its time it is killed and waited for.
        read = subprocess.run(  # noqa: S603 - the command is ours, the file goes to its stdin
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise _too_much(type(error).__name__) from error
    if read.returncode in _REASONS:
        raise Refused(_REASONS[read.returncode])
    if read.returncode:
        raise _too_much(f"status {read.returncode}: {_last_line(read.stderr)}")
    length = int.from_bytes(read.stdout[:4], "big")
    pictures = read.stdout[4:]
    return Squares(small=pictures[:length], large=pictures[length:])


def _too_much(cause: str) -> Refused:
    """The refusal of a file that broke the reader or ran into its limits; the log says which."""
    log.warning("image not read", cause=cause)
    return Refused(_("This photo could not be read. Nothing was saved; choose another one."))


def _last_line(text: bytes) -> str:
    return text.decode(errors="replace").strip().rpartition("\n")[2][:200]
