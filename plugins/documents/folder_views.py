"""The pages of folders, for the team and for clients alike; uploading into one, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import Form, NotFound, Page, Redirect, may
from plugins.documents import actions, folders, newness, store, tree
from plugins.documents.choices import folder_choices
from plugins.documents.forms import AS_VERSION, Upload
from plugins.documents.framing import form_page, frame, place
from plugins.documents.rights import CHANGE, MANAGE
from plugins.documents.rules import (
    demand_management,
    demand_to_add,
    is_client,
    may_add,
)
from plugins.documents.searching import found_of_account
from plugins.documents.values import MOST_FILES
from plugins.documents.words import _, _n

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.forms import (
        Confirm,
        EditedFolder,
        EditedTopFolder,
        Move,
        NewFolder,
        NewTopFolder,
    )
    from plugins.documents.values import Folder, Tree

PAGE = 50
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
    return Redirect(place(ctx, "folder", account, folder=there.public_id), notice)


def ask_for_folder(ctx: Context, account: Account, folder: str, form: Form[NewFolder]) -> Page:
    """The page with the form for a folder within another."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    demand_to_add(ctx, found)
    back = place(ctx, "folder", account, folder=folder)
    return form_page(ctx, form, _("New folder"), _("Make the folder"), back)


def add_folder(ctx: Context, account: Account, folder: str, value: NewFolder) -> Redirect:
    """Makes the folder and shows it."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    public_id = folders.make_folder(ctx, account, found, value)
    to = place(ctx, "folder", account, folder=public_id)
    return Redirect(to, _("The folder is made."))


def ask_for_top_folder(ctx: Context, account: Account, form: Form[NewTopFolder]) -> Page:
    """The page with the form for a folder at the top."""
    demand_management(ctx)
    back = place(ctx, "all", account)
    return form_page(ctx, form, _("New folder"), _("Make the folder"), back)


def add_top_folder(ctx: Context, account: Account, value: NewTopFolder) -> Redirect:
    """Makes the folder and shows it."""
    public_id = folders.make_top_folder(ctx, account, value)
    to = place(ctx, "folder", account, folder=public_id)
    return Redirect(to, _("The folder is made."))


def ask_for_folder_name(
    ctx: Context, account: Account, folder: str, form: Form[EditedFolder]
) -> Page:
    """The page with the form that renames a folder."""
    found = _inner(ctx, account, folder)
    demand_to_add(ctx, found)
    filled = form.starting_from(name=str(found.name), version=found.version)
    back = place(ctx, "folder", account, folder=folder)
    return form_page(ctx, filled, _("Edit folder"), _("Save"), back)


def save_folder(ctx: Context, account: Account, folder: str, value: EditedFolder) -> Redirect:
    """Renames the folder."""
    folders.rename_folder(ctx, account, _inner(ctx, account, folder), value)
    to = place(ctx, "folder", account, folder=folder)
    return Redirect(to, _("The folder is saved."))


def ask_for_folder_place(ctx: Context, account: Account, folder: str, form: Form[Move]) -> Page:
    """The page on which another place for a folder is chosen (DOC-2)."""
    found = _inner(ctx, account, folder)
    demand_to_add(ctx, found)
    known = tree.tree_of(ctx, account.id)
    inside = {one.public_id for one in known.below(found)}
    possible = [o for o in known.folders if may_add(ctx, o) and o.public_id not in inside]
    here = known.path(found)[-2]
    filled = form.starting_from(folder=here.public_id, version=found.version).offering(
        folder=folder_choices(known, possible, with_access=not is_client(ctx))
    )
    lead = _("All that is in it goes with it; whoever sees the other folder sees it.")
    back = place(ctx, "folder", account, folder=folder)
    title = _("Move the folder {name}", name=found.name)
    return form_page(ctx, filled, title, _("Move"), back, lead=lead)


def move_folder(ctx: Context, account: Account, folder: str, value: Move) -> Redirect:
    """Puts the folder into the other one."""
    folders.move_folder(ctx, account, _inner(ctx, account, folder), value)
    to = place(ctx, "folder", account, folder=folder)
    return Redirect(to, _("The folder is moved."))


def ask_for_top_folder_change(
    ctx: Context, account: Account, folder: str, form: Form[EditedTopFolder]
) -> Page:
    """The page with the form that changes a top folder."""
    demand_management(ctx)
    found = _top(ctx, account, folder)
    name = str(found.name)
    filled = form.starting_from(name=name, access=found.access, version=found.version)
    back = place(ctx, "folder", account, folder=folder)
    return form_page(ctx, filled, _("Edit folder"), _("Save"), back)


def save_top_folder(
    ctx: Context, account: Account, folder: str, value: EditedTopFolder
) -> Redirect:
    """Changes the top folder."""
    folders.change_top_folder(ctx, account, _top(ctx, account, folder), value)
    return Redirect(place(ctx, "all", account), _("The folder is saved."))


def confirm_folder_deletion(
    ctx: Context, account: Account, folder: str, form: Form[Confirm]
) -> Page:
    """The page that asks before a folder is deleted."""
    found = tree.tree_of(ctx, account.id).folder(folder)
    filled = form.starting_from(version=found.version)
    back = place(ctx, "folder", account, folder=folder)
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
    return Redirect(place(ctx, "all", account), _("The folder is deleted."))


def _marks(ctx: Context, account: Account, known: Tree, parent: Folder | None) -> list[Mark]:
    inside = known.within(parent)
    counts = newness.folders_with_new(ctx, account.id) if inside else {}
    return [Mark(one, sum(counts.get(below.id, 0) for below in known.below(one))) for one in inside]


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
