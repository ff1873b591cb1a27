"""Writing the tables of documents; reading them is `store`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import Role
from crm_core.folding import folded
from crm_core.store import new_public_id
from plugins.documents.finding import find_by_name
from plugins.documents.preview_rows import PageRow
from plugins.documents.rows import DocumentRow, SeenRow, VersionRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context
    from plugins.documents.values import Document, Folder


def add_document(
    ctx: Context, account_id: int, folder: Folder, name: str, file: Mapping[str, Any]
) -> str:
    """Adds a document with its first version and answers its public id.

    `file` are file_id, size, kind, from_client, uploaded_by and uploaded.
    """
    public_id = new_public_id()
    document_id = DocumentRow.insert_into(
        ctx,
        public_id=public_id,
        account_id=account_id,
        folder_id=folder.id,
        name=name,
        name_key=folded(name),
        fresh=file["from_client"],
        **file,
    )
    VersionRow.adding(ctx, document_id=document_id, number=1, **file).execute()
    find_by_name(ctx, document_id, name)
    _see(ctx, document_id)
    return public_id


def add_version(ctx: Context, document: Document, file: Mapping[str, Any]) -> None:
    """Makes this the document's current version; nobody but its sender has seen it."""
    number = 1 + int(
        VersionRow.of(ctx, fn.MAX(VersionRow.number))
        .where(VersionRow.document_id == document.id)
        .scalar()
    )
    VersionRow.adding(ctx, document_id=document.id, number=number, **file).execute()
    DocumentRow.change(
        ctx, number=number, fresh=file["from_client"], version=DocumentRow.version + 1, **file
    ).where(DocumentRow.id == document.id).execute()
    SeenRow.remove(ctx).where(SeenRow.document_id == document.id).execute()
    _see(ctx, document.id)


def change_document(ctx: Context, document: Document, version: int, **values: Any) -> bool:
    """Changes a document if it still has this version; answers whether it did."""
    if "name" in values:
        values["name_key"] = folded(values["name"])
    changed = DocumentRow.change(ctx, version=DocumentRow.version + 1, **values).where(
        (DocumentRow.id == document.id) & (DocumentRow.version == version)
    )
    found = bool(changed.execute())
    if found and "name" in values:
        find_by_name(ctx, document.id, values["name"])
    return found


def move_all(ctx: Context, document_ids: Sequence[int], folder: Folder) -> None:
    """Puts these documents into a folder, whatever is done with them meanwhile."""
    change = DocumentRow.change(ctx, folder_id=folder.id, version=DocumentRow.version + 1)
    change.where(DocumentRow.id.in_(list(document_ids))).execute()


def see(ctx: Context, document: Document) -> None:
    """Notes that the viewer has opened the document: it is no longer new to them (DOC-3)."""
    _see(ctx, document.id)
    if ctx.viewer.role is not Role.CLIENT:
        DocumentRow.change(ctx, fresh=False).where(
            (DocumentRow.id == document.id) & DocumentRow.fresh
        ).execute()


def remove_documents(ctx: Context, document_ids: Sequence[int]) -> Sequence[int]:
    """Removes these documents with their versions and previews; answers the keys of their files."""
    keys = list(document_ids)
    files = VersionRow.of(ctx, VersionRow.file_id).where(VersionRow.document_id.in_(keys))
    pages = PageRow.of(ctx, PageRow.file_id).where(PageRow.document_id.in_(keys))
    found = [key for query in (files, pages) for (key,) in query.tuples()]
    VersionRow.remove(ctx).where(VersionRow.document_id.in_(keys)).execute()
    DocumentRow.remove(ctx).where(DocumentRow.id.in_(keys)).execute()
    return found


def _see(ctx: Context, document_id: int) -> None:
    if not ctx.viewer.person_id:
        return
    SeenRow.adding(
        ctx,
        document_id=document_id,
        viewer=ctx.viewer.person_id,
        in_portal=ctx.viewer.role is Role.CLIENT,
        seen=ctx.now,
    ).on_conflict_ignore().execute()
