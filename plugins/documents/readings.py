"""Reading and writing the tables of what was read of documents; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import NotFound
from crm_core.kept_words import kept_words, words_in
from plugins.documents.rows import PageRow, ReadingRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context, Words


@frozen(kw_only=True)
class PagePicture:
    """The picture of a page, the first one with the number 1."""

    number: int
    width: int
    height: int


@frozen(kw_only=True)
class Reading:
    """What there is to show of a version: the pictures of its first pages, of `count`, its text, or
    the `reason` why there is nothing.
    """

    text: str
    count: int
    pages: Sequence[PagePicture]
    reason: Words | None


def reading_of(ctx: Context, document_id: int, number: int) -> Reading | None:
    """What was read of a version, or None where the worker has yet to come by."""
    mine = (ReadingRow.document_id == document_id) & (ReadingRow.number == number)
    row = ReadingRow.of(ctx).where(mine).first()
    if row is None:
        return None
    pages = PageRow.of(ctx, PageRow.page, PageRow.width, PageRow.height).where(
        PageRow.document_id == document_id, PageRow.number == number
    )
    return Reading(
        text=row.text,
        count=row.count,
        pages=[
            PagePicture(number=one.page, width=one.width, height=one.height)
            for one in pages.order_by(PageRow.page)
        ],
        reason=words_in(row.reason) if row.reason else None,
    )


def picture_of(ctx: Context, document_id: int, number: int, page: int) -> int:
    """The key of the file with the picture of a page, or `NotFound`."""
    row = (
        PageRow.of(ctx, PageRow.file_id)
        .where(PageRow.document_id == document_id, PageRow.number == number, PageRow.page == page)
        .first()
    )
    if row is None:
        raise NotFound
    return int(row.file_id)


def add_reading(
    ctx: Context,
    document_id: int,
    number: int,
    text: str,
    count: int,
    reason: Words | None,
    pages: Sequence[tuple[int, int, int]],
) -> None:
    """Stores what was read of a version; `pages` are width, height and file of each picture."""
    ReadingRow.adding(
        ctx,
        document_id=document_id,
        number=number,
        text=text,
        count=count,
        reason=kept_words(reason) if reason else "",
    ).execute()
    PageRow.insert_all(
        ctx,
        (
            PageRow.document_id,
            PageRow.number,
            PageRow.page,
            PageRow.width,
            PageRow.height,
            PageRow.file_id,
        ),
        ((document_id, number, page, *one) for page, one in enumerate(pages, 1)),
    )
