"""The pages of folders and documents, for the team and for clients alike.

Both see the same pages; what clients may not see or do is missing from theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import Download, Form, NotFound, Page, Redirect, To, audit, may
from crm_core.files import bytes_of, file_of
from plugins.documents import actions, events, folders, preview_store, store, tree
from plugins.documents.choices import folder_choices
from plugins.documents.forms import AS_VERSION, Upload
from plugins.documents.kinds import kind_words
from plugins.documents.rights import CHANGE, MANAGE
from plugins.documents.rules import (
    demand_management,
    demand_to_add,
    demand_to_change,
    is_client,
    may_add,
    may_change,
)
from plugins.documents.searching import found_of_account
from plugins.documents.values import ACCESS_TITLES, DAYS_IN_TRASH, MOST_FILES
from plugins.documents.words import _, _n

if TYPE_CHECKING:
    from crm_core import Context, Words
    from crm_core.accounts import Account
    from plugins.documents.forms import (
        Confirm,
        EditedFolder,
        EditedTopFolder,
        Move,
        NewFolder,
        NewTopFolder,
        Rename,
    )
    from plugins.documents.values import Document, Folder, Tree

PAGE = 100
LATEST = 10
MOST_FOUND = 50


@frozen
class Mark:
    """A folder as a list shows it: how many new documents lie in it and below."""

    folder: Folder
    new: int


def all_folders(ctx: Context, account: Account, find: str) -> Page:
    """The top folders, and what came or went last, or what was found (DOC-8)."""
    known = tree.tree_of(ctx, account.id)
    latest = store.latest_in_portal if is_client(ctx) else store.latest_documents
    values = {
        "folders": _marks(ctx, account, known, None),
        "find": find,
        "found": found_of_account(ctx, account.id, find, MOST_FOUND) if find else (),
        "most_found": MOST_FOUND,
        "latest": () if find else latest(ctx, account.id, LATEST),
        "may_manage": may(ctx, MANAGE),
    }
    return Page("documents/all.html", _("Documents"), {**frame(ctx), **values})


def folder(ctx: Context, account: Account, folder: str, after: str) -> Page:
    """A folder: the folders in it, and a page of its documents by name."""
    known = tree.tree_of(ctx, account.id)
    found = known.folder(folder)
    listed = store.in_folder(ctx, found, after, PAGE)
    is_top = found.parent_id is None
    values = {
        "folder": found,
        "path": known.path(found)[:-1],
        "folders": _marks(ctx, account, known, found),
        "documents": listed.documents,
        "after": listed.after,
        "started": bool(after),
        "may_add": may_add(ctx, found),
        "form": Form(of=Upload).starting_from(same_name=AS_VERSION),
        "may_edit": may(ctx, MANAGE) if is_top else may_add(ctx, found),
        "may_delete": not is_client(ctx) and may(ctx, MANAGE if is_top else CHANGE),
    }
    return Page("documents/folder.html", found.name, {**frame(ctx), **values})


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
    titles = {event.name: event.title for event in events.DOCUMENT_EVENTS}
    values = {
        "document": found,
        "kind": kind_words(found.kind),
        "path": known.path(known.with_id(found.folder_id)),
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
    if store.unseen(ctx, found):
        actions.opened(ctx, found, events.VIEWED, found.number)


def download(ctx: Context, account: Account, document: str, number: str) -> Download:
    """A version of a document, by default the current one."""
    found = store.document_of(ctx, account.id, document)
    version = store.version_of(ctx, found, _number(found, number))
    file = file_of(ctx, version.file_id)
    return Download(found.name, file.kind, bytes_of(ctx.store, file), file.size)


def note_downloaded(ctx: Context, account: Account, document: str, number: str) -> None:
    """Notes in the document's history that somebody has it now."""
    found = store.document_of(ctx, account.id, document)
    actions.opened(ctx, found, events.DOWNLOADED, _number(found, number))


def ask_for_files(ctx: Context, account: Account, folder: str, form: Form[Upload]) -> Page:
    """The page on which files are chosen."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    demand_to_add(ctx, found)
    filled = form.starting_from(same_name=AS_VERSION)
    values = {"form": filled, "folder": found, "most": MOST_FILES}
    return Page("documents/upload.html", _("Upload"), {**frame(ctx), **values})


def put_files(ctx: Context, account: Account, folder: str, value: Upload) -> Redirect:
    """Puts the files into the folder."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    added = actions.upload(ctx, account, found, value)
    notice = _n(
        "{count} document is uploaded.", "{count} documents are uploaded.", count=len(added)
    )
    there = tree.made(ctx, account.id, found)
    return Redirect(_to(ctx, "folder", account, folder=there.public_id), notice)


def ask_for_folder(ctx: Context, account: Account, folder: str, form: Form[NewFolder]) -> Page:
    """The page with the form for a folder within another."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    demand_to_add(ctx, found)
    back = _to(ctx, "folder", account, folder=folder)
    return form_page(ctx, form, _("New folder"), _("Make the folder"), back)


def add_folder(ctx: Context, account: Account, folder: str, value: NewFolder) -> Redirect:
    """Makes the folder and shows it."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    public_id = folders.make_folder(ctx, account, found, value)
    to = _to(ctx, "folder", account, folder=public_id)
    return Redirect(to, _("The folder is made."))


def ask_for_top_folder(ctx: Context, account: Account, form: Form[NewTopFolder]) -> Page:
    """The page with the form for a folder at the top."""
    demand_management(ctx)
    back = _to(ctx, "all", account)
    return form_page(ctx, form, _("New folder"), _("Make the folder"), back)


def add_top_folder(ctx: Context, account: Account, value: NewTopFolder) -> Redirect:
    """Makes the folder and shows it."""
    public_id = folders.make_top_folder(ctx, account, value)
    to = _to(ctx, "folder", account, folder=public_id)
    return Redirect(to, _("The folder is made."))


def ask_for_folder_name(
    ctx: Context, account: Account, folder: str, form: Form[EditedFolder]
) -> Page:
    """The page with the form that renames a folder."""
    found = _inner(ctx, account, folder)
    demand_to_add(ctx, found)
    filled = form.starting_from(name=str(found.name), version=found.version)
    back = _to(ctx, "folder", account, folder=folder)
    return form_page(ctx, filled, _("Edit folder"), _("Save"), back)


def save_folder(ctx: Context, account: Account, folder: str, value: EditedFolder) -> Redirect:
    """Renames the folder."""
    folders.rename_folder(ctx, account, _inner(ctx, account, folder), value)
    to = _to(ctx, "folder", account, folder=folder)
    return Redirect(to, _("The folder is saved."))


def ask_for_top_folder_change(
    ctx: Context, account: Account, folder: str, form: Form[EditedTopFolder]
) -> Page:
    """The page with the form that changes a top folder."""
    demand_management(ctx)
    found = _top(ctx, account, folder)
    name = str(found.name)
    filled = form.starting_from(name=name, access=found.access, version=found.version)
    back = _to(ctx, "folder", account, folder=folder)
    return form_page(ctx, filled, _("Edit folder"), _("Save"), back)


def save_top_folder(
    ctx: Context, account: Account, folder: str, value: EditedTopFolder
) -> Redirect:
    """Changes the top folder."""
    folders.change_top_folder(ctx, account, _top(ctx, account, folder), value)
    return Redirect(_to(ctx, "all", account), _("The folder is saved."))


def confirm_folder_deletion(
    ctx: Context, account: Account, folder: str, form: Form[Confirm]
) -> Page:
    """The page that asks before a folder is deleted."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    filled = form.starting_from(version=found.version)
    back = _to(ctx, "folder", account, folder=folder)
    return form_page(
        ctx,
        filled,
        _("Delete the folder {name}?", name=found.name),
        _("Delete folder"),
        back,
        lead=_("Only an empty folder can be deleted."),
        danger=True,
    )


def delete_folder(ctx: Context, account: Account, folder: str, value: Confirm) -> Redirect:
    """Deletes the folder."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    folders.delete_folder(ctx, account, found, value)
    return Redirect(_to(ctx, "all", account), _("The folder is deleted."))


def ask_for_name(ctx: Context, account: Account, document: str, form: Form[Rename]) -> Page:
    """The page with the form that renames a document."""
    found = store.document_of(ctx, account.id, document)
    demand_to_change(ctx, found)
    filled = form.starting_from(name=found.name, version=found.version)
    return form_page(ctx, filled, _("Rename"), _("Save"), _back(ctx, account, found))


def rename(ctx: Context, account: Account, document: str, value: Rename) -> Redirect:
    """Renames the document."""
    found = store.document_of(ctx, account.id, document)
    actions.rename(ctx, found, value)
    return Redirect(_back(ctx, account, found), _("The document is renamed."))


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
    back = _back(ctx, account, found)
    return form_page(ctx, filled, _("Move {name}", name=found.name), _("Move"), back, lead=lead)


def move(ctx: Context, account: Account, document: str, value: Move) -> Redirect:
    """Puts the document into the other folder."""
    found = store.document_of(ctx, account.id, document)
    actions.move(ctx, account, found, value)
    return Redirect(_back(ctx, account, found), _("The document is moved."))


def seal(ctx: Context, account: Account, document: str) -> Redirect:
    """Seals the document for the client."""
    found = store.document_of(ctx, account.id, document)
    actions.seal(ctx, found, sealed=True)
    return Redirect(_back(ctx, account, found), _("The document is sealed."))


def unseal(ctx: Context, account: Account, document: str) -> Redirect:
    """Takes the seal off."""
    found = store.document_of(ctx, account.id, document)
    actions.seal(ctx, found, sealed=False)
    return Redirect(_back(ctx, account, found), _("The seal is removed."))


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
        _back(ctx, account, found),
        lead=lead,
        danger=True,
    )


def delete(ctx: Context, account: Account, document: str, value: Confirm) -> Redirect:
    """Puts the document into the trash, and shows the folder that it lay in."""
    found = store.document_of(ctx, account.id, document)
    actions.trash(ctx, found, value)
    here = tree.tree_of(ctx, account.id).with_id(found.folder_id)
    to = _to(ctx, "folder", account, folder=here.public_id)
    return Redirect(to, _("The document is deleted."))


def restore(ctx: Context, account: Account, document: str) -> Redirect:
    """Brings the document back."""
    found = store.document_of(ctx, account.id, document)
    actions.restore(ctx, account, found)
    return Redirect(_back(ctx, account, found), _("The document is back in its folder."))


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


def _marks(ctx: Context, account: Account, known: Tree, parent: Folder | None) -> list[Mark]:
    counts = store.folders_with_new(ctx, account.id)
    return [
        Mark(one, sum(counts.get(below.id, 0) for below in known.below(one)))
        for one in known.within(parent)
    ]


def _top(ctx: Context, account: Account, public_id: str) -> Folder:
    found = tree.tree_of(ctx, account.id).folder(public_id)
    if found.parent_id is not None:
        raise NotFound
    return found


def _inner(ctx: Context, account: Account, public_id: str) -> Folder:
    found = tree.tree_of(ctx, account.id).folder(public_id)
    if found.parent_id is None:
        raise NotFound
    return found


def _number(document: Document, asked: str) -> int:
    if not asked:
        return document.number
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise NotFound
    return int(asked)


def frame(ctx: Context) -> dict[str, Any]:
    """What every page needs: whether it stands in the portal, and how its routes begin."""
    in_portal = is_client(ctx)
    side = "documents.portal_" if in_portal else "documents."
    return {"in_portal": in_portal, "side": side, "access_titles": ACCESS_TITLES}


def form_page(
    ctx: Context,
    form: Form[Any],
    title: Words,
    save: Words,
    back: To,
    *,
    lead: Words | None = None,
    danger: bool = False,
) -> Page:
    """A page with a form alone: its title, what the button says, where leaving it leads."""
    values = {"form": form, "save": save, "back": back, "lead": lead, "danger": danger}
    return Page("documents/form.html", title, {**frame(ctx), **values})


def _to(ctx: Context, name: str, account: Account, **more: str) -> To:
    """A page of this side: the portal's for clients, the profile's for the team."""
    if is_client(ctx):
        name = "portal" if name == "all" else f"portal_{name}"
    return To(f"documents.{name}", {"account": account.public_id, **more})


def _back(ctx: Context, account: Account, document: Document) -> To:
    return _to(ctx, "document", account, document=document.public_id)
