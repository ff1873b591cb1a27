"""Several documents as one archive that is made while it goes out: chosen ones, or a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Download, NotFound, Redirect, Refused
from crm_core.files import clean_name, files_of
from crm_core.zipped import ZIP, zipped
from plugins.documents import actions, events, store, tree
from plugins.documents.framing import place
from plugins.documents.rules import demand_to_open
from plugins.documents.values import numbered
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.values import Document, Folder

    Placed = Sequence[tuple[Document, Sequence[str]]]
    """Documents, each with the names of the folders that lead to it in the archive."""

MOST = 500
"""Documents that one archive may have."""


def folder_archive(ctx: Context, account: Account, folder: str) -> Download:
    """Everything that the viewer sees in a folder and below it."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    return _archive(ctx, found, _documents(ctx, account, folder))


def note_archive(ctx: Context, account: Account, folder: str) -> None:
    """Notes in the history of each document that somebody has it now."""
    _note(ctx, _documents(ctx, account, folder))


def chosen_archive(
    ctx: Context, account: Account, folder: str, document: str
) -> Download | Redirect:
    """Those documents of a folder that were chosen, their public ids one a line."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    if not document:
        to = place(ctx, "folder", account, folder=folder)
        return Redirect(to, _("Choose the documents first."))
    return _archive(ctx, found, _chosen(ctx, account, folder, document))


def note_chosen(ctx: Context, account: Account, folder: str, document: str) -> None:
    """Notes in the history of each document that somebody has it now."""
    _note(ctx, _chosen(ctx, account, folder, document))


def files_of_account(ctx: Context, account: Account) -> Iterator[tuple[str, int]]:
    """Every version of every document, those in the trash too: its path and the key of its file."""
    known = tree.tree_of(ctx, account.id)
    taken: set[str] = set()
    for one in store.all_versions(ctx, account.id):
        folders = [str(f.name) for f in known.path(known.with_id(one.folder_id))]
        if one.in_trash:
            folders.insert(0, "Trash")
        name = one.name if one.current else f"{one.number} - {one.name}"
        yield _free_path(folders, name, taken), one.file_id


def _archive(ctx: Context, folder: Folder, documents: Placed) -> Download:
    for one, _place in documents:
        demand_to_open(ctx, one)
    files = files_of(ctx, [one.file_id for one, _place in documents])
    entries = [(name, files[one.file_id]) for name, one in _named(documents)]
    name = clean_name(str(folder.name))
    return Download(f"{name}.zip", ZIP, zipped(ctx.store, entries))


def _note(ctx: Context, documents: Placed) -> None:
    for one, _place in documents:
        actions.opened(ctx, one, events.DOWNLOADED, one.number)


def _chosen(ctx: Context, account: Account, folder: str, chosen: str) -> Placed:
    wanted = list(dict.fromkeys(chosen.split()))
    if len(wanted) > MOST:
        raise Refused(_("An archive can have {most} documents.", most=MOST))
    found = store.chosen_in(ctx, tree.tree_of(ctx, account.id).folder(folder), wanted)
    if len(found) < len(wanted):
        raise NotFound
    return [(one, ()) for one in found]


def _documents(ctx: Context, account: Account, public_id: str) -> Placed:
    """The documents in a folder and below, each with the names of the folders that lead to it."""
    known = tree.tree_of(ctx, account.id)
    top = known.folder(public_id)
    depth = len(known.path(top))
    below = {one.id: one for one in known.below(top)}
    found = store.all_in(ctx, list(below.values()), MOST + 1)
    if len(found) > MOST:
        raise Refused(_("An archive can have {most} documents; open a folder in it.", most=MOST))
    return [(one, [str(f.name) for f in known.path(below[one.folder_id])[depth:]]) for one in found]


def _named(documents: Placed) -> Iterator[tuple[str, Document]]:
    """Each document with its path in the archive, no two of them alike."""
    taken: set[str] = set()
    for one, folders in documents:
        yield _free_path(folders, one.name, taken), one


def _free_path(folders: Sequence[str], name: str, taken: set[str]) -> str:
    way = "".join(f"{clean_name(folder)}/" for folder in folders)
    paths = (way + possible for possible in (name, *numbered(name)))
    path = next(path for path in paths if path.casefold() not in taken)
    taken.add(path.casefold())
    return path
