"""What is new to whom (DOC-3): to the team what clients sent, to clients what the firm shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import Role
from plugins.documents.rows import DocumentRow, SeenRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core import Context
    from crm_core.store import Scoped
    from plugins.documents.values import Document

CLEARED_BY_COLLEAGUES = "colleague_clears_new"
"""The edition's setting: whether NEW goes once anybody of the team has opened it (DOC-3)."""


def folders_with_new(ctx: Context, account_id: int) -> Mapping[int, int]:
    """How many new documents lie in each folder of the account; folders without are left out."""
    is_client = ctx.viewer.role is Role.CLIENT
    others = (
        (DocumentRow.account_id == account_id)
        & DocumentRow.trashed.is_null()
        & (DocumentRow.from_client == (not is_client))
    )
    counted = (DocumentRow.folder_id, fn.COUNT(DocumentRow.id))
    query = DocumentRow.of(ctx, *counted).where(others).group_by(DocumentRow.folder_id)
    if not is_client and ctx.setting("documents", CLEARED_BY_COLLEAGUES, True):
        fresh = DocumentRow.fresh == True  # noqa: E712 - an index finds what is equal
        return dict(query.where(fresh).tuples())
    mine = (SeenRow.viewer == ctx.viewer.person_id) & (SeenRow.in_portal == is_client)
    of_document = (DocumentRow.firm_id == SeenRow.firm_id) & (DocumentRow.id == SeenRow.document_id)
    opened = SeenRow.of(ctx, *counted).join(DocumentRow, on=of_document).where(mine, others)
    seen = dict(opened.group_by(DocumentRow.folder_id).tuples())
    left = {folder: count - seen.get(folder, 0) for folder, count in query.tuples()}
    return {folder: count for folder, count in left.items() if count > 0}


def unseen(ctx: Context, document: Document) -> bool:
    """Whether the viewer has yet to open the current version."""
    is_client = ctx.viewer.role is Role.CLIENT
    mine = (SeenRow.viewer == ctx.viewer.person_id) & (SeenRow.in_portal == is_client)
    return not SeenRow.of(ctx).where((SeenRow.document_id == document.id) & mine).exists()


def is_new(ctx: Context, row: Any) -> bool:
    """Whether the other side sent it and the viewer, or a colleague of theirs, has yet to look."""
    if ctx.viewer.role is Role.CLIENT:
        return not row.from_client and not row.seen
    if ctx.setting("documents", CLEARED_BY_COLLEAGUES, True):
        return bool(row.fresh)
    return bool(row.from_client and not row.seen)


def seen_by(asked: Scoped, person_id: Any, in_portal: Any) -> Any:
    """A query for whether this person has opened the current version of a document."""
    return SeenRow.of(asked, SeenRow.document_id).where(
        SeenRow.document_id == DocumentRow.id,
        SeenRow.viewer == person_id,
        SeenRow.in_portal == in_portal,
    )
