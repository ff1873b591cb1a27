"""Finding documents by their names and texts, among those that the viewer may see (DOC-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import VIEW_ALL_ACCOUNTS, Hit, Role, To, may
from crm_core.accounts import visible_accounts
from crm_core.folding import folded
from crm_core.store import AccountRow
from crm_core.store.searching import by_index, by_reading, through_indexes, typed_words
from plugins.documents import store
from plugins.documents.finding import NAMES, TEXTS
from plugins.documents.rows import DocumentRow, FolderRow
from plugins.documents.rules import may_open
from plugins.documents.values import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_core import Context
    from plugins.documents.values import Document

FEW = 2_000
"""Among fewer documents than this reading all of their words is quicker."""

SHORT = 3
"""Letters of a word from which on texts are searched for it; names are for any."""


@frozen
class _Found:
    """The few columns that a hit needs."""

    id: int
    public_id: str
    name: str
    name_key: str
    account: str
    account_name: str


def hits(ctx: Context, text: str, limit: int) -> Sequence[Hit]:
    """Documents of the accounts that the viewer may see, each with whose it is."""
    columns = (
        DocumentRow.id,
        DocumentRow.public_id,
        DocumentRow.name,
        DocumentRow.name_key,
        AccountRow.public_id.alias("account"),
        AccountRow.name.alias("account_name"),
    )

    def of_all(*wanted: Any) -> Any:
        return (
            visible_accounts(ctx, *wanted)
            .join_from(
                AccountRow,
                DocumentRow,
                on=(DocumentRow.firm_id == AccountRow.firm_id)
                & (DocumentRow.account_id == AccountRow.id),
            )
            .where(DocumentRow.trashed.is_null(), AccountRow.archived.is_null())
        )

    every = may(ctx, VIEW_ALL_ACCOUNTS)
    query = of_all(*columns).objects(_Found)
    found = _found(ctx, query, text, limit, few=not every and _are_few(of_all))
    return [
        Hit(
            what=one.name,
            to=To("documents.document", {"account": one.account, "document": one.public_id}),
            about=(one.account_name,),
        )
        for one in found
    ]


def found_of_account(ctx: Context, account_id: int, text: str, limit: int) -> Sequence[Document]:
    """Documents of one account; clients find none that lies in a private folder or is shut."""

    def of_account(query: Any) -> Any:
        query = query.where(DocumentRow.account_id == account_id, DocumentRow.trashed.is_null())
        if ctx.viewer.role is Role.CLIENT:
            query = query.where(FolderRow.access != Access.PRIVATE.value)
        return query

    few = _are_few(lambda *wanted: of_account(store.listing(ctx, *wanted)))
    rows = _found(ctx, of_account(store.listing(ctx)).objects(), text, limit, few=few)
    documents = store.documents_of_rows(ctx, rows)
    return [one for one in documents if may_open(ctx, one)]


def _are_few(of: Callable[..., Any]) -> bool:
    return bool(of(DocumentRow.id).limit(FEW).count() < FEW)


def _found(ctx: Context, query: Any, text: str, limit: int, *, few: bool) -> list[Any]:
    """Of the query's documents those that the text finds: by their names, and then by texts."""
    words = typed_words(text)
    if not words:
        return []
    long = any(len(word) >= SHORT for word in words)
    if few:
        rows = list(by_reading(ctx, query, NAMES, words))
        rows = _in_order(rows, text)[:limit]
        if long and len(rows) < limit:
            rows += list(by_reading(ctx, query, TEXTS, words).limit(limit + len(rows)))
    else:
        rows = _in_order(through_indexes(ctx, query, NAMES, text, limit), text)
        if long and len(rows) < limit:
            with ctx.store.by_indexes():
                rows += list(by_index(ctx, query, TEXTS, words).limit(limit + len(rows)))
    return list({row.id: row for row in rows}.values())[:limit]


def _in_order(rows: Sequence[Any], text: str) -> list[Any]:
    """Names that begin with what was typed first, then by name."""
    begins = folded(text)
    return sorted(rows, key=lambda row: (not row.name_key.startswith(begins), row.name_key, row.id))
