"""Contacts: their name, their addresses and details, and who may see one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.contact_book import contact_of
from crm_core.contacts import Detail, NewContact, add_contact, add_contacts
from crm_core.links import link_contact, linked_contacts
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, VIEW_ALL_CONTACTS
from crm_core.postal import PostalAddress
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.store.tables import ContactRow
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
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.links import LinkedContact
    from crm_core.store.database import Store


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (NewContact(first_name=" Anna ", middle_name="M.", last_name="de Haan"), "Anna M. de Haan"),
        (NewContact(last_name="Bos", company="Bakery"), "Bos"),
        (NewContact(company=" Bakery ", emails=("a@x.example",)), "Bakery"),
        (NewContact(emails=("a@x.example", "b@x.example")), "a@x.example"),
        (NewContact(first_name=" ", company=" ", phone="1"), ""),
    ],
)
def test_a_name_is_the_persons_or_the_companys_or_the_address(new: NewContact, name: str) -> None:
    assert new.name == name


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            PostalAddress(
                street="Markt 1",
                postcode="2011 RD",
                city="Haarlem",
                region="NH",
                country="Netherlands",
            ),
            ("Markt 1", "2011 RD Haarlem", "NH", "Netherlands"),
        ),
        (PostalAddress(city="Haarlem"), ("Haarlem",)),
        (PostalAddress(postcode="2011 RD", country="NL"), ("2011 RD", "NL")),
        (PostalAddress(), ()),
    ],
)
def test_an_address_is_shown_as_the_lines_that_are_known(
    address: PostalAddress, lines: tuple[str, ...]
) -> None:
    assert address.lines() == lines


def test_everything_that_is_known_comes_back_in_its_order(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    address = PostalAddress(street="Markt 1", postcode="2011", city="H", region="N", country="NL")
    details = tuple(Detail(label=f"L{n}", value=f"V{n}") for n in (3, 1, 2))
    new = NewContact(
        first_name=" Anna ",
        last_name=" de Haan ",
        company=" Bakery ",
        phone=" 06 ",
        address=address,
        emails=("z@x.example", "a@x.example"),
        details=details,
    )
    with as_owner(store, catalog, firm) as ctx:
        found = on_an_account(ctx, add_contact(ctx, new))
        row = ContactRow.of(ctx).where(ContactRow.id == found.id).get()
    assert (found.name, found.company, found.phone) == ("Anna de Haan", "Bakery", "06")
    assert (found.emails, found.address) == (("z@x.example", "a@x.example"), address)
    assert found.details == details
    assert (row.first_name, row.last_name, row.sort_name) == ("Anna", "de Haan", "anna de haan")


def test_of_two_spellings_of_an_address_the_first_stays(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        contact = a_contact(ctx, "Anna", "Anna@x.example", "b@x.example", "anna@X.example")
        assert on_an_account(ctx, contact).emails == ("Anna@x.example", "b@x.example")


def test_acc_4_a_contact_without_an_address_may_be_linked(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-4."""
    with as_owner(store, catalog, firm) as ctx:
        assert on_an_account(ctx, a_contact(ctx)).emails == ()


def test_many_at_once_keep_their_order_and_their_own_addresses(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    many = [NewContact(first_name=f"N{n}", emails=(f"n{n}@x.example",)) for n in range(1200)]
    with as_owner(store, catalog, firm) as ctx:
        keys = add_contacts(ctx, many)
        assert len(set(keys)) == len(many)
        for place in (0, 499, 500, 1199):
            found = on_an_account(ctx, keys[place])
            assert (found.name, found.emails) == (f"N{place}", (f"n{place}@x.example",))
        assert add_contacts(ctx, []) == []


def test_one_that_is_nobody_is_refused_and_none_of_the_others_is_stored(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    for nobody in (NewContact(), NewContact(first_name="  ", phone="06")):
        with pytest.raises(Refused, match="needs a name"), as_owner(store, catalog, firm) as ctx:
            add_contacts(ctx, [NewContact(first_name="Anna"), nobody])
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert ContactRow.of(ctx).count() == 0


def test_contacts_of_an_account_are_alphabetical_whatever_the_accents(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, first_name="Élan", last_name="")
        for name in ("zoë", "Anna", "Fritz"):
            link_contact(ctx, account, add_contact(ctx, NewContact(first_name=name)))
        names = [contact.name for contact in linked_contacts(ctx, account)]
    assert names == ["Anna", "Élan", "Fritz", "zoë"]


def test_a_contact_is_linked_once_and_by_those_who_may(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    plain, manager = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account, contact = an_account(ctx), a_contact(ctx)
        an_employee(ctx, person_id=plain, accounts=(account,))
        an_employee(ctx, MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, person_id=manager)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, plain) as ctx:
        link_contact(ctx, account, contact)
    with as_person(store, catalog, firm, manager) as ctx:
        link_contact(ctx, account, contact)
        with pytest.raises(Refused, match="linked to the account already"):
            link_contact(ctx, account, contact)
        assert len(linked_contacts(ctx, account)) == 2


def test_a_contact_of_another_firm_is_not_there(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, a_firm(store)) as ctx:
        theirs = on_an_account(ctx, a_contact(ctx))
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        for missing in (theirs.id, theirs.id + 1_000):
            with pytest.raises(NotFound):
                link_contact(ctx, account, missing)
        for unknown in (theirs.public_id, "0" * 32):
            with pytest.raises(NotFound) as refused:
                contact_of(ctx, unknown)
            assert str(refused.value) == "There is nothing here that you may see."


def test_an_employee_sees_the_contacts_of_the_accounts_that_they_see(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    people = {
        "plain": (a_person(store), ()),
        "all accounts": (a_person(store), (VIEW_ALL_ACCOUNTS,)),
        "all contacts": (a_person(store), (VIEW_ALL_CONTACTS,)),
    }
    with as_owner(store, catalog, firm) as ctx:
        own, other = an_account(ctx), an_account(ctx)
        contacts = {
            "own": linked_contacts(ctx, own)[0].public_id,
            "other": linked_contacts(ctx, other)[0].public_id,
            "loose": ContactRow.of(ctx).where(ContactRow.id == a_contact(ctx)).get().public_id,
        }
        for person, rights in people.values():
            an_employee(ctx, *rights, person_id=person, accounts=(own,))
    seen = {}
    for who, (person, _) in people.items():
        with as_person(store, catalog, firm, person, write=False) as ctx:
            seen[who] = {name for name, key in contacts.items() if may_see(ctx, key)}
    assert seen == {
        "plain": {"own"},
        "all accounts": {"own", "other"},
        "all contacts": {"own", "other", "loose"},
    }


def may_see(ctx: Context, public_id: str) -> bool:
    try:
        return contact_of(ctx, public_id).public_id == public_id
    except NotFound:
        return False


def on_an_account(ctx: Context, contact_id: int) -> LinkedContact:
    """The contact as an account sees it, which is made for it."""
    account = an_account(ctx)
    link_contact(ctx, account, contact_id)
    (found,) = [c for c in linked_contacts(ctx, account) if c.id == contact_id]
    return found
