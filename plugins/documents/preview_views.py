"""What stands in the preview of a document: its pages, each a picture at an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Fragment, NotFound, Picture
from crm_core.files import bytes_of, file_of
from plugins.documents import preview_store, store
from plugins.documents.drawing import PAGE_TYPE
from plugins.documents.framing import frame
from plugins.documents.rules import demand_to_open

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account


def preview(ctx: Context, account: Account, document: str) -> Fragment:
    """What there is to look at, for a page that waits until the worker has made it."""
    found = store.document_of(ctx, account.id, document)
    demand_to_open(ctx, found)
    values = {"document": found, "preview": preview_store.preview_of(ctx, found)}
    return Fragment("documents/preview.html", {**frame(ctx), **values, "account": account})


def page(ctx: Context, account: Account, document: str, number: str, place: str) -> Picture:
    """A page of a version, as the worker has drawn it."""
    found = store.document_of(ctx, account.id, document)
    demand_to_open(ctx, found)
    file_id = preview_store.page_of(ctx, found, counted(number), counted(place))
    return Picture(PAGE_TYPE, b"".join(bytes_of(ctx.store, file_of(ctx, file_id))))


def counted(text: str) -> int:
    """The number that stands in an address; `NotFound` for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound
    return int(text)
