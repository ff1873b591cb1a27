"""What becomes of an account: details, generated names, archive, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import audit
from crm_core.account_changes import (
    archive_account,
    bring_account_back,
    change_account,
    delete_account,
    details_of,
)
from crm_core.accounts import AccountType, NewAccount, account_of, create_account
from crm_core.contact_book import contact_of
from crm_core.contact_changes import ContactChange, change_contact
from crm_core.contacts import NewContact
from crm_core.links import linked_contacts
from crm_core.listing.accounts import AccountFilter, list_accounts
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.postal import PostalAddress
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.testing.builders import a_person, an_account, an_employee, as_owner, as_person
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def a_business(ctx: Context) -> Account:
    """A company with an address."""
    return create_account(
        ctx,
        NewAccount(
            type=AccountType.BUSINESS,
            company_name="Boats Ltd",
            company_address=PostalAddress(street="Quay 1", city="Hoorn", region="North Holland"),
            contact=NewContact(first_name="Anna", last_name="Boat"),
        ),
    )


def again(ctx: Context, account: Account) -> Account:
    return account_of(ctx, account.public_id)


def test_acc_10_a_type_changes_and_nothing_is_lost(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-10, I3."""
    with as_owner(store, catalog, firm) as ctx:
        account = a_business(ctx)
        change_account(ctx, account, evolve(details_of(account), type=AccountType.INDIVIDUAL))
        changed = again(ctx, account)
        assert (changed.type, changed.name) == (AccountType.INDIVIDUAL, "Anna Boat")
        change_account(ctx, changed, evolve(details_of(changed), type=AccountType.BUSINESS))
        back = again(ctx, account)
    assert (back.name, back.company_name) == ("Boats Ltd", "Boats Ltd")
    assert back.company_address == account.company_address


def test_acc_9_a_name_by_hand_stays_and_a_generated_one_follows(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-9, I1: by hand until it is emptied; then the contact's, whatever becomes of that."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "By hand", first_name="Carla", last_name="Client")
        (contact,) = linked_contacts(ctx, account)
        rename(ctx, contact.public_id, "Carlotta")
        assert again(ctx, account).name == "By hand"
        now = again(ctx, account)
        change_account(ctx, now, evolve(details_of(now), name=""))
        assert again(ctx, account).name == "Carlotta Client"
        rename(ctx, contact.public_id, "Caroline")
        assert again(ctx, account).name == "Caroline Client"


def rename(ctx: Context, public_id: str, first_name: str) -> None:
    contact = contact_of(ctx, public_id)
    change_contact(
        ctx,
        contact,
        ContactChange(first_name=first_name, last_name="Client", version=contact.version),
    )


def test_acc_15_the_second_of_two_is_told_what_the_first_saved(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "First")
        change_account(ctx, account, evolve(details_of(account), name="Second"))
    with pytest.raises(Stale) as stale, as_owner(store, catalog, firm) as ctx:
        change_account(ctx, again(ctx, account), evolve(details_of(account), name="Third"))
    assert stale.value.now["name"] == "Second"
    with as_owner(store, catalog, firm) as ctx:
        assert again(ctx, account).name == "Second"


def test_acc_13_archived_leaves_the_list_and_comes_back(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-13."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Old")
        an_account(ctx, "New")
        archive_account(ctx, account)
        archived = again(ctx, account)
        assert archived.archived == ctx.now
        assert [a.name for a in list_accounts(ctx).accounts] == ["New"]
        assert [a.name for a in list_accounts(ctx, AccountFilter(archived=True)).accounts] == [
            "Old"
        ]
        bring_account_back(ctx, archived)
        assert list_accounts(ctx).count == 2


def test_acc_13_only_an_archived_account_is_deleted_by_its_name_and_contacts_stay(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-13."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Old  name")
        other = an_account(ctx, "Other")
        (contact,) = linked_contacts(ctx, account)
        for of in (account, other):
            write_note(ctx, of, NewNote(text="A note"))
        with pytest.raises(Refused, match="Archive it first"):
            delete_account(ctx, account, "Old name")
        archive_account(ctx, account)
        archived = again(ctx, account)
        with pytest.raises(Refused, match="Type the name exactly"):
            delete_account(ctx, archived, "Old")
        delete_account(ctx, archived, "Old name")
    with as_owner(store, catalog, firm) as ctx:
        with pytest.raises(NotFound):
            again(ctx, account)
        assert contact_of(ctx, contact.public_id).name == contact.name
        assert again(ctx, other).name == "Other"
        assert audit.history(ctx).entries[0].before["name"] == "Old  name"
        assert audit.verify(ctx).fault is None


def test_changing_archiving_and_deleting_need_the_right(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """PER-4."""
    emil, mara = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Old")
        an_employee(ctx, accounts=(account,), person_id=emil)
        an_employee(ctx, MANAGE_ACCOUNTS, accounts=(account,), person_id=mara)
    for act in (
        lambda ctx: change_account(ctx, account, details_of(account)),
        lambda ctx: archive_account(ctx, account),
        lambda ctx: delete_account(ctx, account, "Old"),
    ):
        with pytest.raises(NotAllowed), as_person(store, catalog, firm, emil) as ctx:
            act(ctx)
    with as_person(store, catalog, firm, mara) as ctx:
        archive_account(ctx, account)
        delete_account(ctx, again(ctx, account), "Old")


def test_a_new_account_inherits_no_history_of_a_deleted_one(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-13; SQLite may give the key of the deleted account to the new one."""
    with as_owner(store, catalog, firm) as ctx:
        old = an_account(ctx, "Old")
        archive_account(ctx, old)
        delete_account(ctx, again(ctx, old), "Old")
    with as_owner(store, catalog, firm) as ctx:
        new = an_account(ctx, "New")
    with as_owner(store, catalog, firm) as ctx:
        told = audit.history(ctx, account_id=new.id).entries
        assert [entry.after["name"] for entry in told] == ["New"]
        assert len(audit.history(ctx).entries) == 4
