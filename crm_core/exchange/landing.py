"""Storing one batch of contact records: who is known already, which accounts they join or get."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from crm_core import search_index
from crm_core.accounts import AccountType, NewAccount, create_accounts
from crm_core.addresses import address_key
from crm_core.contacts import Detail, NewContact, add_contacts
from crm_core.folding import folded
from crm_core.postal import PostalAddress
from crm_core.store.tables import AccountRow, ContactEmailRow, ContactRow, LinkRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core.context import Context
    from crm_core.exchange.records import ContactRecord


class AccountRule(StrEnum):
    """Which accounts an import makes: one for each contact, none, or those of the file's column."""

    EACH = "each"
    NONE = "none"
    COLUMN = "column"


def land(ctx: Context, batch: Sequence[ContactRecord], rule: AccountRule) -> Counter[str]:
    """Stores these records and answers how many contacts, accounts and links are new.

    A contact with one of a record's addresses is that record's contact; without addresses, one
    that is alike in name, company and phone. Within a firm transaction; a fixed number of queries.
    """
    contacts = [_contact(record, rule) for record in batch]
    done: Counter[str] = Counter()
    keys = _stored(ctx, contacts, done)
    if rule is AccountRule.EACH:
        _give_own_accounts(ctx, batch, keys, done)
    elif rule is AccountRule.COLUMN:
        _join_accounts(ctx, batch, keys, done)
    return done


def _contact(record: ContactRecord, rule: AccountRule) -> NewContact:
    if rule is AccountRule.EACH or not record.description:
        return record.contact
    if rule is AccountRule.COLUMN and record.account_name:
        return record.contact
    # There will be no link that could carry it.
    role = Detail(label="Job title", value=record.description)
    return attrs.evolve(record.contact, details=(*record.contact.details, role))


def _stored(ctx: Context, contacts: Sequence[NewContact], done: Counter[str]) -> Sequence[int]:
    """The key of each contact, new or known; the new ones are stored at once."""
    known = _known(ctx, contacts)
    places: list[int] = []
    new: list[NewContact] = []
    for contact in contacts:
        marks = _marks(contact)
        found = next((known[mark] for mark in marks if mark in known), None)
        if found is None:
            new.append(contact)
            # Counted from below until it has a key.
            found = -len(new)
        places.append(found)
        for mark in marks:
            known.setdefault(mark, found)
    keys = add_contacts(ctx, new)
    done["contacts"] += len(new)
    done["known"] += len(contacts) - len(new)
    return [place if place > 0 else keys[-place - 1] for place in places]


Mark = tuple[str, ...]
"""What a contact is recognised by: an address, or without any its name, company and phone."""


def _marks(contact: NewContact) -> Sequence[Mark]:
    if contact.emails:
        return [(address_key(email),) for email in contact.emails]
    return [(contact.name, contact.company, contact.phone)]


def _known(ctx: Context, contacts: Sequence[NewContact]) -> dict[Mark, int]:
    """The contacts that are stored already, by what they are recognised by; the oldest wins."""
    addresses = {address_key(email) for contact in contacts for email in contact.emails}
    names = {folded(contact.name) for contact in contacts if not contact.emails}
    by_address = (
        ContactEmailRow.of(ctx, ContactEmailRow.address_key, ContactEmailRow.contact_id)
        .where(ContactEmailRow.address_key.in_(list(addresses)))
        .order_by(ContactEmailRow.contact_id.desc())
    )
    by_name = (
        ContactRow.of(ctx, ContactRow.id, ContactRow.name, ContactRow.company, ContactRow.phone)
        .where(ContactRow.sort_name.in_(list(names)))
        .order_by(ContactRow.id.desc())
    )
    known: dict[Mark, int] = {(row.name, row.company, row.phone): row.id for row in by_name}
    known.update({(row.address_key,): row.contact_id for row in by_address})
    return known


def _give_own_accounts(
    ctx: Context, batch: Sequence[ContactRecord], keys: Sequence[int], done: Counter[str]
) -> None:
    """An account for each contact that has none."""
    linked = LinkRow.of(ctx, LinkRow.contact_id).where(LinkRow.contact_id.in_(list(set(keys))))
    served = {row.contact_id for row in linked}
    accounts = []
    for record, key in zip(batch, keys, strict=True):
        if key not in served:
            served.add(key)
            accounts.append(_own_account(record, key))
    _create(ctx, accounts, done)


def _own_account(record: ContactRecord, contact_id: int) -> NewAccount:
    contact = record.contact
    company_alone = bool(contact.company) and contact.name == contact.company
    return NewAccount(
        type=AccountType.BUSINESS if company_alone else AccountType.INDIVIDUAL,
        name=contact.name,
        company_name=contact.company,
        company_address=contact.address if company_alone else PostalAddress(),
        contact_id=contact_id,
        description=record.description,
    )


def _join_accounts(
    ctx: Context, batch: Sequence[ContactRecord], keys: Sequence[int], done: Counter[str]
) -> None:
    """A link to the account that each record names; one that is not there is made."""
    wanted: dict[tuple[str, int], ContactRecord] = {}
    first_of: dict[str, NewAccount] = {}
    for record, key in zip(batch, keys, strict=True):
        if record.account_name:
            wanted.setdefault((record.account_name, key), record)
            first_of.setdefault(record.account_name, _named_account(record, key))
    known = _accounts_named(ctx, first_of)
    _create(ctx, [account for name, account in first_of.items() if name not in known], done)
    accounts = _accounts_named(ctx, first_of)
    linked = {
        (row.account_id, row.contact_id)
        for row in LinkRow.of(ctx, LinkRow.account_id, LinkRow.contact_id).where(
            LinkRow.account_id.in_(list(accounts.values()))
            & LinkRow.contact_id.in_(list(set(keys)))
        )
    }
    new = {
        (accounts[name], key, record.description)
        for (name, key), record in wanted.items()
        if (accounts[name], key) not in linked
    }
    LinkRow.insert_all(ctx, (LinkRow.account_id, LinkRow.contact_id, LinkRow.description), new)
    search_index.account_changed(ctx, {account_id for account_id, _, _ in new})
    done["links"] += len(new)


def _accounts_named(ctx: Context, names: Iterable[str]) -> dict[str, int]:
    """The accounts with exactly these names; of several the oldest."""
    wanted = set(names)
    rows = (
        AccountRow.of(ctx, AccountRow.id, AccountRow.name)
        .where(AccountRow.sort_name.in_([folded(name) for name in wanted]))
        .order_by(AccountRow.id.desc())
    )
    return {row.name: row.id for row in rows if row.name in wanted}


def _named_account(record: ContactRecord, contact_id: int) -> NewAccount:
    name, contact = record.account_name, record.contact
    own = name == contact.name and name != contact.company
    return NewAccount(
        type=AccountType.INDIVIDUAL if own else AccountType.BUSINESS,
        name=name,
        company_name="" if own else name,
        contact_id=contact_id,
        description=record.description,
    )


def _create(ctx: Context, accounts: Sequence[NewAccount], done: Counter[str]) -> None:
    create_accounts(ctx, accounts)
    done["accounts"] += len(accounts)
    done["links"] += len(accounts)
