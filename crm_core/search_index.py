"""What accounts and contacts are found by, kept up to date in the transaction that changes them.

Whoever creates or changes an account, a contact, an address or a link calls `account_changed` or
`contact_changed` afterwards, with all that it touched at once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_core.store.database import firm_transaction
from crm_core.store.searching import ACCOUNTS, CONTACTS, Searched, put_texts, search_text
from crm_core.store.tables import AccountRow, ContactEmailRow, ContactRow, LinkRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from crm_core.store.database import Scoped

BATCH = 500
"""Accounts or contacts that are read at once."""


def account_changed(ctx: Scoped, account_ids: Collection[int]) -> None:
    """Makes these accounts found by what they say now: name, number, company, contacts, addresses.

    Asks for no right. Four statements, however many accounts (up to 500).
    """
    for keys in _batches(account_ids):
        _lock(ctx, ACCOUNTS, keys)
        put_texts(ctx, ACCOUNTS, _texts_of_accounts(ctx, keys))


def contact_changed(ctx: Scoped, contact_ids: Collection[int]) -> None:
    """Makes these contacts found by what they say now, and the accounts that they are linked to."""
    for keys in _batches(contact_ids):
        _lock(ctx, CONTACTS, keys)
        put_texts(ctx, CONTACTS, _texts_of_contacts(ctx, keys))
        linked = LinkRow.of(ctx, LinkRow.account_id).where(LinkRow.contact_id.in_(keys))
        account_changed(ctx, {row.account_id for row in linked})


def rebuild(ctx: Scoped) -> int:
    """Makes the firm's search rows anew where they are wrong or missing; answers how many were.

    Opens its own transactions, one for each few hundred rows.
    """
    return _rebuild(ctx, CONTACTS, _texts_of_contacts) + _rebuild(ctx, ACCOUNTS, _texts_of_accounts)


def _rebuild(
    ctx: Scoped, of: Searched, texts_of: Callable[[Scoped, Sequence[int]], Mapping[int, str]]
) -> int:
    last, wrong = 0, 0
    while True:
        with firm_transaction(ctx):
            rows = of.row.of(ctx, of.row.id).where(of.row.id > last)
            keys = [key for (key,) in rows.order_by(of.row.id).limit(BATCH).tuples()]
            if not keys:
                return wrong
            _lock(ctx, of, keys)
            stored = of.search.of(ctx, of.key, of.search.text).where(of.key.in_(keys)).tuples()
            known = dict(stored)
            texts = {k: text for k, text in texts_of(ctx, keys).items() if known.get(k) != text}
            put_texts(ctx, of, texts)
            wrong += len(texts)
            last = keys[-1]


def _texts_of_accounts(ctx: Scoped, keys: Sequence[int]) -> Mapping[int, str]:
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


def _texts_of_contacts(ctx: Scoped, keys: Sequence[int]) -> Mapping[int, str]:
    addresses = _addresses(ctx, keys)
    columns = (ContactRow.id, ContactRow.name, ContactRow.company)
    return {
        row.id: search_text((row.name, row.company, *addresses[row.id]))
        for row in ContactRow.of(ctx, *columns).where(ContactRow.id.in_(keys))
    }


def _addresses(ctx: Scoped, contact_ids: Collection[int]) -> defaultdict[int, list[str]]:
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


def _lock(ctx: Scoped, of: Searched, keys: Sequence[int]) -> None:
    """Of two who change the same thing at once the second goes on from what the first left."""
    rows = of.search.of(ctx, of.search.id).where(of.key.in_(keys)).order_by(of.search.id)
    list(ctx.store.locking(rows).tuples())


def _batches(keys: Collection[int]) -> Iterator[Sequence[int]]:
    every = sorted(keys)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]
