"""By what documents are found: the words of their names, and of their texts once these are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.store.searching import Searched, put_texts, search_text
from plugins.documents.preview_rows import NameSearchRow, TextSearchRow
from plugins.documents.rows import DocumentRow

if TYPE_CHECKING:
    from crm_core import Context

NAMES = Searched(DocumentRow, NameSearchRow, NameSearchRow.document_id, DocumentRow.name_key)
TEXTS = Searched(DocumentRow, TextSearchRow, TextSearchRow.document_id, DocumentRow.name_key)

MOST_LETTERS = 300_000
"""Characters of different words by which one text is found."""


def words_in(text: str) -> str:
    """By what a text is found: each of its words once, to be handed to `find_by_text`."""
    words = search_text(text.replace("\0", " ").splitlines())
    return words if len(words) <= MOST_LETTERS else words[:MOST_LETTERS].rpartition("  ")[0]


def find_by_name(ctx: Context, document_id: int, name: str) -> None:
    """Lets a document be found by this name, which may be new."""
    put_texts(ctx, NAMES, {document_id: search_text((name,))})
    known = _text_of(ctx, document_id)
    if known:
        _put(ctx, document_id, name, known.partition("\n")[2])


def find_by_text(ctx: Context, document_id: int, name: str, words: str) -> None:
    """Lets a document be found by the words of its current version, or without any no more."""
    if words:
        _put(ctx, document_id, name, words)
    else:
        TextSearchRow.remove(ctx).where(TextSearchRow.document_id == document_id).execute()


def _put(ctx: Context, document_id: int, name: str, words: str) -> None:
    put_texts(ctx, TEXTS, {document_id: f"{search_text((name,))}\n{words}"})


def _text_of(ctx: Context, document_id: int) -> str:
    row = TextSearchRow.of(ctx, TextSearchRow.text)
    return str(row.where(TextSearchRow.document_id == document_id).scalar() or "")
