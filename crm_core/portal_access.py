"""Portal access of each e-mail address on one account: granted, invited, active (POR-1, C5, C9)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import JOIN

from crm_core.accounts import account_of_row
from crm_core.search_and_lists import Keys
from crm_core.store.portal_rows import ClientRow, PortalInvitationRow
from crm_core.store.statements import compiled
from crm_core.store.tables import AccountRow, AddressSettingRow, ContactEmailRow, ContactRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import peewee

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.store.database import Scoped


class AccessState(StrEnum):
    """How far an address with LOGIN is. GRANTED and INVITED both wait for activation."""

    GRANTED = "granted"
    INVITED = "invited"
    ACTIVE = "active"


@frozen(kw_only=True)
class AddressAccess:
    """The portal access of one address: when it was invited, and until when the link works."""

    address: str
    state: AccessState
    invited: datetime | None = None
    expires: datetime | None = None

    def expired(self, now: datetime) -> bool:
        """Whether the link of the invitation is too old."""
        return self.expires is not None and self.expires <= now


@frozen(kw_only=True)
class PendingAddress:
    """An address that has LOGIN on an account and has not signed in yet."""

    email_id: int
    contact: str
    account: Account
    access: AddressAccess


def access_of_account(ctx: Context, account: Account) -> Mapping[int, AddressAccess]:
    """The portal access of the account's addresses that have LOGIN, by their keys; one query.

    They are in the order of the addresses.
    """
    return {row.email_id: _access(row) for row in _of_account(ctx, account.id)}


@compiled
def _of_account(asked: Scoped, account_id: Any) -> Any:
    rows = addresses_with_login(
        asked,
        ContactEmailRow.id.alias("email_id"),
        ContactEmailRow.address,
        ClientRow.id.alias("client_id"),
        PortalInvitationRow.created.alias("invited"),
        PortalInvitationRow.expires,
    ).where(AddressSettingRow.account_id == account_id)
    return rows.order_by(ContactEmailRow.address, ContactEmailRow.id).objects()


def pending_addresses(
    ctx: Context, accounts: peewee.ModelSelect[Any], most: int
) -> Sequence[PendingAddress]:
    """The addresses on these accounts that wait for activation, by the account's name.

    `accounts` is a query such as `visible_accounts` gives: its accounts are those that are meant.
    """
    keys = accounts.select(AccountRow.id)
    rows = (
        addresses_with_login(
            ctx,
            AccountRow,
            ContactEmailRow.id.alias("email_id"),
            ContactEmailRow.address,
            ContactRow.name.alias("contact"),
            ClientRow.id.alias("client_id"),
            PortalInvitationRow.created.alias("invited"),
            PortalInvitationRow.expires,
        )
        .join_from(
            AddressSettingRow,
            AccountRow,
            on=(AccountRow.firm_id == AddressSettingRow.firm_id)
            & (AccountRow.id == AddressSettingRow.account_id),
        )
        .join_from(
            ContactEmailRow,
            ContactRow,
            on=(ContactRow.firm_id == ContactEmailRow.firm_id)
            & (ContactRow.id == ContactEmailRow.contact_id),
        )
        .where(AccountRow.id.in_(keys) & AccountRow.archived.is_null() & ClientRow.id.is_null())
        .order_by(AccountRow.sort_name, AccountRow.id, ContactEmailRow.id)
        .limit(most)
    )
    return [
        PendingAddress(
            email_id=row.email_id,
            contact=row.contact,
            account=account_of_row(row),
            access=_access(row),
        )
        for row in rows.objects()
    ]


def accounts_offline(ctx: Context) -> Keys:
    """The accounts on which no address has LOGIN."""
    return Keys(query=_login(ctx), others=True)


def accounts_pending(ctx: Context) -> Keys:
    """The accounts on which an address has LOGIN and has not signed in yet."""
    rows = addresses_with_login(ctx, AddressSettingRow.account_id)
    return Keys(query=rows.where(ClientRow.id.is_null()))


def _login(ctx: Context) -> Any:
    settings = AddressSettingRow.of(ctx, AddressSettingRow.account_id)
    return settings.where(AddressSettingRow.login)


def addresses_signing_in(asked: Scoped, account_id: Any, *columns: Any) -> Any:
    """A query for the account's addresses that have LOGIN, to be narrowed and ordered.

    Its rows have `address`, `pending` and these columns; it starts from `ContactEmailRow`.
    """
    pending = ClientRow.id.is_null().alias("pending")
    rows = addresses_with_login(asked, ContactEmailRow.address, pending, *columns)
    return rows.where(AddressSettingRow.account_id == account_id).objects()


def addresses_with_login(ctx: Scoped, *columns: Any) -> Any:
    """A query for addresses with LOGIN, with who stands behind each and its open invitation."""
    return (
        ContactEmailRow.of(ctx, *columns)
        .join(
            AddressSettingRow,
            on=(AddressSettingRow.firm_id == ContactEmailRow.firm_id)
            & (AddressSettingRow.email_id == ContactEmailRow.id)
            & AddressSettingRow.login,
        )
        .join_from(
            ContactEmailRow,
            ClientRow,
            JOIN.LEFT_OUTER,
            on=(ClientRow.firm_id == ContactEmailRow.firm_id)
            & (ClientRow.address_key == ContactEmailRow.address_key),
        )
        .join_from(
            ContactEmailRow,
            PortalInvitationRow,
            JOIN.LEFT_OUTER,
            on=(PortalInvitationRow.firm_id == ContactEmailRow.firm_id)
            & (PortalInvitationRow.account_id == AddressSettingRow.account_id)
            & (PortalInvitationRow.email_id == ContactEmailRow.id)
            & (PortalInvitationRow.address_key == ContactEmailRow.address_key)
            & PortalInvitationRow.ended.is_null(),
        )
    )


def _access(row: Any) -> AddressAccess:
    if row.client_id is not None:
        return AddressAccess(address=row.address, state=AccessState.ACTIVE)
    if row.invited is None:
        return AddressAccess(address=row.address, state=AccessState.GRANTED)
    return AddressAccess(
        address=row.address,
        state=AccessState.INVITED,
        invited=row.invited,
        expires=row.expires,
    )
