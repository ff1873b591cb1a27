"""Pictures of the pages of a document that is to be signed, one at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core import Download, NotFound, Picture, Refused
from plugins.documents import api as documents
from plugins.signatures.sealing.fitness import page_image
from plugins.signatures.sealing.values import Unfit
from plugins.signatures.why import WHY

if TYPE_CHECKING:
    from crm_core import Context
    from plugins.documents.api import Document
    from plugins.signatures.values import Request

FILE = "file"
WIDTH = 1200
PAGE_TYPE = "image/webp"


def shown_page(ctx: Context, document: Document, request: Request, what: str) -> Download | Picture:
    """The document itself (`what` is "file"), or by its number the picture of a page.

    The worker has drawn the first pages already; others are drawn now, which takes a moment.
    """
    if what == FILE:
        return documents.shown_alone(ctx, document, FILE)
    if not (what.isascii() and what.isdigit() and 1 <= int(what[:6]) <= request.pages):
        raise NotFound
    preview = documents.preview_of(ctx, document)
    if preview is not None and int(what) <= len(preview.pages):
        return documents.shown_alone(ctx, document, what)
    with tempfile.NamedTemporaryFile(prefix="crm-page-") as copy:
        for piece in documents.content_of(ctx, document):
            copy.write(piece)
        copy.flush()
        try:
            return Picture(PAGE_TYPE, page_image(Path(copy.name), int(what), WIDTH))
        except Unfit as unfit:
            raise Refused(WHY[unfit.why]) from None
