"""What a page shows of a document itself (DOC-8)."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from crm_core import NotFound, Picture
from crm_core.files import bytes_of, file_of
from plugins.documents import readings, store
from plugins.documents.reading import PICTURE, is_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.values import Document

MOST_CHARACTERS = 200_000
MOST_ROWS, MOST_COLUMNS = 200, 30
_DELIMITERS = ";,\t|"


def preview(ctx: Context, document: Document) -> dict[str, Any]:
    """What the page of a document needs to show it, or to say why it does not."""
    reading = readings.reading_of(ctx, document.id, document.number)
    text = reading.text[:MOST_CHARACTERS] if reading and not reading.pages else ""
    return {
        "reading": reading,
        "waits": reading is None and is_shown(document.kind),
        "text": text,
        "table": table_of(text) if document.name.lower().endswith((".csv", ".tsv")) else [],
    }


def page_picture(ctx: Context, account: Account, document: str, page: str, number: str) -> Picture:
    """The picture of a page of a version of a document."""
    found = store.document_of(ctx, account.id, document)
    if not all(text.isascii() and text.isdigit() and len(text) < 7 for text in (page, number)):
        raise NotFound
    file = file_of(ctx, readings.picture_of(ctx, found.id, int(number), int(page)))
    return Picture(PICTURE, b"".join(bytes_of(ctx.store, file)), lasting=True)


def table_of(text: str) -> Sequence[Sequence[str]]:
    """The first rows of a delimited text; none where it is no such thing."""
    lines = text.splitlines()[:MOST_ROWS]
    try:
        dialect = csv.Sniffer().sniff("\n".join(lines[:20]), _DELIMITERS)
        rows = [row[:MOST_COLUMNS] for row in csv.reader(lines, dialect)]
    except csv.Error:
        return []
    return rows if rows and len(rows[0]) > 1 else []
