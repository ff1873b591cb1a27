"""What the worker reads of each version: its text, and pictures of its pages (DOC-8).

The file is read apart, with little memory and time. What cannot be shown says why.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import NotFound
from crm_core.child_programs import read_apart
from crm_core.files import bytes_of, file_of, keep_file, store_sent
from crm_core.refusals import Unavailable
from plugins.documents import readings, store
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context, Happened, SentFile, Words
    from plugins.documents.values import Version

LARGEST = 50 * 2**20
"""Bytes of a file of which a preview is made."""

MOST_PAGES = 20
WIDTH = 1000
"""Pixels."""

PICTURE = "image/jpeg"
_READER = Path(__file__).with_name("document_reader.py")
_HOW = {
    "application/pdf": "pdf",
    "text/plain": "text",
    **dict.fromkeys(("image/jpeg", "image/png", "image/webp", "image/gif"), "image"),
}
_REASONS = {
    3: _("This picture has too many pixels."),
    4: _("This file is damaged or not complete."),
    5: _("Showing this file needs too much memory."),
    6: _("This file is protected by a password."),
}
_TOO_LONG = _("Showing this file takes too long.")
_TOO_LARGE = _("This file is too large.")
_NO_KIND = _("Files of this kind are not shown here.")


@frozen(kw_only=True)
class Found:
    """What was read of a version: text and pictures, or the `reason` why there are none."""

    text: str = ""
    count: int = 0
    pages: Sequence[tuple[int, int, SentFile]] = ()
    reason: Words | None = None


def prepare(ctx: Context, happened: Happened) -> Found | None:
    """Reads the version that was uploaded; None where it is gone by now, or was read before."""
    version = _meant(ctx, happened)
    return None if version is None else _read(ctx, version)


def keep(ctx: Context, happened: Happened, found: Found | None) -> None:
    """Keeps what was read; once, however often it is tried."""
    if found is None or happened.about is None or _meant(ctx, happened) is None:
        return
    document = store.document_anywhere(ctx, happened.about)
    number = int(happened.after["version"])
    pages = [
        (width, height, keep_file(ctx, sent, document.account_id))
        for width, height, sent in found.pages
    ]
    readings.add_reading(ctx, document.id, number, found.text, found.count, found.reason, pages)


def is_shown(kind: str) -> bool:
    """Whether there is a preview of files of this kind."""
    return kind in _HOW


def _meant(ctx: Context, happened: Happened) -> Version | None:
    try:
        document = store.document_anywhere(ctx, happened.about or "")
        version = store.version_of(ctx, document, int(happened.after["version"]))
    except NotFound:
        return None
    return None if readings.reading_of(ctx, document.id, version.number) else version


def _read(ctx: Context, version: Version) -> Found:
    how = _HOW.get(version.kind)
    if how is None:
        return Found(reason=_NO_KIND)
    if version.size > LARGEST:
        return Found(reason=_TOO_LARGE)
    try:
        content = b"".join(bytes_of(ctx.store, file_of(ctx, version.file_id)))
    except Unavailable as damaged:
        return Found(reason=damaged.sentence)
    read = read_apart(_READER, (how, MOST_PAGES, WIDTH), content)
    if read.status != 0:
        return Found(reason=_REASONS.get(read.status or 0, _TOO_LONG))
    length = int.from_bytes(read.answer[:4], "big")
    said = json.loads(read.answer[4 : 4 + length])
    pages, at = [], 4 + length
    for width, height, size in said["pages"]:
        sent = store_sent(ctx.store, ctx.firm.id, "page.jpg", [read.answer[at : at + size]])
        pages.append((width, height, sent))
        at += size
    return Found(text=said["text"], count=said["count"], pages=pages)
