"""Bringing contacts in from a file: each lands once, with an account where one is wanted.

Rows are stored in batches, each one transaction: a run that is killed has stored whole batches,
and running the same file again creates nothing twice.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

import attrs
from attrs import field, frozen

from crm_core.accounts import AccountType, NewAccount, create_account
from crm_core.addresses import address_key
from crm_core.contacts import Detail, NewContact, PostalAddress, add_contact
from crm_core.exchange.headings import recognise
from crm_core.exchange.records import ContactRecord, RefusedRow, records
from crm_core.exchange.tables import read_table
from crm_core.exchange.vocabulary import Meaning
from crm_core.folding import folded
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_CONTACTS, demand
from crm_core.refusals import Refused
from crm_core.store.database import firm_transaction
from crm_core.store.tables import AccountRow, ContactEmailRow, ContactRow, LinkRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from crm_core.context import Context

BATCH = 500
"""Rows that are stored in one transaction."""


class AccountRule(StrEnum):
    """Which accounts an import makes: one for each contact, none, or those of the file's column."""

    EACH = "each"
    NONE = "none"
    COLUMN = "column"


@frozen(kw_only=True)
class ImportSummary:
    """What an import did. `known` are contacts that were there; `refused` rows did not land."""

    source: str
    encoding: str
    rule: AccountRule
    contacts: int = 0
    known: int = 0
    accounts: int = 0
    links: int = 0
    refused: Sequence[RefusedRow] = field(factory=tuple)


def import_contacts(
    ctx: Context,
    path: Path,
    rule: AccountRule | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> ImportSummary:
    """Brings the contacts of a delimited file into the firm and says what became of each row.

    Without a `rule` the file's account column decides, or where it has none, each contact gets an
    account. `progress` is called with the share done, 0 to 1. Refuses a file that is no table, and
    a viewer without the rights; a row that cannot be used is in `refused`. Opens its own
    transactions.
    """
    demand(ctx, MANAGE_CONTACTS)
    demand(ctx, MANAGE_ACCOUNTS)
    table = read_table(path)
    recognised = recognise(table.headings)
    has_column = any(column.meaning is Meaning.ACCOUNT_NAME for column in recognised.columns)
    if rule is AccountRule.COLUMN and not has_column:
        raise Refused(_("The file has no column with the name of an account or client."))
    chosen = rule or (AccountRule.COLUMN if has_column else AccountRule.EACH)
    done: Counter[str] = Counter()
    refused: list[RefusedRow] = []
    for batch in _batches(records(table, recognised)):
        refused.extend(row for row in batch if isinstance(row, RefusedRow))
        with firm_transaction(ctx):
            for row in batch:
                if isinstance(row, ContactRecord):
                    done.update(_land(ctx, row, chosen))
        progress(min(1.0, batch[-1].line / max(1, table.last_line)))
    progress(1.0)
    return ImportSummary(
        source=recognised.source,
        encoding=table.encoding,
        rule=chosen,
        contacts=done["contacts"],
        known=done["known"],
        accounts=done["accounts"],
        links=done["links"],
        refused=refused,
    )


def _batches(
    rows: Iterator[ContactRecord | RefusedRow],
) -> Iterable[Sequence[ContactRecord | RefusedRow]]:
    while batch := tuple(islice(rows, BATCH)):
        yield batch


def _land(ctx: Context, record: ContactRecord, rule: AccountRule) -> Iterator[str]:
    contact = record.contact
    if rule is AccountRule.NONE and record.description:
        # Without an account there is no link that could carry it.
        role = Detail(label="Job title", value=record.description)
        contact = attrs.evolve(contact, details=(*contact.details, role))
    contact_id = _known_contact(ctx, contact)
    if contact_id is None:
        contact_id = add_contact(ctx, contact)
        yield "contacts"
    else:
        yield "known"
    if rule is AccountRule.EACH:
        yield from _give_own_account(ctx, contact_id, record)
    elif rule is AccountRule.COLUMN and record.account_name:
        yield from _join_account(ctx, contact_id, record)


def _known_contact(ctx: Context, contact: NewContact) -> int | None:
    """The contact with one of these addresses; without any, the one alike in all that names it."""
    if contact.emails:
        keys = [address_key(email) for email in contact.emails]
        found = (
            ContactEmailRow.of(ctx, ContactEmailRow.contact_id)
            .where(ContactEmailRow.address_key.in_(keys))
            .order_by(ContactEmailRow.contact_id)
            .first()
        )
        return None if found is None else int(found.contact_id)
    alike = (
        ContactRow.of(ctx, ContactRow.id)
        .where(
            (ContactRow.sort_name == folded(contact.name))
            & (ContactRow.name == contact.name)
            & (ContactRow.company == contact.company)
            & (ContactRow.phone == contact.phone)
        )
        .order_by(ContactRow.id)
        .first()
    )
    return None if alike is None else int(alike.id)


def _give_own_account(ctx: Context, contact_id: int, record: ContactRecord) -> Iterator[str]:
    if LinkRow.of(ctx, LinkRow.id).where(LinkRow.contact_id == contact_id).exists():
        return
    contact = record.contact
    company_alone = bool(contact.company) and contact.name == contact.company
    create_account(
        ctx,
        NewAccount(
            type=AccountType.BUSINESS if company_alone else AccountType.INDIVIDUAL,
            name=contact.name,
            company_name=contact.company,
            company_address=contact.address if company_alone else PostalAddress(),
            contact_id=contact_id,
            description=record.description,
        ),
    )
    yield from ("accounts", "links")


def _join_account(ctx: Context, contact_id: int, record: ContactRecord) -> Iterator[str]:
    name = record.account_name
    found = (
        AccountRow.of(ctx, AccountRow.id)
        .where((AccountRow.sort_name == folded(name)) & (AccountRow.name == name))
        .order_by(AccountRow.id)
        .first()
    )
    if found is None:
        own = name == record.contact.name and name != record.contact.company
        create_account(
            ctx,
            NewAccount(
                type=AccountType.INDIVIDUAL if own else AccountType.BUSINESS,
                name=name,
                company_name="" if own else name,
                contact_id=contact_id,
                description=record.description,
            ),
        )
        yield from ("accounts", "links")
        return
    linked = (LinkRow.account_id == found.id) & (LinkRow.contact_id == contact_id)
    if not LinkRow.of(ctx, LinkRow.id).where(linked).exists():
        LinkRow.insert_into(
            ctx, account_id=found.id, contact_id=contact_id, description=record.description
        )
        yield "links"
