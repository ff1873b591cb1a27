"""Previews: made by the worker after an upload, kept beside the document, once for each version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from crm_core import Happened, Reaction, Refused, SentFile, When
from crm_core.bus import tell
from crm_core.files import demand_room, file_of, forget_sent, keep_file, store_sent
from plugins.documents import preview_store
from plugins.documents.drawing import PAGE_TYPE, Drawn, drawn
from plugins.documents.events import UPLOADED
from plugins.documents.finding import find_by_text, words_in
from plugins.documents.values import Form, PageImage
from plugins.documents.why import Why
from plugins.documents.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from plugins.documents.preview_store import Wanted


@frozen(kw_only=True)
class Made:
    """A preview that is yet to be kept: its pages lie in the storage already."""

    of: Wanted
    drawn: Drawn
    pages: tuple[SentFile, ...]


def make(ctx: Context, happened: Happened) -> Made | None:
    """Makes the preview of the version that was uploaded, where there is none."""
    of = preview_store.wanted(ctx, happened.about, int(happened.after["version"]))
    if of is None:
        return None
    made = drawn(ctx, file_of(ctx, of.file_id), of.name)
    pages = tuple(
        evolve(store_sent(ctx.store, ctx.firm.id, "page.webp", [picture]), kind=PAGE_TYPE)
        for _width, _height, picture in made.pages
    )
    made = evolve(made, found_by=words_in(made.found_by))
    return Made(of=of, drawn=made, pages=pages)


def keep(ctx: Context, happened: Happened, made: Made | None) -> None:
    """Keeps it, unless the version is gone or has one by now."""
    if made is None:
        return
    of = preview_store.wanted(ctx, happened.about, made.of.number)
    if of is None:
        forget_sent(ctx.store, made.pages)
        return
    shown = made.drawn
    try:
        demand_room(ctx, sum(page.size for page in made.pages))
    except Refused:
        shown = evolve(shown, form=Form.NONE, reason=Why.NO_ROOM, pages=())
    preview_store.add_preview(
        ctx, of, shown.form, reason=shown.reason, count=shown.count, text=shown.text
    )
    for place, (size, page) in enumerate(zip(shown.pages, made.pages, strict=False), 1):
        width, height, _picture = size
        file_id = keep_file(ctx, page, of.account_id)
        image = PageImage(place=place, file_id=file_id, width=width, height=height)
        preview_store.add_page(ctx, of, image)
    if of.current:
        find_by_text(ctx, of.document_id, of.name, shown.found_by)


AFTER_UPLOAD = Reaction(
    name="preview",
    title=_("Make previews of documents"),
    to=(UPLOADED,),
    when=When.AFTER,
    prepare=make,
    act=keep,
)


def ask_for_preview(ctx: Context, account_id: int, public_id: str) -> None:
    """Lets the worker make the preview of a document that came in without a word of the history."""
    told = Happened(
        event=UPLOADED.name,
        key=f"{public_id}@1",
        account_id=account_id,
        about=public_id,
        after={"version": 1},
    )
    tell(ctx, UPLOADED, told)
