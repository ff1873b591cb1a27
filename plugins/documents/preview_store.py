"""Reading and writing the tables of previews; rows stay here, values go out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import NotFound
from plugins.documents.preview_rows import PageRow, PreviewRow
from plugins.documents.rows import DocumentRow, VersionRow
from plugins.documents.values import Form, PageImage, Preview
from plugins.documents.why import Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context
    from plugins.documents.values import Document


@frozen(kw_only=True)
class Wanted:
    """A version of which there is no preview yet."""

    document_id: int
    number: int
    name: str
    file_id: int
    account_id: int
    current: bool


def wanted(ctx: Context, public_id: str, number: int) -> Wanted | None:
    """This version of a document, where it is still there and has no preview."""
    row = (
        DocumentRow.of(
            ctx,
            DocumentRow.id,
            DocumentRow.name,
            DocumentRow.account_id,
            DocumentRow.number,
            VersionRow.file_id.alias("of_version"),
        )
        .join(
            VersionRow,
            on=(VersionRow.firm_id == DocumentRow.firm_id)
            & (VersionRow.document_id == DocumentRow.id),
        )
        .where(DocumentRow.public_id == public_id, VersionRow.number == number)
        .objects()
        .first()
    )
    if row is None or _row(ctx, row.id, number) is not None:
        return None
    return Wanted(
        document_id=row.id,
        number=number,
        name=row.name,
        file_id=row.of_version,
        account_id=row.account_id,
        current=row.number == number,
    )


def add_preview(
    ctx: Context, of: Wanted, form: Form, *, reason: Why | None, count: int, text: str
) -> None:
    """Keeps what could be made of a version."""
    PreviewRow.adding(
        ctx,
        document_id=of.document_id,
        number=of.number,
        form=form,
        reason=reason or "",
        count=count,
        text=text,
        made=ctx.now,
    ).execute()


def add_page(ctx: Context, of: Wanted, page: PageImage) -> None:
    """Keeps a page of the preview."""
    PageRow.adding(
        ctx,
        document_id=of.document_id,
        number=of.number,
        place=page.place,
        file_id=page.file_id,
        width=page.width,
        height=page.height,
    ).execute()


def preview_of(ctx: Context, document: Document) -> Preview | None:
    """What there is to look at of the current version; None while the worker has yet to come."""
    row = _row(ctx, document.id, document.number)
    if row is None:
        return None
    form = Form(row.form)
    return Preview(
        form=form,
        reason=Why(row.reason).words if row.reason else None,
        count=row.count,
        text=row.text if form is Form.TEXT else "",
        rows=json.loads(row.text) if form is Form.TABLE else (),
        pages=_pages(ctx, document) if form is Form.PAGES else (),
    )


def page_of(ctx: Context, document: Document, number: int, place: int) -> int:
    """The key of the file that shows this page of this version, or `NotFound`."""
    row = PageRow.of(ctx).where(
        PageRow.document_id == document.id, PageRow.number == number, PageRow.place == place
    )
    found = row.first()
    if found is None:
        raise NotFound
    return int(found.file_id)


def _row(ctx: Context, document_id: int, number: int) -> PreviewRow | None:
    row: PreviewRow | None = (
        PreviewRow.of(ctx)
        .where(PreviewRow.document_id == document_id, PreviewRow.number == number)
        .first()
    )
    return row


def _pages(ctx: Context, document: Document) -> Sequence[PageImage]:
    rows = PageRow.of(ctx).where(
        PageRow.document_id == document.id, PageRow.number == document.number
    )
    return [
        PageImage(place=row.place, file_id=row.file_id, width=row.width, height=row.height)
        for row in rows.order_by(PageRow.place)
    ]
