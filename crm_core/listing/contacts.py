"""The list of contacts: those that the viewer may see, filtered, in an order (LST-2)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.accounts import visible_accounts
from crm_core.contact_book import Contact, contacts_of_rows, visible_contacts
from crm_core.listing.narrowing import narrowing
from crm_core.listing.paging import Order, listed
from crm_core.permissions import VIEW_ALL_ACCOUNTS, may
from crm_core.search_and_lists import Keys
from crm_core.store.tables import AccountRow, AddressSettingRow, ContactEmailRow, ContactRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core.context import Context
    from crm_core.listing.narrowing import Narrowing


class ContactOrder(StrEnum):
    """By what the list is ordered."""

    NAME = "name"
    NAME_BACK = "-name"
    NEWEST = "-created"
    OLDEST = "created"


@frozen(kw_only=True)
class ContactFilter:
    """Which contacts the list holds: those to which everything here applies.

    With `email` they have an e-mail address, with `login` one that may sign in to the portal of an
    account that the viewer may see; without it they have none. `others` are filters by the firm's
    own fields, and those of modules.
    """

    email: bool | None = None
    login: bool | None = None
    others: tuple[Narrowing, ...] = ()


EVERYBODY = ContactFilter()


@frozen(kw_only=True)
class ContactsPage:
    """One page of the list of contacts; `before`, `after` and `count` as for accounts."""

    contacts: Sequence[Contact]
    before: str
    after: str
    count: int


def list_contacts(
    ctx: Context,
    wanted: ContactFilter = EVERYBODY,
    *,
    order: ContactOrder = ContactOrder.NAME,
    size: int = 50,
    after: str = "",
    before: str = "",
) -> ContactsPage:
    """One page of the contacts that the viewer may see; see `list_accounts`."""
    page = listed(
        ctx,
        visible_contacts,
        (),
        [*(narrowing(ctx, keys) for keys in _keys(ctx, wanted)), *wanted.others],
        _ORDERS[order],
        size,
        after=after,
        before=before,
    )
    return ContactsPage(
        contacts=contacts_of_rows(ctx, page.rows),
        before=page.before,
        after=page.after,
        count=page.count,
    )


def _keys(ctx: Context, wanted: ContactFilter) -> Iterator[Keys]:
    if wanted.email is not None:
        yield Keys(
            query=ContactEmailRow.of(ctx, ContactEmailRow.contact_id), others=not wanted.email
        )
    if wanted.login is not None:
        settings = AddressSettingRow.of(ctx, AddressSettingRow.contact_id)
        signing_in = settings.where(AddressSettingRow.login)
        if not may(ctx, VIEW_ALL_ACCOUNTS):
            seen = visible_accounts(ctx, AccountRow.id)
            signing_in = signing_in.where(AddressSettingRow.account_id.in_(seen))
        yield Keys(query=signing_in, others=not wanted.login)


def _order(column: Any, *, descending: bool = False) -> Order:
    return Order(column=column, key=ContactRow.id, descending=descending)


_ORDERS = {
    ContactOrder.NAME: _order(ContactRow.sort_name),
    ContactOrder.NAME_BACK: _order(ContactRow.sort_name, descending=True),
    ContactOrder.OLDEST: _order(ContactRow.created),
    ContactOrder.NEWEST: _order(ContactRow.created, descending=True),
}
