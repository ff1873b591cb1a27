"""Reading and writing the table of folders; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core import Role
from crm_core.folding import folded
from crm_core.store import AccountRow, compiled, new_public_id
from plugins.documents.rows import FolderRow
from plugins.documents.values import STANDARD, Access, Folder, Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crm_core import Context
    from crm_core.store import Scoped

ORDER = {access: place for place, access in enumerate(Access)}


def tree_of(ctx: Context, account_id: int) -> Tree:
    """The folders of an account that the viewer may see. One query.

    An account that has none yet shows those that it will begin with.
    """
    rows = list(_folders(ctx, account_id))
    folders = [_folder(row) for row in rows] or [_promised(access) for access in Access]
    if ctx.viewer.role is Role.CLIENT:
        folders = [one for one in folders if one.access is not Access.PRIVATE]
    tops = [one for one in folders if one.parent_id is None]
    return Tree(
        folders=[
            *sorted(tops, key=lambda one: (ORDER[one.access], str(one.name).lower())),
            *(one for one in folders if one.parent_id is not None),
        ]
    )


@compiled
def _folders(asked: Scoped, account_id: Any) -> Any:
    return FolderRow.of(asked).where(FolderRow.account_id == account_id).order_by(FolderRow.id)


def made(ctx: Context, account_id: int, folder: Folder) -> Folder:
    """The folder itself, where it was only promised: the account gets those it begins with."""
    if folder.id:
        return folder
    lock_folders(ctx, account_id)
    if not list(_folders(ctx, account_id)):
        for access in Access:
            add_folder(ctx, account_id, None, "", access)
    return next(one for one in tree_of(ctx, account_id).folders if one.access is folder.access)


def lock_folders(ctx: Context, account_id: int) -> None:
    """Lets nobody else make or name folders of this account until the transaction ends."""
    query = AccountRow.of(ctx, AccountRow.id).where(AccountRow.id == account_id)
    list(ctx.store.locking(query).tuples())


def add_folder(
    ctx: Context, account_id: int, parent_id: int | None, name: str, access: Access
) -> Folder:
    """Makes a folder and answers it."""
    public_id = new_public_id()
    folder_id = FolderRow.insert_into(
        ctx,
        public_id=public_id,
        account_id=account_id,
        parent_id=parent_id,
        name=name,
        name_key=folded(name) if name else f":{access.value}",
        access=access.value,
        created=ctx.now,
    )
    return Folder(id=folder_id, public_id=public_id, parent_id=parent_id, name=name, access=access)


def change_folder(ctx: Context, folder: Folder, version: int, name: str, access: Access) -> bool:
    """Changes a folder if it still has this version; answers whether it did."""
    changed = FolderRow.change(
        ctx,
        name=name,
        name_key=folded(name),
        access=access.value,
        version=FolderRow.version + 1,
    ).where((FolderRow.id == folder.id) & (FolderRow.version == version))
    return bool(changed.execute())


def put_folder(ctx: Context, folder: Folder, version: int, parent: Folder) -> bool:
    """Puts a folder into another if it still has this version; answers whether it did."""
    moved = FolderRow.change(ctx, parent_id=parent.id, version=FolderRow.version + 1)
    mine = (FolderRow.id == folder.id) & (FolderRow.version == version)
    return bool(moved.where(mine).execute())


def open_folders(ctx: Context, folders: Sequence[Folder], access: Access) -> None:
    """Lets what lies in these folders be seen by those whom this means."""
    keys = [folder.id for folder in folders]
    FolderRow.change(ctx, access=access.value).where(FolderRow.id.in_(keys)).execute()


def remove_folder(ctx: Context, folder: Folder, version: int) -> bool:
    """Removes a folder if it still has this version; answers whether it did."""
    gone = FolderRow.remove(ctx).where((FolderRow.id == folder.id) & (FolderRow.version == version))
    return bool(gone.execute())


def named(tree: Tree, parent: Folder | None, name: str, but: Collection[int] = ()) -> bool:
    """Whether a folder in that place is called so already."""
    return any(
        folded(str(one.name)) == folded(name) and one.id not in but for one in tree.within(parent)
    )


def named_folder(tree: Tree, parent: Folder | None, name: str) -> Folder | None:
    """The folder in that place that is called so."""
    return next((o for o in tree.within(parent) if folded(str(o.name)) == folded(name)), None)


def _promised(access: Access) -> Folder:
    return Folder(
        id=0, public_id=access.value, parent_id=None, name=STANDARD[access], access=access
    )


def _folder(row: Any) -> Folder:
    access = Access(row.access)
    return Folder(
        id=row.id,
        public_id=row.public_id,
        parent_id=row.parent_id,
        name=row.name or STANDARD[access],
        access=access,
        version=row.version,
    )
