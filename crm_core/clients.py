"""Clients: the persons who sign in to the portal, and which accounts each of them sees there.

A client is a person behind an e-mail address of the firm's contacts (`ClientRow`). LOGIN says, for
each account and address, what they may sign in to (ACC-7). It is asked each time, so what is
switched off, unlinked or archived is out of reach at once (ACC-8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve
from peewee import JOIN

from crm_core.accounts import account_of_row
from crm_core.firms import firm_of_row
from crm_core.permissions import Role
from crm_core.refusals import NotFound
from crm_core.store.database import FirmScope
from crm_core.store.portal_rows import ClientRow
from crm_core.store.statements import compiled
from crm_core.store.tables import (
    AccountRow,
    AddressSettingRow,
    ContactEmailRow,
    ContactRow,
    FirmRecord,
)
from crm_core.team import Viewer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Scoped, Store


def client_of(store: Store, firm: Firm, person_id: int) -> Viewer | None:
    """The client that this person is in the firm, or None where they can sign in to nothing.

    They are called as the contact is. Within a firm transaction; one query.
    """
    row = next(iter(_client(FirmScope(store, firm), person_id)), None)
    return None if row is None else _viewer(person_id, row.name)


def client_behind(ctx: Context, account: Account, email_id: int) -> Viewer:
    """The client whom an address of the account stands for, as if they had signed in with it.

    Where nobody has yet, nobody's person key stands in. `NotFound` for an address without LOGIN.
    """
    row = next(iter(_behind(ctx, account.id, email_id)), None)
    if row is None:
        raise NotFound
    return evolve(_viewer(row.person_id or 0, row.name), email_id=email_id)


def account_of_client(ctx: Context, public_id: str) -> Account:
    """The account with this public id, if the client may sign in to it; otherwise `NotFound`."""
    found = next(iter(_account(ctx, ctx.viewer.person_id, public_id)), None)
    if found is None:
        raise NotFound
    return account_of_row(found)


def accounts_of_client(ctx: Context) -> Sequence[Account]:
    """The accounts that the client may sign in to, by name (POR-3)."""
    return [account_of_row(row) for row in _accounts(ctx, ctx.viewer.person_id)]


def has_several_accounts(ctx: Context) -> bool:
    """Whether the client may sign in to more than one account. One query."""
    return len(list(_some_accounts(ctx, ctx.viewer.person_id, 2))) > 1


def accounts_with_addresses(ctx: Context) -> Sequence[tuple[int, str]]:
    """The keys of the accounts that the client may sign in to, each with an address of theirs."""
    columns = (AddressSettingRow.account_id, ContactEmailRow.address)
    query = _signing_in(ContactEmailRow.of(ctx, *columns), ctx.viewer.person_id)
    rows = query.order_by(AddressSettingRow.account_id, ContactEmailRow.id).objects()
    return list({row.account_id: (row.account_id, row.address) for row in rows}.values())


def contacts_of_client(ctx: Context, account: Account) -> Sequence[str]:
    """The public ids of the account's contacts as whom the client signs in to it: mostly one."""
    return [public_id for _key, public_id in _contacts_behind(ctx, account)]


def contact_keys_of_client(ctx: Context, account: Account) -> Collection[int]:
    """The keys of the account's contacts as whom the client acts on it: mostly one.

    For whoever acts by a link of a mail, or looks as an address: the contact of that address.
    """
    if ctx.viewer.email_id:
        email = ContactEmailRow.of(ctx, ContactEmailRow.contact_id)
        return [row.contact_id for row in email.where(ContactEmailRow.id == ctx.viewer.email_id)]
    return [key for key, _public_id in _contacts_behind(ctx, account)]


def contact_keys_on(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Collection[int]]:
    """The keys of the contacts as whom the client signs in, on each of these accounts; in bulk."""
    columns = (AddressSettingRow.account_id, ContactEmailRow.contact_id)
    query = _signing_in(ContactEmailRow.of(ctx, *columns), ctx.viewer.person_id)
    found: dict[int, set[int]] = {}
    rows = query.where(AddressSettingRow.account_id.in_(list(account_ids))).objects()
    for row in rows:
        found.setdefault(row.account_id, set()).add(row.contact_id)
    return found


def _contacts_behind(ctx: Context, account: Account) -> Sequence[tuple[int, str]]:
    query = (
        _signing_in(
            ContactEmailRow.of(ctx, ContactRow.id, ContactRow.public_id).join(
                ContactRow,
                on=(ContactRow.firm_id == ContactEmailRow.firm_id)
                & (ContactRow.id == ContactEmailRow.contact_id),
            ),
            ctx.viewer.person_id,
        )
        .where(AddressSettingRow.account_id == account.id)
        .order_by(ContactRow.id)
        .tuples()
    )
    return list(dict.fromkeys(query))


def addresses_of_client(ctx: Context, account: Account) -> Sequence[str]:
    """The keys of the addresses with which the client signs in to the account: mostly one."""
    query = _signing_in(ContactEmailRow.of(ctx, ContactEmailRow.address_key), ctx.viewer.person_id)
    rows = query.where(AddressSettingRow.account_id == account.id).order_by(ContactEmailRow.id)
    return list(dict.fromkeys(row.address_key for row in rows.objects()))


def account_behind(ctx: Context, account_id: int, email_id: int) -> Account | None:
    """The account, where somebody signs in to it with this address; otherwise None."""
    row = next(iter(_signed_in_to(ctx, account_id, email_id)), None)
    return None if row is None else account_of_row(row)


def firms_of_client(store: Store, person_id: int) -> Sequence[Firm]:
    """The firms of which this person is a client, by name. Opens its own transaction.

    Whether they can sign in to anything there now is said by `client_of` alone.
    """
    with store.deployment_transaction(write=False, person_id=person_id):
        keys = ClientRow.of_person(store, person_id)
        firms = FirmRecord.of(store).where(FirmRecord.id.in_(keys)).order_by(FirmRecord.name)
        return [firm_of_row(row) for row in firms]


def end_clients(ctx: Context, address_keys: Collection[str]) -> None:
    """Forgets who stands behind those of these addresses that can sign in to nothing any more.

    Whoever may do so later is invited anew: the address may be another person's by then. Called by
    whatever takes LOGIN away, within its transaction.
    """
    if not address_keys:
        return
    left = (
        ContactEmailRow.of(ctx, ContactEmailRow.address_key)
        .join(AddressSettingRow, on=_setting_of_email())
        .where(ContactEmailRow.address_key.in_(list(address_keys)) & AddressSettingRow.login)
    )
    ended = set(address_keys) - {row.address_key for row in left}
    if ended:
        ClientRow.remove(ctx).where(ClientRow.address_key.in_(sorted(ended))).execute()


def _viewer(person_id: int, name: str) -> Viewer:
    return Viewer(person_id=person_id, member_id=0, name=name, role=Role.CLIENT, rights=frozenset())


@compiled
def _client(asked: Scoped, person_id: Any) -> Any:
    query = _signing_in(
        ContactEmailRow.of(asked, ContactRow.name).join(
            ContactRow,
            on=(ContactRow.firm_id == ContactEmailRow.firm_id)
            & (ContactRow.id == ContactEmailRow.contact_id),
        ),
        person_id,
    )
    return query.order_by(ContactRow.id).limit(1).objects()


@compiled
def _behind(asked: Scoped, account_id: Any, email_id: Any) -> Any:
    return (
        ContactEmailRow.of(asked, ContactRow.name, ClientRow.person_id)
        .join(
            ContactRow,
            on=(ContactRow.firm_id == ContactEmailRow.firm_id)
            & (ContactRow.id == ContactEmailRow.contact_id),
        )
        .join_from(ContactEmailRow, AddressSettingRow, on=_setting_of_email())
        .join_from(ContactEmailRow, ClientRow, JOIN.LEFT_OUTER, on=_client_of_email())
        .where(
            (AddressSettingRow.account_id == account_id)
            & (ContactEmailRow.id == email_id)
            & AddressSettingRow.login
        )
        .objects()
    )


@compiled
def _signed_in_to(asked: Scoped, account_id: Any, email_id: Any) -> Any:
    return (
        AccountRow.of(asked)
        .join(
            AddressSettingRow,
            on=(AddressSettingRow.firm_id == AccountRow.firm_id)
            & (AddressSettingRow.account_id == AccountRow.id),
        )
        .join_from(
            AddressSettingRow,
            ContactEmailRow,
            on=(ContactEmailRow.firm_id == AddressSettingRow.firm_id)
            & (ContactEmailRow.id == AddressSettingRow.email_id),
        )
        .join_from(ContactEmailRow, ClientRow, on=_client_of_email())
        .where(
            (AccountRow.id == account_id)
            & (AddressSettingRow.email_id == email_id)
            & AddressSettingRow.login
            & AccountRow.archived.is_null()
        )
    )


@compiled
def _account(asked: Scoped, person_id: Any, public_id: Any) -> Any:
    return _open_accounts(asked, person_id).where(AccountRow.public_id == public_id).limit(1)


@compiled
def _accounts(asked: Scoped, person_id: Any) -> Any:
    return _open_accounts(asked, person_id).order_by(AccountRow.sort_name, AccountRow.id)


@compiled
def _some_accounts(asked: Scoped, person_id: Any, most: Any) -> Any:
    return _open_accounts(asked, person_id, AccountRow.id).limit(most)


def _open_accounts(asked: Scoped, person_id: Any, *columns: Any) -> Any:
    """The accounts to which an address of this person has LOGIN, each once."""
    may_sign_in = _signing_in(ContactEmailRow.of(asked, AddressSettingRow.account_id), person_id)
    return AccountRow.of(asked, *columns).where(
        AccountRow.id.in_(may_sign_in) & AccountRow.archived.is_null()
    )


def _signing_in(query: Any, person_id: Any) -> Any:
    """Of a query over addresses those with LOGIN on an account in use, behind which is a person."""
    in_use = AccountRow.alias("signed_in_to")
    return (
        query.join_from(ContactEmailRow, ClientRow, on=_client_of_email())
        .join_from(ContactEmailRow, AddressSettingRow, on=_setting_of_email())
        .join_from(
            AddressSettingRow,
            in_use,
            on=(in_use.firm_id == AddressSettingRow.firm_id)
            & (in_use.id == AddressSettingRow.account_id),
        )
        .where(
            (ClientRow.person_id == person_id) & AddressSettingRow.login & in_use.archived.is_null()
        )
    )


def _client_of_email() -> Any:
    return (ClientRow.firm_id == ContactEmailRow.firm_id) & (
        ClientRow.address_key == ContactEmailRow.address_key
    )


def _setting_of_email() -> Any:
    return (AddressSettingRow.firm_id == ContactEmailRow.firm_id) & (
        AddressSettingRow.email_id == ContactEmailRow.id
    )
