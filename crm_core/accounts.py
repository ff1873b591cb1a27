"""Accounts: what the firm works for and bills. An account always has at least one contact."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import audit, events, search_index
from crm_core.access import assign_new_accounts
from crm_core.contacts import NewContact, add_contacts, contact_names
from crm_core.fields.saving import write_values
from crm_core.fields.values import Owner
from crm_core.folding import folded
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, demand, may
from crm_core.postal import NO_ADDRESS, PostalAddress
from crm_core.refusals import NotFound, Refused
from crm_core.store.rows import new_public_id, next_number
from crm_core.store.statements import compiled
from crm_core.store.tables import AccountRow, AssignmentRow, LinkRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import peewee

    from crm_core.context import Context
    from crm_core.fields.values import Entered
    from crm_core.store.database import Scoped

COUNTER = "account"


class AccountType(StrEnum):
    """Whether the account stands for people or for an organisation."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


@frozen(kw_only=True)
class Account:
    """An account as its viewer reads it. `public_id` names it in URLs, `number` in speech.

    Its name is generated unless it was given `name_by_hand`. `archived` is since when it is out of
    the active list.
    """

    id: int
    public_id: str
    number: str
    name: str
    type: AccountType
    company_name: str
    company_address: PostalAddress
    created: datetime
    version: int
    name_by_hand: bool = False
    archived: datetime | None = None


@frozen(kw_only=True)
class NewAccount:
    """What an account needs to begin. Without a `name` it is generated (ACC-9).

    The first contact is either new, or one that is stored already (`contact_id`). `fields` are what
    was entered into the custom fields of accounts.
    """

    type: AccountType
    name: str = ""
    company_name: str = ""
    company_address: PostalAddress = NO_ADDRESS
    contact: NewContact | None = None
    contact_id: int | None = None
    description: str = ""
    created: datetime | None = None
    fields: tuple[Entered, ...] = ()


def create_account(ctx: Context, new: NewAccount) -> Account:
    """Stores an account with its first contact and answers it; see `create_accounts`."""
    (public_id,) = create_accounts(ctx, [new])
    account = account_of(ctx, public_id)
    audit.record(
        ctx,
        events.ACCOUNT_CREATED,
        account_id=account.id,
        after={"name": account.name, "number": account.number},
    )
    return account


def create_accounts(ctx: Context, accounts: Sequence[NewAccount]) -> Sequence[str]:
    """Stores accounts, each with its first contact, and answers their public ids (ACC-1, ACC-9).

    Refuses a viewer without *manage accounts*, an account whose name would be empty, and a contact
    that the firm does not have. Many at once are one fact: the caller records it.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    if not all(new.contact or new.contact_id for new in accounts):
        raise Refused(_("An account needs a contact."))
    contacts = iter(add_contacts(ctx, [new.contact for new in accounts if new.contact]))
    named = {new_public_id(): new for new in accounts}
    contact_of = {
        public_id: next(contacts) if new.contact else new.contact_id
        for public_id, new in named.items()
    }
    names = contact_names(ctx, {key for key in contact_of.values() if key})
    if not names.keys() >= set(contact_of.values()):
        raise NotFound
    first = next_number(ctx, COUNTER, len(named))
    keys = AccountRow.insert_all_named(
        ctx,
        _FIELDS,
        (
            (
                public_id,
                f"{ctx.firm.letter}{first + place}",
                *_values(new, names[contact_of[public_id] or 0]),
                contact_of[public_id],
                new.created or ctx.now,
            )
            for place, (public_id, new) in enumerate(named.items())
        ),
    )
    LinkRow.insert_all(
        ctx,
        (LinkRow.account_id, LinkRow.contact_id, LinkRow.description),
        (
            (keys[public_id], contact_of[public_id], new.description.strip())
            for public_id, new in named.items()
        ),
    )
    search_index.account_changed(ctx, keys.values())
    for public_id, new in named.items():
        write_values(ctx, Owner.ACCOUNT, keys[public_id], new.fields)
    assign_new_accounts(ctx, list(keys.values()))
    return list(named)


def generated_name(type_: AccountType, company_name: str, contact_name: str) -> str:
    """The name of an account that got none: the company's, or else the contact's (ACC-9)."""
    company = company_name.strip()
    return company if type_ is AccountType.BUSINESS and company else contact_name.strip() or company


def account_of(ctx: Context, public_id: str) -> Account:
    """The account with this public id, if the viewer may see it; otherwise `NotFound` (R4)."""
    if may(ctx, VIEW_ALL_ACCOUNTS):
        found = _any_account(ctx, public_id)
    else:
        found = _assigned_account(ctx, public_id, ctx.viewer.member_id)
    if not found:
        raise NotFound
    return account_of_row(found[0])


def account_with_key(ctx: Context, account_id: int) -> Account:
    """The account with this key, whoever asks: for what follows from a change of it."""
    row = AccountRow.of(ctx).where(AccountRow.id == account_id).first()
    if row is None:
        raise NotFound
    return account_of_row(row)


@compiled
def _any_account(asked: Scoped, public_id: Any) -> Any:
    return AccountRow.of(asked).where(AccountRow.public_id == public_id)


@compiled
def _assigned_account(asked: Scoped, public_id: Any, member_id: Any) -> Any:
    found = AccountRow.of(asked).where(AccountRow.public_id == public_id)
    return _assigned_to(found, member_id)


def lock_account(ctx: Context, account: Account) -> None:
    """Makes whoever else changes this account's team or links wait; `NotFound` where it is gone."""
    query = AccountRow.of(ctx, AccountRow.id).where(AccountRow.id == account.id)
    if ctx.store.locking(query).first() is None:
        raise NotFound


def visible_accounts(ctx: Context, *columns: Any) -> peewee.ModelSelect[Any]:
    """The rows of the accounts that the viewer may see: the start of every list and look-up.

    Owner, admin and *view all accounts* see all; an employee those that they are assigned to.
    """
    query = AccountRow.of(ctx, *columns)
    if may(ctx, VIEW_ALL_ACCOUNTS):
        return query
    return _assigned_to(query, ctx.viewer.member_id)


def _assigned_to(query: peewee.ModelSelect[Any], member_id: Any) -> peewee.ModelSelect[Any]:
    return query.join(
        AssignmentRow,
        on=(AssignmentRow.firm_id == AccountRow.firm_id)
        & (AssignmentRow.account_id == AccountRow.id)
        & (AssignmentRow.member_id == member_id),
    )


def account_of_row(row: Any) -> Account:
    """The account that a row of the table `account` stands for."""
    return Account(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        name=row.name,
        type=AccountType(row.type),
        company_name=row.company_name,
        company_address=PostalAddress(
            street=row.company_street,
            postcode=row.company_postcode,
            city=row.company_city,
            region=row.company_region,
            country=row.company_country,
        ),
        created=row.created,
        version=row.version,
        name_by_hand=row.name_by_hand,
        archived=row.archived,
    )


_FIELDS = (
    AccountRow.public_id,
    AccountRow.number,
    AccountRow.name,
    AccountRow.sort_name,
    AccountRow.name_by_hand,
    AccountRow.type,
    AccountRow.company_name,
    AccountRow.company_street,
    AccountRow.company_postcode,
    AccountRow.company_city,
    AccountRow.company_region,
    AccountRow.company_country,
    AccountRow.anchor_contact_id,
    AccountRow.created,
)


def _values(new: NewAccount, contact_name: str) -> tuple[Any, ...]:
    name = new.name.strip() or generated_name(new.type, new.company_name, contact_name)
    if not name:
        raise Refused(_("An account needs a name."), at="name")
    address = new.company_address
    return (
        name,
        folded(name),
        bool(new.name.strip()),
        new.type,
        new.company_name.strip(),
        address.street,
        address.postcode,
        address.city,
        address.region,
        address.country,
    )
