"""The list of accounts: those that the viewer may see, filtered, in an order (LST-1)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import fn

from crm_core.accounts import Account, AccountType, account_of_row, visible_accounts
from crm_core.listing.paging import Order, capped_count, page_of
from crm_core.store.tables import AccountRow, AddressSettingRow, AssignmentRow
from crm_core.store.tag_rows import AccountTagRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context

FEW = 3_000
"""A tag or a colleague with at most so many accounts is where the search for a page begins."""


class AccountOrder(StrEnum):
    """By what the list is ordered."""

    NAME = "name"
    NAME_BACK = "-name"
    NUMBER = "number"
    NUMBER_BACK = "-number"
    NEWEST = "-created"
    OLDEST = "created"


@frozen(kw_only=True)
class AccountFilter:
    """Which accounts the list holds: those to which everything here applies.

    With several `tags` an account needs all of them, or with `any_tag` one. `member` is somebody
    who is assigned. With `login` at least one address may sign in to the portal, without it none.
    """

    archived: bool = False
    type: AccountType | None = None
    tags: tuple[int, ...] = ()
    any_tag: bool = False
    member: int | None = None
    login: bool | None = None


EVERY = AccountFilter()
"""All that are not archived."""


@frozen(kw_only=True)
class AccountsPage:
    """One page of the list of accounts.

    `after` and `before` are the public ids from which the next and the previous page go on, or ""
    where there is none. `count` is how many there are in all, at most `COUNT_CAP`.
    """

    accounts: Sequence[Account]
    before: str
    after: str
    count: int


def list_accounts(
    ctx: Context,
    wanted: AccountFilter = EVERY,
    *,
    order: AccountOrder = AccountOrder.NAME,
    size: int = 50,
    after: str = "",
    before: str = "",
) -> AccountsPage:
    """One page of the accounts that the viewer may see.

    `after` and `before` are public ids of accounts: the page goes on there. One that is gone, or
    that the viewer may not see, or before which there is nothing, begins at the first page.
    """
    by = _ORDERS[order]
    neighbour = _neighbour(ctx, after or before, by)
    conditions = _conditions(ctx, wanted)
    found = page_of(
        visible_accounts(ctx).where(*conditions),
        by,
        size,
        after=None if before else neighbour,
        before=neighbour if before else None,
    )
    rows = found.rows
    return AccountsPage(
        accounts=[account_of_row(row) for row in rows],
        before=rows[0].public_id if rows and found.earlier else "",
        after=rows[-1].public_id if rows and found.later else "",
        count=capped_count(visible_accounts(ctx, AccountRow.id).where(*conditions)),
    )


def _conditions(ctx: Context, wanted: AccountFilter) -> Sequence[Any]:
    conditions = [AccountRow.archived.is_null(not wanted.archived)]
    if wanted.type is not None:
        conditions.append(AccountRow.type == wanted.type)
    tags = AccountTagRow.of(ctx, AccountTagRow.account_id)
    groups = [wanted.tags] if wanted.any_tag else [(tag_id,) for tag_id in wanted.tags]
    for group in groups:
        if group:
            carrying = tags.where(AccountTagRow.tag_id.in_(group))
            conditions.append(_among(carrying, AccountTagRow.account_id))
    if wanted.member is not None:
        assigned = AssignmentRow.of(ctx, AssignmentRow.account_id)
        mine = assigned.where(AssignmentRow.member_id == wanted.member)
        conditions.append(_among(mine, AssignmentRow.account_id))
    if wanted.login is not None:
        signing_in = AddressSettingRow.of(ctx, AddressSettingRow.account_id).where(
            AddressSettingRow.login
        )
        having = _among(signing_in, AddressSettingRow.account_id)
        conditions.append(having if wanted.login else ~having)
    return conditions


def _among(keys: Any, account_id: Any) -> Any:
    """Whether an account is among these.

    Few are named: the database begins with them and sorts. Many are looked up one by one while it
    walks the list in its order, for there the page is soon full.
    """
    few = [row[0] for row in keys.clone().limit(FEW + 1).tuples()]
    if len(few) <= FEW:
        return AccountRow.id.in_(few)
    return fn.EXISTS(keys.where(account_id == AccountRow.id))


def _neighbour(ctx: Context, public_id: str, order: Order) -> Any:
    if not public_id:
        return None
    columns = (order.column, order.key)
    return visible_accounts(ctx, *columns).where(AccountRow.public_id == public_id).first()


def _order(column: Any, *, descending: bool = False) -> Order:
    return Order(column=column, key=AccountRow.id, descending=descending)


_ORDERS = {
    AccountOrder.NAME: _order(AccountRow.sort_name),
    AccountOrder.NAME_BACK: _order(AccountRow.sort_name, descending=True),
    AccountOrder.NUMBER: _order(AccountRow.id),
    AccountOrder.NUMBER_BACK: _order(AccountRow.id, descending=True),
    AccountOrder.OLDEST: _order(AccountRow.created),
    AccountOrder.NEWEST: _order(AccountRow.created, descending=True),
}
