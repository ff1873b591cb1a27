"""What accounts and contacts are found by, kept up to date in the transaction that changes them.

Whoever creates or changes an account, a contact, an address or a link calls `account_changed` or
`contact_changed` afterwards, with all that it touched at once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_core.store.search_schema import row_number
from crm_core.store.searching import search_text
from crm_core.store.tables import (
    AccountRow,
    AccountSearchRow,
    ContactEmailRow,
    ContactRow,
    ContactSearchRow,
    LinkRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from crm_core.context import Context

BATCH = 500
"""Accounts or contacts that are read at once."""


def account_changed(ctx: Context, account_ids: Collection[int]) -> None:
    """Makes these accounts found by what they say now: name, number, company, contacts, addresses.

    Asks for no right. Four statements, however many accounts (up to 500).
    """
    for keys in _batches(account_ids):
        _lock(ctx, AccountSearchRow, AccountSearchRow.account_id, keys)
        _store(ctx, AccountSearchRow, AccountSearchRow.account_id, _texts_of_accounts(ctx, keys))


def contact_changed(ctx: Context, contact_ids: Collection[int]) -> None:
    """Makes these contacts found by what they say now, and the accounts that they are linked to."""
    for keys in _batches(contact_ids):
        _lock(ctx, ContactSearchRow, ContactSearchRow.contact_id, keys)
        _store(ctx, ContactSearchRow, ContactSearchRow.contact_id, _texts_of_contacts(ctx, keys))
        linked = LinkRow.of(ctx, LinkRow.account_id).where(LinkRow.contact_id.in_(keys))
        account_changed(ctx, {row.account_id for row in linked})


def rebuild(ctx: Context) -> int:
    """Makes the firm's search rows anew where they are wrong or missing; answers how many were."""
    wrong = 0
    for row, search, key, texts_of in (
        (ContactRow, ContactSearchRow, ContactSearchRow.contact_id, _texts_of_contacts),
        (AccountRow, AccountSearchRow, AccountSearchRow.account_id, _texts_of_accounts),
    ):
        for keys in _all_keys(ctx, row):
            _lock(ctx, search, key, keys)
            stored = dict(search.of(ctx, key, search.text).where(key.in_(keys)).tuples())
            texts = texts_of(ctx, keys)
            differing = {k: text for k, text in texts.items() if stored.get(k) != text}
            _store(ctx, search, key, differing)
            wrong += len(differing)
    return wrong


def _texts_of_accounts(ctx: Context, keys: Sequence[int]) -> Mapping[int, str]:
    columns = (AccountRow.id, AccountRow.name, AccountRow.number, AccountRow.company_name)
    links = list(
        LinkRow.of(ctx, LinkRow.account_id, LinkRow.contact_id, ContactRow.name)
        .join(
            ContactRow,
            on=(ContactRow.firm_id == LinkRow.firm_id) & (ContactRow.id == LinkRow.contact_id),
        )
        .where(LinkRow.account_id.in_(keys))
        .order_by(LinkRow.id)
        .tuples()
    )
    addresses = _addresses(ctx, {contact_id for _, contact_id, _ in links})
    contacts: defaultdict[int, list[str]] = defaultdict(list)
    for account_id, contact_id, name in links:
        contacts[account_id] += (name, *addresses[contact_id])
    return {
        row.id: search_text(
            (row.name, row.number, _digits(row.number), row.company_name, *contacts[row.id])
        )
        for row in AccountRow.of(ctx, *columns).where(AccountRow.id.in_(keys))
    }


def _texts_of_contacts(ctx: Context, keys: Sequence[int]) -> Mapping[int, str]:
    addresses = _addresses(ctx, keys)
    columns = (ContactRow.id, ContactRow.name, ContactRow.company)
    return {
        row.id: search_text((row.name, row.company, *addresses[row.id]))
        for row in ContactRow.of(ctx, *columns).where(ContactRow.id.in_(keys))
    }


def _addresses(ctx: Context, contact_ids: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = (
        ContactEmailRow.of(ctx, ContactEmailRow.contact_id, ContactEmailRow.address)
        .where(ContactEmailRow.contact_id.in_(sorted(contact_ids)))
        .order_by(ContactEmailRow.contact_id, ContactEmailRow.position)
    )
    for row in rows:
        found[row.contact_id].append(row.address)
    return found


def _digits(number: str) -> str:
    """The number without the firm's letter, for whoever types it so."""
    return number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _lock(ctx: Context, search: Any, key: Any, keys: Sequence[int]) -> None:
    """Of two who change the same thing at once the second goes on from what the first left."""
    rows = search.of(ctx, search.id).where(key.in_(keys)).order_by(search.id)
    list(ctx.store.locking(rows).tuples())


def _store(ctx: Context, search: Any, key: Any, texts: Mapping[int, str]) -> None:
    search.put_all(
        ctx,
        (search.id, key, search.text),
        ((row_number(ctx.firm.id, k), k, text) for k, text in texts.items()),
        key=search.id,
        change=search.text,
    )


def _batches(keys: Collection[int]) -> Iterator[Sequence[int]]:
    every = sorted(keys)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]


def _all_keys(ctx: Context, row: Any) -> Iterator[Sequence[int]]:
    last = 0
    while keys := [
        found.id for found in row.of(ctx, row.id).where(row.id > last).order_by(row.id).limit(BATCH)
    ]:
        yield keys
        last = keys[-1]
