"""The list of accounts: those that the viewer may see, filtered, in an order (LST-1)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.accounts import Account, AccountType, account_of_row, visible_accounts
from crm_core.listing.narrowing import narrowing
from crm_core.listing.paging import Order, listed
from crm_core.search_and_lists import Keys
from crm_core.store.tables import AccountRow, AddressSettingRow, AssignmentRow
from crm_core.store.tag_rows import AccountTagRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.context import Context
    from crm_core.listing.narrowing import Narrowing


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
    others: tuple[Narrowing, ...] = ()


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
    page = listed(
        ctx,
        visible_accounts,
        _conditions(wanted),
        [*(narrowing(ctx, keys) for keys in _keys(ctx, wanted)), *wanted.others],
        _ORDERS[order],
        size,
        after=after,
        before=before,
    )
    return AccountsPage(
        accounts=[account_of_row(row) for row in page.rows],
        before=page.before,
        after=page.after,
        count=page.count,
    )


def _conditions(wanted: AccountFilter) -> Sequence[Any]:
    conditions = [AccountRow.archived.is_null(not wanted.archived)]
    if wanted.type is not None:
        conditions.append(AccountRow.type == wanted.type)
    return conditions


def _keys(ctx: Context, wanted: AccountFilter) -> Iterator[Keys]:
    tags = AccountTagRow.of(ctx, AccountTagRow.account_id)
    groups = [wanted.tags] if wanted.any_tag else [(tag_id,) for tag_id in wanted.tags]
    for group in groups:
        if group:
            yield Keys(query=tags.where(AccountTagRow.tag_id.in_(group)))
    if wanted.member is not None:
        assigned = AssignmentRow.of(ctx, AssignmentRow.account_id)
        yield Keys(query=assigned.where(AssignmentRow.member_id == wanted.member))
    if wanted.login is not None:
        settings = AddressSettingRow.of(ctx, AddressSettingRow.account_id)
        yield Keys(query=settings.where(AddressSettingRow.login), others=not wanted.login)


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
