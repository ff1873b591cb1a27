"""Portal access of an address on an account: granted, invited, active, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.account_changes import archive_account, bring_account_back
from crm_core.accounts import account_of
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.clients import account_of_client, accounts_of_client, client_of, firms_of_client
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.contacts import NewContact, add_contact
from crm_core.contexts import context_for_client, context_for_owner
from crm_core.links import link_contact, linked_contacts, unlink_contact
from crm_core.permissions import CORE_PERMISSIONS, USE_PORTAL, may
from crm_core.portal_access import AccessState, access_of_account
from crm_core.portal_invitations import (
    accept_client_invitation,
    find_client_invitation,
    invitations_of_account,
    invite_client,
    withdraw_client_invitation,
)
from crm_core.refusals import NotFound, Refused
from crm_core.testing.builders import a_client, a_firm, a_person, an_account, as_client, as_owner

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

ANNA = "anna@client.example"


def _email(ctx: Context, account: Account, address: str = ANNA) -> int:
    addresses = addresses_of_account(ctx, account)
    return next(key for key, email in addresses.items() if email.address == address)


def _login(ctx: Context, account: Account, email_id: int, *, on: bool) -> None:
    save_settings(ctx, account, {"core.login": {email_id: on}})


def _state(ctx: Context, account: Account, email_id: int) -> AccessState | None:
    access = access_of_account(ctx, account).get(email_id)
    return access.state if access else None


def _sees(store: Store, catalog: Catalog, firm: Firm, person: int) -> list[str]:
    """The names of the accounts that the person sees as a client."""
    try:
        with as_client(store, catalog, firm, person, write=False) as ctx:
            return [account.name for account in accounts_of_client(ctx)]
    except NotFound:
        return []


def test_por_1_access_is_granted_then_invited_then_active_then_off(
    store: Store, catalog: Catalog
) -> None:
    """POR-1: each state follows from what was done; a link works once."""
    firm, person, another = a_firm(store), a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery", emails=(ANNA,))
        email = _email(ctx, account)
        states = [_state(ctx, account, email)]
        with pytest.raises(Refused, match="no LOGIN"):
            invite_client(ctx, account, email)
        _login(ctx, account, email, on=True)
        states.append(_state(ctx, account, email))
        invitation, token = invite_client(ctx, account, email)
        states.append(_state(ctx, account, email))
        assert find_client_invitation(store, firm, token, ctx.now) == invitation
        accept_client_invitation(ctx, invitation, person)
        states.append(_state(ctx, account, email))
        assert find_client_invitation(store, firm, token, ctx.now) is None
        with pytest.raises(Refused, match="used or withdrawn"):
            accept_client_invitation(ctx, invitation, another)
        with pytest.raises(Refused, match="signs in already"):
            invite_client(ctx, account, email)
    assert states == [None, AccessState.GRANTED, AccessState.INVITED, AccessState.ACTIVE]
    assert _sees(store, catalog, firm, person) == ["Bakery"]
    assert _sees(store, catalog, firm, another) == []
    with as_owner(store, catalog, firm) as ctx:
        _login(ctx, account, email, on=False)
    assert _sees(store, catalog, firm, person) == []
    with as_owner(store, catalog, firm) as ctx:
        _login(ctx, account, email, on=True)
        assert _state(ctx, account, email) is AccessState.GRANTED, "it begins anew"
    assert _sees(store, catalog, firm, person) == []


def test_por_1_a_link_dies_when_it_is_old_sent_again_withdrawn_or_without_login(
    store: Store, catalog: Catalog
) -> None:
    """POR-1: thirty days; the latest link alone works, and none without LOGIN."""
    firm = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, emails=(ANNA,))
        email = _email(ctx, account)
        _login(ctx, account, email, on=True)
        _first, first = invite_client(ctx, account, email)
        _second, second = invite_client(ctx, account, email)
        assert find_client_invitation(store, firm, first, ctx.now) is None
        assert find_client_invitation(store, firm, second, ctx.now) is not None
        later = ctx.now + timedelta(days=30, seconds=1)
        assert find_client_invitation(store, firm, second, later) is None
        access = access_of_account(ctx, account)[email]
        assert (access.expired(ctx.now), access.expired(later)) == (False, True)
        _login(ctx, account, email, on=False)
        assert find_client_invitation(store, firm, second, ctx.now) is None
        _login(ctx, account, email, on=True)
        assert withdraw_client_invitation(ctx, account, email) == ANNA
        assert find_client_invitation(store, firm, second, ctx.now) is None
        assert _state(ctx, account, email) is AccessState.GRANTED
        with pytest.raises(NotFound):
            withdraw_client_invitation(ctx, account, email)
        outcomes = [i.outcome for i in invitations_of_account(ctx, account, 10)]
    assert outcomes == ["withdrawn", "replaced"]


def test_por_2_a_changed_address_kills_the_link_and_is_invited_itself(
    store: Store, catalog: Catalog
) -> None:
    """POR-2: LOGIN stays with the address in whose place another stands; its access does not."""
    firm, person = a_firm(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery", emails=(ANNA, "info@client.example"))
        email = _email(ctx, account)
        _login(ctx, account, email, on=True)
        _old, old = invite_client(ctx, account, email)
        ((invitation, token),) = _with_addresses(
            ctx, account, "ANNA@new.example", "info@client.example"
        )
        assert invitation.address == "ANNA@new.example"
        assert find_client_invitation(store, firm, old, ctx.now) is None
        assert _email(ctx, account, "ANNA@new.example") == email
        accept_client_invitation(ctx, invitation, person)
        assert find_client_invitation(store, firm, token, ctx.now) is None
    assert _sees(store, catalog, firm, person) == ["Bakery"]
    with as_owner(store, catalog, firm) as ctx:
        assert _with_addresses(ctx, account, "Anna@NEW.example", "info@client.example") == []
    assert _sees(store, catalog, firm, person) == ["Bakery"], "capitals make no other address"
    with as_owner(store, catalog, firm) as ctx:
        ((again, _token),) = _with_addresses(ctx, account, ANNA, "info@client.example")
        assert again.address == ANNA
        assert _state(ctx, account, email) is AccessState.INVITED
    assert _sees(store, catalog, firm, person) == []
    with as_owner(store, catalog, firm) as ctx:
        assert _with_addresses(ctx, account, "info@client.example") == []
        assert access_of_account(ctx, account) == {}


def _with_addresses(ctx: Context, account: Account, *emails: str) -> list[object]:
    (contact,) = linked_contacts(ctx, account)
    change = ContactChange(
        first_name=contact.first_name,
        last_name=contact.last_name,
        emails=emails,
        version=contact.version,
    )
    return list(change_contact(ctx, contact, change))


def test_acc_6_acc_7_one_address_of_two_contacts_sees_the_accounts_of_both(
    store: Store, catalog: Catalog
) -> None:
    """ACC-6, ACC-7: who signs in with an address sees what it has LOGIN on, and nothing else."""
    firm, other, person = a_firm(store), a_firm(store), a_person(store)
    with as_owner(store, catalog, other) as ctx:
        an_account(ctx, "Elsewhere", emails=(ANNA,))
    with as_owner(store, catalog, firm) as ctx:
        bakery = an_account(ctx, "Bakery", emails=(ANNA,))
        mill = an_account(ctx, "Mill", emails=(ANNA,))
        hidden = an_account(ctx, "Hidden", emails=(ANNA,))
        a_client(ctx, bakery, person)
        _login(ctx, mill, _email(ctx, mill), on=True)
    assert _sees(store, catalog, firm, person) == ["Bakery", "Mill"]
    assert _sees(store, catalog, other, person) == []
    with as_client(store, catalog, firm, person, write=False) as ctx:
        assert account_of_client(ctx, mill.public_id).name == "Mill"
        for unseen in (hidden.public_id, "0" * 32):
            with pytest.raises(NotFound):
                account_of_client(ctx, unseen)
    assert [found.slug for found in firms_of_client(store, person)] == [firm.slug]


@pytest.mark.parametrize("way", ["LOGIN off", "unlinked", "archived", "address removed"])
def test_acc_8_whatever_takes_access_away_takes_it_at_once(
    store: Store, catalog: Catalog, way: str
) -> None:
    """ACC-8: the next thing that the client asks for is refused."""
    firm, person = a_firm(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakery")
        contact = add_contact(ctx, NewContact(first_name="Anna", emails=(ANNA,)))
        link_contact(ctx, account, contact)
        email = a_client(ctx, account, person, ANNA)
    assert _sees(store, catalog, firm, person) == ["Bakery"]
    with as_owner(store, catalog, firm) as ctx:
        if way == "LOGIN off":
            _login(ctx, account, email, on=False)
        elif way == "unlinked":
            unlink_contact(ctx, account, contact)
        elif way == "archived":
            archive_account(ctx, account)
        else:
            anna = next(c for c in linked_contacts(ctx, account) if c.id == contact)
            change_contact(ctx, anna, ContactChange(first_name="Anna", version=anna.version))
    assert _sees(store, catalog, firm, person) == []
    if way == "archived":
        with as_owner(store, catalog, firm) as ctx:
            bring_account_back(ctx, account_of(ctx, account.public_id))
        assert _sees(store, catalog, firm, person) == ["Bakery"]


def test_por_3_the_same_person_is_staff_here_and_a_client_there(
    store: Store, catalog: Catalog
) -> None:
    """POR-3: in each firm they have the rights of what they are there, and no other."""
    person = a_person(store)
    own, firm = a_firm(store, owner_person_id=person), a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        a_client(ctx, an_account(ctx, emails=(ANNA,)), person)
    with as_client(store, catalog, firm, person, write=False) as ctx:
        had = {right.name for right in CORE_PERMISSIONS if may(ctx, right)}
        assert had == {USE_PORTAL.name}
        assert ctx.viewer.name.startswith("Carla Client")
    with store.firm_transaction(own.id, write=False):
        assert client_of(store, own, person) is None
        assert not may(context_for_owner(store, catalog, own), USE_PORTAL)
        with pytest.raises(NotFound):
            context_for_client(store, catalog, own, person)


def test_an_archived_account_invites_nobody(store: Store, catalog: Catalog) -> None:
    """The link of an invitation opens nothing while the account is archived."""
    firm = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, emails=(ANNA,))
        email = _email(ctx, account)
        _login(ctx, account, email, on=True)
        _invitation, token = invite_client(ctx, account, email)
        archive_account(ctx, account)
        assert find_client_invitation(store, firm, token, ctx.now) is None
        with pytest.raises(Refused, match="archived"):
            invite_client(ctx, evolve(account, archived=ctx.now), email)
