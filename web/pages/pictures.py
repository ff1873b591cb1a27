"""What the pages with a picture share: its file as a field, and the picture as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core.context import Picture
from crm_core.forms import Input, ask
from crm_core.images import LARGEST_FILE, READABLE
from crm_core.pictures import Size
from crm_core.refusals import NotFound
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_core.pictures import Kept
    from crm_core.words import Words


def picture_file(label: Words) -> Any:
    """The field for a file with a picture."""
    return ask(
        label,
        input=Input.FILE,
        largest=LARGEST_FILE,
        accept=READABLE,
        help=_("A JPEG, PNG, WebP or GIF of at most 8 MB."),
    )


def shown_picture(
    read: Callable[[Size], tuple[Kept, bytes]], content_type: str, size: str, digest: str
) -> Picture:
    """The picture in this size, the small one where none is named.

    Browsers keep it where the address names it by its digest.
    """
    if size not in ("", *Size):
        raise NotFound
    found, content = read(Size(size or Size.SMALL))
    return Picture(content_type, content, lasting=digest == found.digest)
