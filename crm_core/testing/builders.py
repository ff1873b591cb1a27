"""Firms, members, accounts and contacts for tests, each with as little as it needs."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_core.access import assign
from crm_core.accounts import AccountType, NewAccount, create_account
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.contacts import NewContact, add_contact
from crm_core.contexts import context_for_client, context_for_owner, context_for_person
from crm_core.firms import Firm, NewFirm, create_firm, create_person
from crm_core.membership import add_member, set_rights
from crm_core.permissions import Role
from crm_core.portal_invitations import accept_client_invitation, invite_client
from crm_core.team import list_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.permissions import Permission
    from crm_core.store.database import Store

_numbers = itertools.count(1)


def a_person(store: Store) -> int:
    """A person of the deployment, who cannot sign in."""
    with store.deployment_transaction(write=True):
        return create_person(store)


def a_firm(
    store: Store, slug: str = "", owner_person_id: int | None = None, edition: str = "pro"
) -> Firm:
    """A firm with an owner of its own, or with the person that is given."""
    number = next(_numbers)
    return create_firm(
        store,
        NewFirm(
            name=(slug or f"Firm {number}").title(),
            slug=slug or f"firm-{number}",
            owner_person_id=owner_person_id or a_person(store),
            owner_name="Olga Owner",
            owner_address="olga@firm.example",
            letter="A",
            zone="Europe/Amsterdam",
            edition=edition,
        ),
    )


def an_employee(
    ctx: Context, *rights: Permission, accounts: tuple[Account, ...] = (), person_id: int
) -> int:
    """Makes a person an employee with these rights, on these accounts."""
    member_id = add_member(ctx, person_id, "Emil Employee", "emil@firm.example", Role.EMPLOYEE)
    (member,) = (member for member in list_members(ctx) if member.id == member_id)
    set_rights(ctx, member, {right.name for right in rights})
    for account in accounts:
        assign(ctx, account.id, member_id)
    return member_id


def an_account(ctx: Context, name: str = "", **more: str) -> Account:
    """An individual's account with one contact; `more` are fields of the contact."""
    number = next(_numbers)
    contact = NewContact(**{"first_name": "Carla", "last_name": f"Client {number}", **more})  # type: ignore[arg-type]
    return create_account(ctx, NewAccount(type=AccountType.INDIVIDUAL, name=name, contact=contact))


def a_contact(ctx: Context, first_name: str = "Carl", *emails: str) -> int:
    """A contact that is linked to nothing."""
    return add_contact(
        ctx, NewContact(first_name=first_name, last_name=f"No. {next(_numbers)}", emails=emails)
    )


@contextmanager
def as_owner(
    store: Store, catalog: Catalog, firm: Firm, *, write: bool = True
) -> Iterator[Context]:
    """A transaction of the firm in which its owner asks."""
    with store.firm_transaction(firm.id, write=write):
        yield context_for_owner(store, catalog, firm)


@contextmanager
def as_person(
    store: Store, catalog: Catalog, firm: Firm, person_id: int, *, write: bool = True
) -> Iterator[Context]:
    """A transaction of the firm in which this person asks."""
    with store.firm_transaction(firm.id, write=write):
        yield context_for_person(store, catalog, firm, person_id)


@contextmanager
def as_client(
    store: Store, catalog: Catalog, firm: Firm, person_id: int, *, write: bool = True
) -> Iterator[Context]:
    """A transaction of the firm in which this person asks as a client."""
    with store.firm_transaction(firm.id, write=write):
        yield context_for_client(store, catalog, firm, person_id)


def with_login(ctx: Context, account: Account, address: str = "") -> int:
    """Switches LOGIN on for an address of the account, the first if none is named; its key."""
    email_id = next(
        key
        for key, email in addresses_of_account(ctx, account).items()
        if address in ("", email.address)
    )
    save_settings(ctx, account, {"core.login": {email_id: True}})
    return email_id


def a_client(ctx: Context, account: Account, person_id: int, address: str = "") -> int:
    """Lets a person sign in to an account: LOGIN on, invited, accepted; answers the address's key.

    Without an `address` it is the first of the account.
    """
    email_id = with_login(ctx, account, address)
    invitation, _token = invite_client(ctx, account, email_id)
    accept_client_invitation(ctx, invitation, person_id)
    return email_id
