"""What people do with folders. Each asks for the right itself, whoever calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Refused, Stale, audit, demand
from plugins.documents import events, saving, store, tree
from plugins.documents.forms import NewFolder
from plugins.documents.rights import CHANGE
from plugins.documents.rules import demand_management, demand_sure, demand_to_add, is_client
from plugins.documents.values import DEEPEST, LONGEST_FOLDER_NAME, Access
from plugins.documents.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context, Event
    from crm_core.accounts import Account
    from plugins.documents.forms import (
        Confirm,
        EditedFolder,
        EditedTopFolder,
        Move,
        NewTopFolder,
    )
    from plugins.documents.values import Folder, Tree


def make_folder(ctx: Context, account: Account, parent: Folder, wanted: NewFolder) -> str:
    """Makes a folder within another and answers its public id."""
    demand_to_add(ctx, parent)
    place = tree.made(ctx, account.id, parent)
    tree.lock_folders(ctx, account.id)
    known = tree.tree_of(ctx, account.id)
    if len(known.path(place)) >= DEEPEST:
        raise Refused(_("Folders can be {most} deep.", most=DEEPEST), at="name")
    name = _name(known, place, wanted.name)
    made = tree.add_folder(ctx, account.id, place.id, name, place.access)
    _record(ctx, events.FOLDER_MADE, account, name, place.access)
    return made.public_id


def folder_within(ctx: Context, account: Account, folder: Folder, path: Sequence[str]) -> Folder:
    """The folder to which these names lead from this one; those that are missing are made."""
    for name in path:
        known, wanted = tree.tree_of(ctx, account.id), name[:LONGEST_FOLDER_NAME].strip()
        found = tree.named_folder(known, folder, wanted)
        if found is None:
            made = make_folder(ctx, account, folder, NewFolder(name=wanted))
            found = tree.tree_of(ctx, account.id).folder(made)
        folder = found
    return folder


def make_top_folder(ctx: Context, account: Account, wanted: NewTopFolder) -> str:
    """Makes a folder at the top, which says what clients may do below it; answers its public id."""
    demand_management(ctx)
    known = folders_to_change(ctx, account.id)
    name = _name(known, None, wanted.name)
    made = tree.add_folder(ctx, account.id, None, name, wanted.access)
    _record(ctx, events.FOLDER_MADE, account, name, wanted.access)
    return made.public_id


def rename_folder(ctx: Context, account: Account, folder: Folder, wanted: EditedFolder) -> None:
    """Gives a folder within another a new name."""
    demand_to_add(ctx, folder)
    tree.lock_folders(ctx, account.id)
    known = tree.tree_of(ctx, account.id)
    parent = known.with_id(folder.parent_id) if folder.parent_id is not None else None
    name = _name(known, parent, wanted.name, folder)
    _save(ctx, folder, wanted.version, name, folder.access)
    _record(ctx, events.FOLDER_CHANGED, account, name, folder.access, folder)


def move_folder(ctx: Context, account: Account, folder: Folder, wanted: Move) -> None:
    """Puts a folder, with all that is in it, into another (DOC-2); clients within their own."""
    demand_to_add(ctx, folder)
    if folder.version != wanted.version:
        raise Stale({"name": str(folder.name)}, folder.version)
    known = folders_to_change(ctx, account.id)
    target = tree.made(ctx, account.id, known.folder(wanted.folder))
    demand_to_add(ctx, target)
    inside = known.below(folder)
    if target.id in [one.id for one in inside]:
        raise Refused(_("A folder cannot lie in itself."), at="folder")
    if len(known.path(target)) + known.height(folder) > DEEPEST:
        raise Refused(_("Folders can be {most} deep.", most=DEEPEST), at="folder")
    _name(known, target, str(folder.name), folder, at="folder")
    if is_client(ctx) and store.has_kept_ones(ctx, inside):
        raise Refused(_("In this folder lies a document that can no longer be moved."))
    demand_sure(folder.access, target.access, sure=wanted.sure)
    if not tree.put_folder(ctx, folder, wanted.version, target):
        raise Stale({"name": str(folder.name)}, folder.version)
    tree.open_folders(ctx, inside, target.access)
    before = {"folder": _way(known, folder), "access": folder.access}
    after = {"folder": f"{_way(known, target)} / {folder.name}", "access": target.access}
    audit.record(ctx, events.FOLDER_MOVED, account_id=account.id, before=before, after=after)


def change_top_folder(
    ctx: Context, account: Account, folder: Folder, wanted: EditedTopFolder
) -> None:
    """Changes a top folder's name, and who sees what lies in it and below (DOC-1, DOC-2)."""
    demand_management(ctx)
    known = folders_to_change(ctx, account.id)
    place = folder if folder.id else tree.made(ctx, account.id, folder)
    name = _name(known, None, wanted.name, place)
    demand_sure(folder.access, wanted.access, sure=wanted.sure)
    if folder.access is Access.EDITS and wanted.access is not Access.EDITS:
        _keep_one_for_clients(known, place)
    _save(ctx, place, wanted.version, name, wanted.access)
    tree.open_folders(ctx, known.below(place), wanted.access)
    _record(ctx, events.FOLDER_CHANGED, account, name, wanted.access, folder)


def delete_folder(ctx: Context, account: Account, folder: Folder, wanted: Confirm) -> None:
    """Deletes a folder that is empty; what of it lies in the trash moves to the folder above.

    Of a top folder it moves to one that only the team sees, or that is seen as this one was.
    """
    if folder.parent_id is None:
        demand_management(ctx)
    else:
        demand(ctx, CHANGE)
    known = folders_to_change(ctx, account.id)
    place = known.folder(folder.public_id) if folder.id else tree.made(ctx, account.id, folder)
    if known.within(place) or store.documents_in(ctx, [place], trashed=False):
        raise Refused(_("This folder is not empty. Move or delete what is in it first."))
    if place.parent_id is None and place.access is Access.EDITS:
        _keep_one_for_clients(known, place)
    left = store.documents_in(ctx, [place], trashed=True)
    if left:
        saving.move_all(ctx, left, _heir(known, place))
    if not tree.remove_folder(ctx, place, wanted.version):
        raise Stale({}, place.version)
    _record(ctx, events.FOLDER_DELETED, account, str(place.name), place.access)


def folders_to_change(ctx: Context, account_id: int) -> Tree:
    """The account's folders, which nobody else changes meanwhile; those it begins with exist."""
    tree.lock_folders(ctx, account_id)
    known = tree.tree_of(ctx, account_id)
    if known.folders[0].id:
        return known
    tree.made(ctx, account_id, known.folders[0])
    return tree.tree_of(ctx, account_id)


def _heir(known: Tree, folder: Folder) -> Folder:
    if folder.parent_id is not None:
        return known.with_id(folder.parent_id)
    others = [one for one in known.within(None) if one.id != folder.id]
    for access in (Access.PRIVATE, folder.access):
        for one in others:
            if one.access is access:
                return one
    raise Refused(_("Make another folder first: deleted documents of this one need a place."))


def _keep_one_for_clients(known: Tree, folder: Folder) -> None:
    others = [one for one in known.within(None) if one.id != folder.id]
    if all(one.access is not Access.EDITS for one in others):
        raise Refused(_("Each client keeps at least one folder to send documents to."))


def _name(
    known: Tree, parent: Folder | None, typed: str, own: Folder | None = None, at: str = "name"
) -> str:
    name = typed.strip()
    if not name:
        raise Refused(_("A folder needs a name."), at=at)
    if tree.named(known, parent, name, [own.id] if own else ()):
        raise Refused(_("There is a folder with this name already."), at=at)
    return name


def _way(known: Tree, folder: Folder) -> str:
    return " / ".join(str(one.name) for one in known.path(folder))


def _save(ctx: Context, folder: Folder, version: int, name: str, access: Access) -> None:
    if not tree.change_folder(ctx, folder, version, name, access):
        raise Stale({"name": str(folder.name), "access": folder.access}, folder.version)


def _record(
    ctx: Context,
    event: Event,
    account: Account,
    name: str,
    access: Access,
    was: Folder | None = None,
) -> None:
    before = {"folder": str(was.name), "access": was.access} if was else None
    after = {"folder": name, "access": access}
    audit.record(ctx, event, account_id=account.id, before=before, after=after)
