"""Reading and writing the tables of documents; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import NotFound, Role
from crm_core.folding import folded
from crm_core.store import compiled
from plugins.documents.newness import is_new, seen_by
from plugins.documents.rows import DocumentRow, FolderRow, VersionRow
from plugins.documents.standing import with_standings
from plugins.documents.values import Access, Document, Kept, Listed, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_core import Context
    from crm_core.store import Scoped
    from plugins.documents.values import Folder


def latest_documents(ctx: Context, account_id: int, count: int) -> Sequence[Document]:
    """What clients uploaded or can see, the last uploaded first (O1). One query."""
    rows = _latest(ctx, account_id, *_who(ctx), count)
    return documents_of_rows(ctx, rows)


@compiled
def _latest(
    asked: Scoped, account_id: Any, person_id: Any, in_portal: Any, private: Any, count: Any
) -> Any:
    seen_by_clients = DocumentRow.from_client | (FolderRow.access != private)
    return (
        _with_folder(asked, person_id, in_portal)
        .where(DocumentRow.account_id == account_id, DocumentRow.trashed.is_null(), seen_by_clients)
        .order_by(DocumentRow.uploaded.desc(), DocumentRow.id.desc())
        .limit(count)
    )


def latest_in_portal(ctx: Context, account_id: int, count: int) -> Sequence[Document]:
    """What clients can see, the last uploaded first. One query."""
    rows = _latest_in_portal(ctx, account_id, *_who(ctx), count)
    return documents_of_rows(ctx, rows)


@compiled
def _latest_in_portal(
    asked: Scoped, account_id: Any, person_id: Any, in_portal: Any, private: Any, count: Any
) -> Any:
    return (
        _with_folder(asked, person_id, in_portal)
        .where(
            DocumentRow.account_id == account_id,
            DocumentRow.trashed.is_null(),
            FolderRow.access != private,
        )
        .order_by(DocumentRow.uploaded.desc(), DocumentRow.id.desc())
        .limit(count)
    )


def in_folder(ctx: Context, folder: Folder, after: str, size: int) -> Listed:
    """A page of the documents in a folder, by name, going on after one of them."""
    query = listing(ctx).where(DocumentRow.folder_id == folder.id, DocumentRow.trashed.is_null())
    last = _row(ctx, after) if after else None
    if last is not None:
        further = (DocumentRow.name_key == last.name_key) & (DocumentRow.id > last.id)
        query = query.where((DocumentRow.name_key > last.name_key) | further)
    return _page(ctx, query.order_by(DocumentRow.name_key, DocumentRow.id), size)


def in_trash(ctx: Context, account_id: int, after: str, size: int) -> Listed:
    """A page of the account's deleted documents, the last deleted first."""
    query = listing(ctx).where(
        DocumentRow.account_id == account_id, DocumentRow.trashed.is_null(False)
    )
    last = _row(ctx, after) if after else None
    if last is not None:
        before = (DocumentRow.trashed == last.trashed) & (DocumentRow.id < last.id)
        query = query.where((DocumentRow.trashed < last.trashed) | before)
    order = (DocumentRow.trashed.desc(), DocumentRow.id.desc())
    return _page(ctx, query.order_by(*order), size)


def document_of(ctx: Context, account_id: int, public_id: str) -> Document:
    """The document with this public id on this account, or `NotFound`.

    Clients find none that lies in a private folder or in the trash.
    """
    query = _of_viewer(ctx, account_id).where(DocumentRow.public_id == public_id)
    row = query.objects().first()
    if row is None:
        raise NotFound
    return documents_of_rows(ctx, [row])[0]


def documents_of(ctx: Context, account_id: int, keys: Collection[int]) -> Sequence[Document]:
    """Those of these documents of the account that the viewer may see."""
    query = _of_viewer(ctx, account_id).where(DocumentRow.id.in_(list(keys)))
    return documents_of_rows(ctx, query.objects())


def names_of(ctx: Context, account_id: int, keys: Collection[int]) -> Mapping[int, str]:
    """The names of those of these documents that the viewer may see, by key. One query."""
    query = _of_viewer(ctx, account_id).where(DocumentRow.id.in_(list(keys)))
    return {row.id: row.name for row in query.objects()}


def versions_of(ctx: Context, document: Document) -> Sequence[Version]:
    """All versions of a document, the current one first."""
    query = VersionRow.of(ctx).where(VersionRow.document_id == document.id)
    return [_version(row) for row in query.order_by(VersionRow.number.desc())]


def version_of(ctx: Context, document: Document, number: int) -> Version:
    """The version with this number, or `NotFound`."""
    for version in versions_of(ctx, document):
        if version.number == number:
            return version
    raise NotFound


def documents_in(ctx: Context, folders: Collection[Folder], *, trashed: bool) -> Sequence[int]:
    """The keys of the documents in these folders, in the trash or outside."""
    found = DocumentRow.of(ctx, DocumentRow.id).where(
        DocumentRow.folder_id.in_([folder.id for folder in folders]),
        DocumentRow.trashed.is_null(not trashed),
    )
    return [key for (key,) in found.tuples()]


def has_kept_ones(ctx: Context, folders: Collection[Folder]) -> bool:
    """Whether a document in these folders is sealed or shut, which clients may not touch."""
    keys = [folder.id for folder in folders]
    found = listing(ctx).where(DocumentRow.folder_id.in_(keys), DocumentRow.trashed.is_null())
    if found.where(DocumentRow.sealed.is_null(False)).exists():
        return True
    return any(one.shut for one in documents_of_rows(ctx, found.objects()))


def all_in(ctx: Context, folders: Collection[Folder], count: int) -> Sequence[Document]:
    """At most so many of the documents in these folders, by name."""
    query = listing(ctx).where(
        DocumentRow.folder_id.in_([folder.id for folder in folders]), DocumentRow.trashed.is_null()
    )
    rows = query.order_by(DocumentRow.name_key, DocumentRow.id).limit(count).objects()
    return documents_of_rows(ctx, rows)


def chosen_in(ctx: Context, folder: Folder, public_ids: Collection[str]) -> Sequence[Document]:
    """Those of these documents that lie in the folder, by name."""
    query = listing(ctx).where(
        DocumentRow.folder_id == folder.id,
        DocumentRow.public_id.in_(list(public_ids)),
        DocumentRow.trashed.is_null(),
    )
    rows = query.order_by(DocumentRow.name_key, DocumentRow.id).objects()
    return documents_of_rows(ctx, rows)


def document_named(ctx: Context, folder: Folder, name: str) -> Document | None:
    """The document in a folder that is called so, if there is one."""
    query = listing(ctx).where(
        DocumentRow.folder_id == folder.id,
        DocumentRow.name_key == folded(name),
        DocumentRow.trashed.is_null(),
    )
    row = query.order_by(DocumentRow.id).limit(1).objects().first()
    return None if row is None else documents_of_rows(ctx, [row])[0]


def all_versions(ctx: Context, account_id: int) -> Sequence[Kept]:
    """Every version of every document of an account, with where it lies."""
    columns = (
        DocumentRow.folder_id,
        DocumentRow.name,
        DocumentRow.trashed.is_null(False).alias("in_trash"),
        VersionRow.number,
        (VersionRow.number == DocumentRow.number).alias("current"),
        VersionRow.file_id,
    )
    of_document = (VersionRow.firm_id == DocumentRow.firm_id) & (
        VersionRow.document_id == DocumentRow.id
    )
    query = DocumentRow.of(ctx, *columns).join(VersionRow, on=of_document)
    query = query.where(DocumentRow.account_id == account_id)
    return list(query.order_by(DocumentRow.id, VersionRow.number.desc()).objects(Kept))


def trashed_before(ctx: Context, at: datetime, count: int) -> Sequence[tuple[int, str, str, int]]:
    """Documents that lie in the trash since before then: key, public id, name, account."""
    columns = (DocumentRow.id, DocumentRow.public_id, DocumentRow.name, DocumentRow.account_id)
    found = DocumentRow.of(ctx, *columns).where(DocumentRow.trashed < at)
    return list(found.order_by(DocumentRow.id).limit(count).tuples())


def _who(ctx: Context) -> tuple[int, bool, str]:
    return ctx.viewer.person_id, ctx.viewer.role is Role.CLIENT, Access.PRIVATE.value


def listing(ctx: Context, *columns: Any) -> Any:
    """The start of a list of documents, each with what its folder says and whether it was seen.

    Or with these columns alone, where they are named.
    """
    return _with_folder(ctx, ctx.viewer.person_id, ctx.viewer.role is Role.CLIENT, *columns)


def _with_folder(asked: Scoped, person_id: Any, in_portal: Any, *columns: Any) -> Any:
    own = fn.EXISTS(seen_by(asked, person_id, in_portal)).alias("seen")
    columns = columns or (DocumentRow, FolderRow.access, own)
    return DocumentRow.of(asked, *columns).join(
        FolderRow,
        on=(FolderRow.firm_id == DocumentRow.firm_id) & (FolderRow.id == DocumentRow.folder_id),
    )


def _of_viewer(ctx: Context, account_id: int) -> Any:
    query = listing(ctx).where(DocumentRow.account_id == account_id)
    if ctx.viewer.role is Role.CLIENT:
        query = query.where(FolderRow.access != Access.PRIVATE.value, DocumentRow.trashed.is_null())
    return query


def _row(ctx: Context, public_id: str) -> Any:
    return DocumentRow.of(ctx).where(DocumentRow.public_id == public_id).first()


def _page(ctx: Context, query: Any, size: int) -> Listed:
    rows = list(query.limit(size + 1).objects())
    documents = documents_of_rows(ctx, rows[:size])
    return Listed(documents=documents, after=documents[-1].public_id if len(rows) > size else "")


def documents_of_rows(ctx: Context, rows: Iterable[Any]) -> Sequence[Document]:
    """The documents that rows of `listing` stand for, with what other plugins say of them."""
    return with_standings(ctx, [_document(ctx, row) for row in rows])


def _document(ctx: Context, row: Any) -> Document:
    return Document(
        id=row.id,
        public_id=row.public_id,
        account_id=row.account_id,
        folder_id=row.folder_id,
        access=Access(row.access),
        name=row.name,
        file_id=row.file_id,
        size=row.size,
        kind=row.kind,
        number=row.number,
        from_client=row.from_client,
        uploaded_by=row.uploaded_by,
        uploaded=row.uploaded,
        sealed=row.sealed,
        trashed=row.trashed,
        trashed_by=row.trashed_by,
        version=row.version,
        new=is_new(ctx, row),
    )


def _version(row: Any) -> Version:
    return Version(
        number=row.number,
        file_id=row.file_id,
        size=row.size,
        kind=row.kind,
        from_client=row.from_client,
        uploaded_by=row.uploaded_by,
        uploaded=row.uploaded,
    )
