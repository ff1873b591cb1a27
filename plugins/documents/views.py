"""The pages of documents, for the team and for clients alike.

Both see the same pages; what clients may not see or do is missing from theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Download, Form, NotFound, Page, Redirect, To, audit, may
from crm_core.files import bytes_of, file_of
from plugins.documents import actions, events, newness, preview_store, standing, store, tree
from plugins.documents.choices import folder_choices
from plugins.documents.framing import back_to, form_page, frame, place
from plugins.documents.kinds import kind_words
from plugins.documents.rights import CHANGE, MANAGE
from plugins.documents.rules import (
    demand_management,
    demand_to_change,
    demand_to_open,
    is_client,
    may_add,
    may_change,
    may_open,
)
from plugins.documents.values import DAYS_IN_TRASH
from plugins.documents.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.forms import (
        Confirm,
        Move,
        Rename,
    )
    from plugins.documents.values import Document

PAGE = 100


def trash(ctx: Context, account: Account, after: str) -> Page:
    """What was deleted, and can still be brought back."""
    listed = store.in_trash(ctx, account.id, after, PAGE)
    values = {
        "documents": listed.documents,
        "after": listed.after,
        "started": bool(after),
        "days": ctx.setting("documents", "days_in_trash", DAYS_IN_TRASH),
        "may_change": may(ctx, CHANGE),
        "may_manage": may(ctx, MANAGE),
    }
    return Page("documents/trash.html", _("Trash"), {**frame(ctx), **values})


def document(ctx: Context, account: Account, document: str) -> Page:
    """A document: what is in it, its versions, and for the team its history (DOC-8, DOC-9)."""
    found = store.document_of(ctx, account.id, document)
    known = tree.tree_of(ctx, account.id)
    own = () if is_client(ctx) else audit.history(ctx, about=found.public_id).entries
    titles = {event.name: event.title for event in ctx.modules.events}
    values = {
        "document": found,
        "kind": kind_words(found.kind),
        "path": known.path(known.with_id(found.folder_id)),
        "may_open": may_open(ctx, found),
        "offered": standing.offered(ctx, account, found) if found.trashed is None else (),
        "preview": preview_store.preview_of(ctx, found),
        "versions": store.versions_of(ctx, found),
        "history": [(entry, titles[entry.event]) for entry in own if entry.event in titles],
        "may_change": may_change(ctx, found),
        "may_seal": not is_client(ctx) and may(ctx, CHANGE) and found.trashed is None,
        "may_restore": not is_client(ctx) and may(ctx, CHANGE) and found.trashed is not None,
        "may_purge": may(ctx, MANAGE) and found.trashed is not None,
    }
    return Page("documents/document.html", found.name, {**frame(ctx), **values})


def note_viewed(ctx: Context, account: Account, document: str) -> None:
    """Notes that somebody looked at a document that was new to them."""
    found = store.document_of(ctx, account.id, document)
    if may_open(ctx, found) and newness.unseen(ctx, found):
        actions.opened(ctx, found, events.VIEWED, found.number)


def download(ctx: Context, account: Account, document: str, number: str) -> Download:
    """A version of a document, by default the current one."""
    found = store.document_of(ctx, account.id, document)
    demand_to_open(ctx, found)
    version = store.version_of(ctx, found, _number(found, number))
    file = file_of(ctx, version.file_id)
    return Download(found.name, file.kind, bytes_of(ctx.store, file), file.size)


def note_downloaded(ctx: Context, account: Account, document: str, number: str) -> None:
    """Notes in the document's history that somebody has it now."""
    found = store.document_of(ctx, account.id, document)
    actions.opened(ctx, found, events.DOWNLOADED, _number(found, number))


def ask_for_name(ctx: Context, account: Account, document: str, form: Form[Rename]) -> Page:
    """The page with the form that renames a document."""
    found = store.document_of(ctx, account.id, document)
    demand_to_change(ctx, found)
    filled = form.starting_from(name=found.name, version=found.version)
    return form_page(ctx, filled, _("Rename"), _("Save"), back_to(ctx, account, found))


def rename(ctx: Context, account: Account, document: str, value: Rename) -> Redirect:
    """Renames the document."""
    found = store.document_of(ctx, account.id, document)
    actions.rename(ctx, found, value)
    return Redirect(back_to(ctx, account, found), _("The document is renamed."))


def ask_for_place(ctx: Context, account: Account, document: str, form: Form[Move]) -> Page:
    """The page on which another folder is chosen; each says who sees what lies in it (DOC-2)."""
    found = store.document_of(ctx, account.id, document)
    demand_to_change(ctx, found)
    known = tree.tree_of(ctx, account.id)
    here = known.with_id(found.folder_id)
    possible = [one for one in known.folders if may_add(ctx, one)]
    filled = form.starting_from(folder=here.public_id, version=found.version).offering(
        folder=folder_choices(known, possible, with_access=not is_client(ctx))
    )
    lead = _("Whoever sees the folder sees the document.")
    back = back_to(ctx, account, found)
    return form_page(ctx, filled, _("Move {name}", name=found.name), _("Move"), back, lead=lead)


def move(ctx: Context, account: Account, document: str, value: Move) -> Redirect:
    """Puts the document into the other folder."""
    found = store.document_of(ctx, account.id, document)
    actions.move(ctx, account, found, value)
    return Redirect(back_to(ctx, account, found), _("The document is moved."))


def seal(ctx: Context, account: Account, document: str) -> Redirect:
    """Seals the document for the client."""
    found = store.document_of(ctx, account.id, document)
    actions.seal(ctx, found, sealed=True)
    return Redirect(back_to(ctx, account, found), _("The document is sealed."))


def unseal(ctx: Context, account: Account, document: str) -> Redirect:
    """Takes the seal off."""
    found = store.document_of(ctx, account.id, document)
    actions.seal(ctx, found, sealed=False)
    return Redirect(back_to(ctx, account, found), _("The seal is removed."))


def confirm_deletion(ctx: Context, account: Account, document: str, form: Form[Confirm]) -> Page:
    """The page that asks before a document is put into the trash."""
    found = store.document_of(ctx, account.id, document)
    demand_to_change(ctx, found)
    days = ctx.setting("documents", "days_in_trash", DAYS_IN_TRASH)
    lead = (
        _("Your accountant can bring it back for {days} days.", days=days)
        if is_client(ctx)
        else _("It goes into the trash, and can be brought back for {days} days.", days=days)
    )
    return form_page(
        ctx,
        form.starting_from(version=found.version),
        _("Delete {name}?", name=found.name),
        _("Delete"),
        back_to(ctx, account, found),
        lead=lead,
        danger=True,
    )


def delete(ctx: Context, account: Account, document: str, value: Confirm) -> Redirect:
    """Puts the document into the trash, and shows the folder that it lay in."""
    found = store.document_of(ctx, account.id, document)
    actions.trash(ctx, found, value)
    here = tree.tree_of(ctx, account.id).with_id(found.folder_id)
    to = place(ctx, "folder", account, folder=here.public_id)
    return Redirect(to, _("The document is deleted."))


def restore(ctx: Context, account: Account, document: str) -> Redirect:
    """Brings the document back."""
    found = store.document_of(ctx, account.id, document)
    actions.restore(ctx, account, found)
    return Redirect(back_to(ctx, account, found), _("The document is back in its folder."))


def confirm_purge(ctx: Context, account: Account, document: str, form: Form[Confirm]) -> Page:
    """The page that asks before a document is deleted for good."""
    demand_management(ctx)
    found = store.document_of(ctx, account.id, document)
    return form_page(
        ctx,
        form.starting_from(version=found.version),
        _("Delete {name} for good?", name=found.name),
        _("Delete for good"),
        To("documents.trash", {"account": account.public_id}),
        lead=_("All its versions go, and nobody can bring them back."),
        danger=True,
    )


def purge(ctx: Context, account: Account, document: str, value: Confirm) -> Redirect:
    """Deletes the document for good."""
    actions.purge(ctx, store.document_of(ctx, account.id, document), value)
    to = To("documents.trash", {"account": account.public_id})
    return Redirect(to, _("The document is gone for good."))


def _number(document: Document, asked: str) -> int:
    if not asked:
        return document.number
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise NotFound
    return int(asked)
