"""What people do with documents. Each asks for the right itself, whoever calls it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_core import Refused, Stale, audit, demand
from crm_core.files import clean_name, drop_files, keep_file
from plugins.documents import events, saving, store, telling, tree
from plugins.documents.folders import folder_within
from plugins.documents.forms import BESIDE
from plugins.documents.rights import CHANGE
from plugins.documents.rules import (
    demand_management,
    demand_sure,
    demand_to_add,
    demand_to_change,
    is_client,
)
from plugins.documents.values import DAYS_IN_TRASH, MOST_FILES, numbered
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context, Event, SentFile
    from crm_core.accounts import Account
    from plugins.documents.forms import Confirm, Move, Rename, Upload
    from plugins.documents.values import Document, Folder

AT_ONCE = 500
A_DAY = timedelta(days=1)


def upload(ctx: Context, account: Account, folder: Folder, wanted: Upload) -> Sequence[str]:
    """Puts the files into the folder and answers their public ids, in order.

    One that is called as a document there becomes its new version, or stands beside it (DOC-6).
    Where whole folders were sent, those that are missing are made (DOC-7).
    """
    demand_to_add(ctx, folder)
    if len(wanted.files) > MOST_FILES:
        raise Refused(_("At most {most} files at once.", most=MOST_FILES), at="files")
    place = tree.made(ctx, account.id, folder)
    paths = {sent.folders: place for sent in wanted.files}
    for path in paths:
        paths[path] = folder_within(ctx, account, place, path)
    beside = wanted.same_name == BESIDE
    added = [_put(ctx, account, paths[sent.folders], sent, beside=beside) for sent in wanted.files]
    telling.tell_of_upload(ctx, account, place, [(one, sent.name) for one, sent in added])
    return [public_id for public_id, _sent in added]


def _put(
    ctx: Context, account: Account, folder: Folder, sent: SentFile, *, beside: bool
) -> tuple[str, SentFile]:
    there = store.document_named(ctx, folder, sent.name)
    file = _kept(ctx, sent, account.id)
    if there is None or beside:
        name = sent.name if there is None else _free_name(ctx, folder, sent.name)
        public_id = saving.add_document(ctx, account.id, folder, name, file)
        number = 1
    else:
        demand_to_change(ctx, there)
        saving.add_version(ctx, there, file)
        public_id, name, number = there.public_id, there.name, there.number + 1
    after = {"name": name, "folder": str(folder.name), "access": folder.access, "version": number}
    _record(ctx, events.UPLOADED, account.id, public_id, after=after)
    return public_id, sent


def _kept(ctx: Context, sent: SentFile, account_id: int) -> dict[str, Any]:
    return {
        "file_id": keep_file(ctx, sent, account_id),
        "size": sent.size,
        "kind": sent.kind,
        "from_client": is_client(ctx),
        "uploaded_by": ctx.viewer.name,
        "uploaded": ctx.now,
    }


def replace(ctx: Context, document: Document, sent: SentFile) -> None:
    """Makes the file the document's current version, whatever the file is called (DOC-6)."""
    demand_to_change(ctx, document)
    saving.add_version(ctx, document, _kept(ctx, sent, document.account_id))
    after = {"name": document.name, "version": document.number + 1}
    _record(ctx, events.UPLOADED, document.account_id, document.public_id, after=after)


def rename(ctx: Context, document: Document, wanted: Rename) -> None:
    """Gives a document another name; an ending that says what it is stays where it is left out."""
    demand_to_change(ctx, document)
    name = clean_name(wanted.name)
    ending = document.name.rpartition(".")[2] if "." in document.name else ""
    if ending and "." not in name:
        name = f"{name}.{ending}"
    _save(ctx, document, wanted.version, name=name)
    before, after = {"name": document.name}, {"name": name}
    _record(ctx, events.RENAMED, document.account_id, document.public_id, before, after)


def move(ctx: Context, account: Account, document: Document, wanted: Move) -> None:
    """Puts a document into another folder; who then sees it differently says so before (DOC-2)."""
    demand_to_change(ctx, document)
    if document.version != wanted.version:
        raise Stale({"name": document.name}, document.version)
    folders = tree.tree_of(ctx, account.id)
    target = folders.folder(wanted.folder)
    demand_to_add(ctx, target)
    demand_sure(document.access, target.access, sure=wanted.sure)
    place = tree.made(ctx, account.id, target)
    _save(ctx, document, wanted.version, folder_id=place.id)
    origin = folders.with_id(document.folder_id)
    before = {"folder": str(origin.name), "access": origin.access}
    after = {"folder": str(place.name), "access": place.access}
    _record(ctx, events.MOVED, account.id, document.public_id, before, after)


def seal(ctx: Context, document: Document, *, sealed: bool) -> None:
    """Seals a document for the client, or takes the seal off again (DOC-5)."""
    demand(ctx, CHANGE)
    if (document.sealed is not None) is sealed:
        return
    _save(ctx, document, document.version, sealed=ctx.now if sealed else None)
    event = events.SEALED if sealed else events.UNSEALED
    _record(ctx, event, document.account_id, document.public_id, after={"name": document.name})


def trash(ctx: Context, document: Document, wanted: Confirm) -> None:
    """Puts a document into the trash, from where it can be brought back (DOC-6)."""
    demand_to_change(ctx, document)
    _save(ctx, document, wanted.version, trashed=ctx.now, trashed_by=ctx.viewer.name)
    after = {"name": document.name}
    _record(ctx, events.TRASHED, document.account_id, document.public_id, after=after)


def restore(ctx: Context, account: Account, document: Document) -> None:
    """Brings a document back into its folder, under a name that is free there (DOC-6)."""
    demand(ctx, CHANGE)
    if document.trashed is None:
        return
    folder = tree.tree_of(ctx, account.id).with_id(document.folder_id)
    name = document.name
    if store.document_named(ctx, folder, name) is not None:
        name = _free_name(ctx, folder, name)
    _save(ctx, document, document.version, trashed=None, trashed_by="", name=name)
    after = {"name": name, "folder": str(folder.name), "access": folder.access}
    _record(ctx, events.RESTORED, account.id, document.public_id, after=after)


def purge(ctx: Context, document: Document, wanted: Confirm) -> None:
    """Deletes a document that lies in the trash for good, with all its versions."""
    demand_management(ctx)
    if document.trashed is None:
        raise Refused(_("Only what lies in the trash can be deleted for good."))
    if document.version != wanted.version:
        raise Stale({}, document.version)
    drop_files(ctx, saving.remove_documents(ctx, [document.id]))
    after = {"name": document.name}
    _record(ctx, events.PURGED, document.account_id, document.public_id, after=after)


def purge_old_ones(ctx: Context) -> None:
    """Deletes for good what has lain in the trash for as long as the edition says (DOC-6)."""
    days = int(ctx.setting("documents", "days_in_trash", DAYS_IN_TRASH))
    old = store.trashed_before(ctx, ctx.now - timedelta(days=days), AT_ONCE)
    drop_files(ctx, saving.remove_documents(ctx, [key for key, *_more in old]))
    for _key, public_id, name, account_id in old:
        _record(ctx, events.PURGED, account_id, public_id, after={"name": name})


def opened(ctx: Context, document: Document, event: Event, number: int) -> None:
    """Notes that the viewer saw or downloaded a version: NEW goes, the history tells it."""
    if number == document.number:
        saving.see(ctx, document)
    after = {"name": document.name, "version": number}
    _record(ctx, event, document.account_id, document.public_id, after=after)


def _save(ctx: Context, document: Document, version: int, **values: Any) -> None:
    if not saving.change_document(ctx, document, version, **values):
        raise Stale({"name": document.name}, document.version)


def _free_name(ctx: Context, folder: Folder, name: str) -> str:
    """The name with the first number in brackets that makes it the only one in the folder."""
    for found in numbered(name):
        if store.document_named(ctx, folder, found) is None:
            return found
    raise Refused(_("Too many documents here are called {name}.", name=name))


def _record(
    ctx: Context,
    event: Event,
    account_id: int,
    public_id: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(ctx, event, account_id=account_id, before=before, after=after, about=public_id)
