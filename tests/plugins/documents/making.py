"""Folders and documents for tests, each with as little as it needs."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core.files import store_sent
from crm_core.work import Happened
from plugins.documents import (
    actions,
    folders,
    preview_store,
    previews,
    requests,
    store,
    template_use,
    tree,
)
from plugins.documents.drawing import Drawn
from plugins.documents.events import UPLOADED
from plugins.documents.forms import (
    Confirm,
    NewFolder,
    NewRequest,
    NewTemplate,
    NewTopFolder,
    Upload,
)
from plugins.documents.values import Access, Form

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n"
PAGE = b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
"""A picture of one pixel."""

_numbers = itertools.count(1)


def top(ctx: Context, account: Account, access: Access = Access.EDITS) -> str:
    """The public id of the account's first top folder with this access."""
    known = tree.tree_of(ctx, account.id)
    tree.made(ctx, account.id, known.folders[0])
    found = (one for one in tree.tree_of(ctx, account.id).within(None) if one.access is access)
    return next(found).public_id


def a_folder(ctx: Context, account: Account, access: Access = Access.EDITS) -> str:
    """A fresh folder below that top folder, with no other beside it."""
    place = top(ctx, account, access)
    for _depth in range(2):
        parent = tree.tree_of(ctx, account.id).folder(place)
        wanted = NewFolder(name=f"Folder {next(_numbers)}")
        place = folders.make_folder(ctx, account, parent, wanted)
    return place


def a_top_folder(ctx: Context, account: Account, access: Access = Access.PRIVATE) -> str:
    """A fresh folder at the top."""
    wanted = NewTopFolder(name=f"Top folder {next(_numbers)}", access=access)
    return folders.make_top_folder(ctx, account, wanted)


def a_document(
    ctx: Context,
    account: Account,
    access: Access = Access.EDITS,
    *,
    name: str = "",
    content: bytes = PDF,
) -> str:
    """A document that the viewer puts into the top folder with this access."""
    sent = store_sent(ctx.store, ctx.firm.id, name or f"Document {next(_numbers)}.pdf", [content])
    place = top(ctx, account, access)
    folder = tree.tree_of(ctx, account.id).folder(place)
    (public_id,) = actions.upload(ctx, account, folder, Upload(files=(sent,)))
    return public_id


def a_drawn_document(ctx: Context, account: Account) -> str:
    """A document with a preview of one page, as if the worker had been there."""
    public_id = a_document(ctx, account)
    of = preview_store.wanted(ctx, public_id, 1)
    assert of is not None
    page = store_sent(ctx.store, ctx.firm.id, "page.webp", [PAGE])
    drawn = Drawn(form=Form.PAGES, count=1, pages=((1, 1, PAGE),), found_by="")
    told = Happened(event=UPLOADED.name, about=public_id, after={"version": 1})
    previews.keep(ctx, told, previews.Made(of=of, drawn=drawn, pages=(page,)))
    return public_id


def a_request(ctx: Context, account: Account) -> str:
    """Documents that clients are asked for, for two weeks."""
    wanted = NewRequest(
        what=f"Bank statements {next(_numbers)}",
        folder=top(ctx, account),
        until=ctx.today + timedelta(days=14),
    )
    return requests.ask_for_documents(ctx, account, wanted)


def a_template(ctx: Context) -> str:
    """A folder template with a folder that no account has yet."""
    number = next(_numbers)
    wanted = NewTemplate(name=f"Template {number}", edits=f"Planned {number}/2026")
    return template_use.add_template(ctx, wanted)


def a_trashed_document(ctx: Context, account: Account) -> str:
    """A document that lies in the trash, with its first version again."""
    public_id = a_document(ctx, account)
    found = store.document_of(ctx, account.id, public_id)
    actions.trash(ctx, found, Confirm(version=found.version))
    return public_id
