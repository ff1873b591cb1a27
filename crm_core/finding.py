"""Finding clients and contacts by a part of a name, a number or an address (R1, ACC-9).

Accents and capitals do not count, and of several words each must be found. Of the many that a short
text finds, those whose name begins with it come first, by name.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from attrs import fields, frozen
from peewee import fn

from crm_core.accounts import visible_accounts
from crm_core.folding import folded
from crm_core.permissions import VIEW_ALL_ACCOUNTS, VIEW_ALL_CONTACTS, may
from crm_core.store.searching import (
    ACCOUNTS,
    CONTACTS,
    by_reading,
    is_in,
    search_text,
    through_indexes,
    typed_words,
)
from crm_core.store.tables import AccountRow, ContactEmailRow, ContactRow, LinkRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from crm_core.context import Context

FEW = 2_000
"""Whoever sees fewer accounts than this is quicker served by reading all of theirs."""


@frozen(kw_only=True)
class FoundAccount:
    """An account that was found. `public_id` names it in URLs; `archived` ones had to be asked for.

    Where its name and number do not hold what was typed, `through` says what does: its company's
    name, a contact's name, an address.
    """

    id: int
    public_id: str
    number: str
    name: str
    archived: bool
    through: tuple[str, ...]


@frozen(kw_only=True)
class FoundContact:
    """A contact that was found, and `through` which of its company and addresses."""

    public_id: str
    name: str
    through: tuple[str, ...]


def find_accounts(
    ctx: Context, text: str, limit: int, *, archived: bool = False
) -> Sequence[FoundAccount]:
    """The accounts that the viewer may see and that this text finds, at most so many.

    Those that are archived only where they are asked for (ACC-13).
    """
    words = typed_words(text)
    if not words:
        return ()
    accounts = _searched_accounts(ctx, archived=archived)
    if not may(ctx, VIEW_ALL_ACCOUNTS) and _sees_few(ctx):
        rows = list(by_reading(ctx, accounts, ACCOUNTS, words))
    else:
        rows = _numbered(ctx, accounts, text)
        rows += through_indexes(ctx, accounts, ACCOUNTS, text, limit)
    rows = _ordered(rows, text, limit)
    through = _reasons(ctx, [row for row in rows if not _says(row, words)], words)
    return [
        FoundAccount(
            id=row.id,
            public_id=row.public_id,
            number=row.number,
            name=row.name,
            archived=row.archived is not None,
            through=through.get(row.id, ()),
        )
        for row in rows
    ]


def find_contacts(ctx: Context, text: str, limit: int) -> Sequence[FoundContact]:
    """The contacts that the viewer may see and that this text finds, at most so many.

    One may see the contacts of the accounts that one may see, or with *view all contacts* all.
    """
    words = typed_words(text)
    if not words:
        return ()
    contacts = ContactRow.of(ctx, *_CONTACT).objects(_Contact)
    if may(ctx, VIEW_ALL_CONTACTS):
        rows = through_indexes(ctx, contacts, CONTACTS, text, limit)
    elif not may(ctx, VIEW_ALL_ACCOUNTS) and _sees_few(ctx):
        mine = contacts.where(ContactRow.id.in_(_links_of_visible(ctx)))
        rows = list(by_reading(ctx, mine, CONTACTS, words))
    else:
        linked = _links_of_visible(ctx).where(LinkRow.contact_id == ContactRow.id)
        rows = through_indexes(ctx, contacts.where(fn.EXISTS(linked)), CONTACTS, text, limit)
    rows = _ordered(rows, text, limit)
    addresses = _addresses(ctx, [row.id for row in rows])
    return [
        FoundContact(
            public_id=row.public_id,
            name=row.name,
            through=_holding((row.company, *addresses[row.id]), words),
        )
        for row in rows
    ]


@frozen
class _Account:
    """The few columns of an account that search reads."""

    id: int
    public_id: str
    number: str
    name: str
    sort_name: str
    company_name: str
    archived: datetime | None


@frozen
class _Contact:
    """The few columns of a contact that search reads."""

    id: int
    public_id: str
    name: str
    sort_name: str
    company: str


_ACCOUNT = tuple(getattr(AccountRow, field.name) for field in fields(_Account))
_CONTACT = tuple(getattr(ContactRow, field.name) for field in fields(_Contact))


def _searched_accounts(ctx: Context, *, archived: bool) -> Any:
    """What search looks among: the accounts that the viewer may see, less those that are archived.

    With `archived` these, too.
    """
    accounts = visible_accounts(ctx, *_ACCOUNT)
    if not archived:
        accounts = accounts.where(AccountRow.archived.is_null())
    return accounts.objects(_Account)


def _sees_few(ctx: Context) -> bool:
    return bool(visible_accounts(ctx, AccountRow.id).limit(FEW).count() < FEW)


def _numbered(ctx: Context, accounts: Any, text: str) -> list[Any]:
    """The account whose number this is, with the firm's letter or without."""
    typed = text.strip().upper()
    if not any(character.isdigit() for character in typed):
        return []
    numbers = [typed, f"{ctx.firm.letter}{typed}"]
    return list(accounts.where(AccountRow.number.in_(numbers)))


def _ordered(rows: Iterable[Any], text: str, limit: int) -> list[Any]:
    begins = folded(text)
    different = {row.id: row for row in rows}.values()

    def order(row: Any) -> tuple[Any, ...]:
        number = folded(getattr(row, "number", ""))
        exact = begins in (number, number[1:])
        return (not exact, not row.sort_name.startswith(begins), row.sort_name, row.id)

    return sorted(different, key=order)[:limit]


def _says(row: Any, words: Sequence[str]) -> bool:
    """Whether the name and number alone, which are shown anyway, hold every word."""
    own = search_text((row.name, row.number, row.number[1:]))
    return all(is_in(word, own) for word in words)


def _reasons(ctx: Context, rows: Sequence[Any], words: Sequence[str]) -> Mapping[int, Any]:
    """Of each account's company, contacts and addresses those that hold one of the words."""
    if not rows:
        return {}
    said: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        said[row.id].append(row.company_name)
    links = list(
        LinkRow.of(ctx, LinkRow.account_id, LinkRow.contact_id, ContactRow.name)
        .join(
            ContactRow,
            on=(ContactRow.firm_id == LinkRow.firm_id) & (ContactRow.id == LinkRow.contact_id),
        )
        .where(LinkRow.account_id.in_(list(said)))
        .order_by(ContactRow.sort_name, LinkRow.id)
        .tuples()
    )
    addresses = _addresses(ctx, {contact_id for _, contact_id, _ in links})
    for account_id, contact_id, name in links:
        said[account_id] += (name, *addresses[contact_id])
    return {key: _holding(texts, words) for key, texts in said.items()}


def _holding(texts: Iterable[str], words: Sequence[str]) -> tuple[str, ...]:
    """Those of the texts that hold a word: the first for each word, each text once."""
    every = [(text, search_text((text,))) for text in texts]
    first = (next((text for text, own in every if is_in(word, own)), "") for word in words)
    return tuple(text for text in dict.fromkeys(first) if text)


def _addresses(ctx: Context, contact_ids: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    if not contact_ids:
        return found
    rows = (
        ContactEmailRow.of(ctx, ContactEmailRow.contact_id, ContactEmailRow.address)
        .where(ContactEmailRow.contact_id.in_(sorted(contact_ids)))
        .order_by(ContactEmailRow.position)
        .tuples()
    )
    for contact_id, address in rows:
        found[contact_id].append(address)
    return found


def _links_of_visible(ctx: Context) -> Any:
    """The contacts that are linked to an account that the viewer may see."""
    seen = visible_accounts(ctx, LinkRow.contact_id)
    return seen.join_from(
        AccountRow,
        LinkRow,
        on=(LinkRow.firm_id == AccountRow.firm_id) & (LinkRow.account_id == AccountRow.id),
    )
