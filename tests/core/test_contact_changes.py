"""Contacts that change, are described and switched: what belongs to whom, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.address_settings import accounts_with_login, save_settings, settings_of_account
from crm_core.contact_book import accounts_of_contact, contact_of
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.contacts import Detail, NewContact, add_contact
from crm_core.links import (
    accounts_sharing_contacts,
    describe_link,
    link_contact,
    linked_contacts,
    unlink_contact,
)
from crm_core.listing.contacts import list_contacts
from crm_core.permissions import MANAGE_CONTACTS, VIEW_ALL_CONTACTS
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.testing.builders import (
    a_contact,
    a_firm,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.contact_book import Contact
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

LOGIN, NOTIFY = "core.login", "core.notify"


def on(ctx: Context, account: Account) -> dict[str, set[int]]:
    """The addresses that each setting is on for."""
    return {setting.name: set(setting.on or ()) for setting in settings_of_account(ctx, account)}


def change(ctx: Context, contact: Contact, *emails: str, **more: object) -> None:
    wanted = {"first_name": "Anna", "emails": emails, "version": contact.version, **more}
    change_contact(ctx, contact, ContactChange(**wanted))  # type: ignore[arg-type]


def test_acc_6_settings_belong_to_account_contact_and_address(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-6, C5, C6."""
    with as_owner(store, catalog, firm) as ctx:
        shop, trust = an_account(ctx, "Shop"), an_account(ctx, "Trust")
        key = a_contact(ctx, "Anna", "one@x.example", "two@x.example")
        for account in (shop, trust):
            link_contact(ctx, account, key)
        (contact,) = (c for c in linked_contacts(ctx, shop) if c.id == key)
        one, two = (email.id for email in contact.addresses)
        save_settings(ctx, shop, {LOGIN: {one: True}, NOTIFY: {one: True, two: True}})
        save_settings(ctx, shop, {NOTIFY: {one: False}})
        assert on(ctx, shop) == {LOGIN: {one}, NOTIFY: {two}}
        assert on(ctx, trust) == {LOGIN: set(), NOTIFY: set()}
        save_settings(ctx, trust, {LOGIN: {two: True, 0: True}})
        assert on(ctx, trust)[LOGIN] == {two}
        unlink_contact(ctx, shop, key)
        link_contact(ctx, shop, key)
        assert on(ctx, shop) == {LOGIN: set(), NOTIFY: set()}
        assert on(ctx, trust)[LOGIN] == {two}


def test_acc_7_login_opens_one_account_and_no_other(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-7, ACC-11: of one person's accounts, and of two with the same address, one alone."""
    with as_owner(store, catalog, firm) as ctx:
        shop, trust, other = (an_account(ctx, name) for name in ("Shop", "Trust", "Other"))
        key = a_contact(ctx, "Anna", "anna@x.example")
        for account in (shop, trust):
            link_contact(ctx, account, key)
        link_contact(ctx, other, a_contact(ctx, "Namesake", "anna@x.example"))
        (address,) = (c.addresses[0].id for c in linked_contacts(ctx, shop) if c.id == key)
        save_settings(ctx, shop, {LOGIN: {address: True}})
        every = {account.id for account in (shop, trust, other)}
        assert accounts_with_login(ctx, every) == {shop.id}


def test_addresses_that_stay_keep_their_settings_in_any_order(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """C4."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Shop")
        key = a_contact(ctx, "Anna", "one@x.example", "two@x.example")
        link_contact(ctx, account, key)
        (contact,) = (c for c in linked_contacts(ctx, account) if c.id == key)
        two = contact.addresses[1].id
        save_settings(ctx, account, {LOGIN: {two: True}})
        change(ctx, contact, "TWO@x.example", "three@x.example")
        changed = contact_of(ctx, contact.public_id)
        assert changed.emails == ("TWO@x.example", "three@x.example")
        assert changed.addresses[0].id == two
        assert on(ctx, account)[LOGIN] == {two}
        change(ctx, changed, "three@x.example", "two@x.example", "three@x.example")
        assert contact_of(ctx, contact.public_id).emails == ("three@x.example", "two@x.example")


def test_acc_15_the_second_of_two_sees_what_the_first_saved(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Shop")
        (contact,) = linked_contacts(ctx, account)
        change(ctx, contact, "new@x.example", phone="1")
        with pytest.raises(Stale) as stale:
            change(ctx, contact_of(ctx, contact.public_id), version=contact.version)
        assert stale.value.now["phone"] == "1"
        describe_link(ctx, account, contact, "Director", contact.link_version)
        with pytest.raises(Stale):
            describe_link(ctx, account, contact, "Owner", contact.link_version)
        assert linked_contacts(ctx, account)[0].description == "Director"


def test_a_contact_keeps_the_details_that_nobody_dropped_and_needs_a_name(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        details = (Detail(label="Birthday", value="1970-01-01"), Detail(label="Fax", value="1"))
        add_contact(ctx, NewContact(first_name="Anna", details=details))
        (contact,) = list_contacts(ctx).contacts
        change(ctx, contact, details=details[:1])
        changed = contact_of(ctx, contact.public_id)
        assert changed.details == details[:1]
        with pytest.raises(Refused, match="needs a name"):
            change(ctx, changed, first_name=" ")


def test_acc_2_both_directions_are_shown_to_whoever_may_see_them(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-2, R4."""
    emil = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        shop, trust = an_account(ctx, "Shop"), an_account(ctx, "Trust")
        key = a_contact(ctx, "Anna")
        link_contact(ctx, shop, key, "Director")
        link_contact(ctx, trust, key, "Trustee")
        (contact,) = (c for c in linked_contacts(ctx, shop) if c.id == key)
        links = accounts_of_contact(ctx, key)
        assert [(link.account.name, link.description) for link in links] == [
            ("Shop", "Director"),
            ("Trust", "Trustee"),
        ]
        shared = accounts_sharing_contacts(ctx, shop)
        assert {k: [a.name for a in v] for k, v in shared.items()} == {contact.public_id: ["Trust"]}
        an_employee(ctx, accounts=(shop,), person_id=emil)
    with as_person(store, catalog, firm, emil) as ctx:
        assert [link.account.name for link in accounts_of_contact(ctx, key)] == ["Shop"]
        assert accounts_sharing_contacts(ctx, shop) == {}


def test_lst_2_contacts_are_listed_as_far_as_one_may_see(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """LST-2."""
    emil, vera = a_person(store), a_person(store)
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        an_account(ctx, first_name="Foreign", last_name="Name")
    with as_owner(store, catalog, firm) as ctx:
        shop = an_account(ctx, first_name="Anna", last_name="Éclair", emails=("a@x.example",))  # type: ignore[arg-type]
        an_account(ctx, first_name="Bert", last_name="Name")
        an_employee(ctx, accounts=(shop,), person_id=emil)
        an_employee(ctx, VIEW_ALL_CONTACTS, person_id=vera)
        names = [c.name for c in list_contacts(ctx).contacts]
        assert names == ["Anna Éclair", "Bert Name"]
        first = list_contacts(ctx, size=1)
        second = list_contacts(ctx, size=1, after=first.after)
        assert [c.name for c in second.contacts] == ["Bert Name"]
        back = list_contacts(ctx, size=1, before=second.before)
        assert back == first
    with as_person(store, catalog, firm, emil) as ctx:
        assert [c.name for c in list_contacts(ctx).contacts] == ["Anna Éclair"]
    with as_person(store, catalog, firm, vera) as ctx:
        assert list_contacts(ctx).count == 2


def test_changing_a_contact_needs_a_right(store: Store, catalog: Catalog, firm: Firm) -> None:
    """PER-4."""
    emil, cora = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        (contact,) = linked_contacts(ctx, account)
        an_employee(ctx, accounts=(account,), person_id=emil)
        an_employee(ctx, MANAGE_CONTACTS, accounts=(account,), person_id=cora)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, emil) as ctx:
        change(ctx, contact)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, cora) as ctx:
        save_settings(ctx, account, {LOGIN: {contact.id: True}})
    with as_person(store, catalog, firm, cora) as ctx:
        change(ctx, contact, "new@x.example")
    with pytest.raises(NotFound), as_person(store, catalog, firm, emil) as ctx:
        contact_of(ctx, "0" * 32)
