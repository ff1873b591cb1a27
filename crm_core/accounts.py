"""Accounts: what the firm works for and bills. An account always has at least one contact."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.contacts import NewContact, PostalAddress, add_contact
from crm_core.folding import folded
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, demand, may
from crm_core.refusals import NotFound, Refused
from crm_core.store.rows import new_public_id, next_number
from crm_core.store.tables import AccountRow, AssignmentRow, LinkRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import peewee

    from crm_core.context import Context

COUNTER = "account"
COUNT_CAP = 10_000
"""Counting stops here: "10,000+" costs the same at a million accounts."""


class AccountType(StrEnum):
    """Whether the account stands for people or for an organisation."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


@frozen(kw_only=True)
class Account:
    """An account as its viewer reads it. `public_id` names it in URLs, `number` in speech."""

    id: int
    public_id: str
    number: str
    name: str
    type: AccountType
    company_name: str
    company_address: PostalAddress
    created: datetime
    version: int


@frozen(kw_only=True)
class NewAccount:
    """What an account needs to begin. Without a `name` it is generated (ACC-9).

    The first contact is either new, or one that is stored already (`contact_id`).
    """

    type: AccountType
    name: str = ""
    company_name: str = ""
    company_address: PostalAddress = PostalAddress()
    contact: NewContact | None = None
    contact_id: int | None = None
    description: str = ""
    created: datetime | None = None


@frozen(kw_only=True)
class AccountsPage:
    """One page of the list of accounts.

    `after` and `before` are the public ids from which the next and the previous page go on, or ""
    where there is none. `count` is how many the viewer may see in all, at most `COUNT_CAP`.
    """

    accounts: Sequence[Account]
    before: str
    after: str
    count: int


def create_account(ctx: Context, new: NewAccount) -> Account:
    """Stores an account with its first contact and answers it (ACC-1, ACC-9).

    Refuses a viewer without *manage accounts*, and an account whose name would be empty.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    contact_id = new.contact_id
    contact_name = ""
    if contact_id is None:
        if new.contact is None:
            raise Refused(_("An account needs a contact."))
        contact_id = add_contact(ctx, new.contact)
        contact_name = new.contact.name
    name = new.name.strip() or generated_name(new.type, new.company_name, contact_name)
    if not name:
        raise Refused(_("An account needs a name."), at="name")
    address = new.company_address
    public_id = new_public_id()
    account_id = AccountRow.insert_into(
        ctx,
        public_id=public_id,
        number=f"{ctx.firm.letter}{next_number(ctx, COUNTER)}",
        name=name,
        sort_name=folded(name),
        name_by_hand=bool(new.name.strip()),
        type=new.type,
        company_name=new.company_name.strip(),
        company_street=address.street,
        company_postcode=address.postcode,
        company_city=address.city,
        company_region=address.region,
        company_country=address.country,
        anchor_contact_id=contact_id,
        created=new.created or ctx.now,
    )
    LinkRow.insert_into(
        ctx, account_id=account_id, contact_id=contact_id, description=new.description.strip()
    )
    return account_of(ctx, public_id)


def generated_name(type_: AccountType, company_name: str, contact_name: str) -> str:
    """The name of an account that got none: the company's, or else the contact's (ACC-9)."""
    company = company_name.strip()
    return company if type_ is AccountType.BUSINESS and company else contact_name.strip() or company


def account_of(ctx: Context, public_id: str) -> Account:
    """The account with this public id, if the viewer may see it; otherwise `NotFound` (R4)."""
    row = visible_accounts(ctx).where(AccountRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return account_of_row(row)


def visible_accounts(ctx: Context, *columns: Any) -> peewee.ModelSelect[Any]:
    """The rows of the accounts that the viewer may see: the start of every list and look-up.

    Owner, admin and *view all accounts* see all; an employee those that they are assigned to.
    """
    query = AccountRow.of(ctx, *columns)
    if may(ctx, VIEW_ALL_ACCOUNTS):
        return query
    return query.join(
        AssignmentRow,
        on=(AssignmentRow.firm_id == AccountRow.firm_id)
        & (AssignmentRow.account_id == AccountRow.id)
        & (AssignmentRow.member_id == ctx.viewer.member_id),
    )


def list_accounts(
    ctx: Context, *, size: int = 50, after: str = "", before: str = ""
) -> AccountsPage:
    """One page of the accounts that the viewer may see, by name.

    `after` and `before` are public ids of accounts: the page goes on there, at the same cost at
    any depth. One that is gone, or that the viewer may not see, begins at the first page.
    """
    order = (AccountRow.sort_name, AccountRow.id)
    from_row = _neighbour(ctx, after or before)
    query = visible_accounts(ctx).limit(size + 1)
    if from_row is not None and before:
        below = query.where(_beside(from_row, below=True))
        rows = list(below.order_by(*(column.desc() for column in order)))
        earlier, later = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        if from_row is not None:
            query = query.where(_beside(from_row, below=False))
        rows = list(query.order_by(*order))
        earlier, later = from_row is not None, len(rows) > size
        rows = rows[:size]
    return AccountsPage(
        accounts=[account_of_row(row) for row in rows],
        before=rows[0].public_id if rows and earlier else "",
        after=rows[-1].public_id if rows and later else "",
        count=visible_accounts(ctx, AccountRow.id).limit(COUNT_CAP).count(),
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
    )


def _neighbour(ctx: Context, public_id: str) -> Any:
    if not public_id:
        return None
    columns = (AccountRow.sort_name, AccountRow.id)
    return visible_accounts(ctx, *columns).where(AccountRow.public_id == public_id).first()


def _beside(row: Any, *, below: bool) -> Any:
    same = AccountRow.sort_name == row.sort_name
    if below:
        return (AccountRow.sort_name < row.sort_name) | (same & (AccountRow.id < row.id))
    return (AccountRow.sort_name > row.sort_name) | (same & (AccountRow.id > row.id))
