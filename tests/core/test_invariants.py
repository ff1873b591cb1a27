"""What the database itself holds, whoever writes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from peewee import IntegrityError

from crm_core.links import link_contact, linked_contacts
from crm_core.membership import add_member
from crm_core.permissions import Role
from crm_core.store.rows import new_public_id
from crm_core.store.tables import (
    AccountRow,
    AssignmentRow,
    ContactDetailRow,
    ContactEmailRow,
    ContactRow,
    FirmRecord,
    LinkRow,
    MemberRightRow,
    MemberRow,
)
from crm_core.testing.builders import a_contact, a_firm, a_person, an_account, as_owner
from plugins.notes.rows import NoteRow

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


@pytest.fixture
def account(store: Store, catalog: Catalog, firm: Firm) -> Account:
    with as_owner(store, catalog, firm) as ctx:
        return an_account(ctx, "Bakery")


def test_acc_1_an_anchor_must_be_a_contact_of_the_account(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    """ACC-1."""
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        AccountRow.change(ctx, anchor_contact_id=a_contact(ctx)).execute()


def test_acc_1_an_account_is_not_made_without_a_link_to_its_contact(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-1."""
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        AccountRow.insert_into(
            ctx,
            public_id=new_public_id(),
            number="A1",
            name="Bakery",
            sort_name="bakery",
            name_by_hand=True,
            type="business",
            anchor_contact_id=a_contact(ctx),
            created=ctx.now,
        )


def test_acc_1_a_contact_of_an_account_cannot_be_deleted(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    """ACC-1."""
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        ContactRow.remove(ctx).execute()


def test_a_firm_has_exactly_one_owner(store: Store, catalog: Catalog, firm: Firm) -> None:
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        second = add_member(ctx, person, "Second", "s@firm.example", Role.ADMIN)
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        MemberRow.change(ctx, role=Role.OWNER).where(MemberRow.id == second).execute()
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        MemberRow.change(ctx, role=Role.ADMIN).where(MemberRow.role == Role.OWNER).execute()
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        MemberRow.remove(ctx).where(MemberRow.role == Role.OWNER).execute()
    with pytest.raises(IntegrityError), store.deployment_transaction(write=True):
        FirmRecord.change(store, owner_member_id=second).where(FirmRecord.id == firm.id).execute()


def test_a_firm_is_not_made_without_an_owner_of_its_own(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm, write=False) as ctx:
        owner = ctx.viewer.member_id
    for member in (0, owner):
        with pytest.raises(IntegrityError), store.deployment_transaction(write=True):
            FirmRecord.insert_into(
                store,
                slug="none",
                name="None",
                letter="N",
                zone="UTC",
                currency="EUR",
                language="en",
                edition="pro",
                owner_member_id=member,
                created=ctx.now,
            )


def test_the_words_of_roles_and_types_are_closed_lists(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        admin = add_member(ctx, person, "Ada", "ada@x.example", Role.ADMIN)
    keys = {AccountRow: account.id, MemberRow: admin}
    for row, values in ((AccountRow, {"type": "trust"}), (MemberRow, {"role": "guest"})):
        with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
            row.change(ctx, **values).where(row.id == keys[row]).execute()


def test_a_person_is_a_member_of_a_firm_once(store: Store, catalog: Catalog, firm: Firm) -> None:
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        MemberRow.insert_into(
            ctx,
            public_id=new_public_id(),
            person_id=ctx.viewer.person_id,
            name="Again",
            address="a@x.example",
            role=Role.EMPLOYEE,
            created=ctx.now,
        )


def test_no_reference_leaves_its_firm(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        foreign = an_account(ctx)
        (contact,) = linked_contacts(ctx, foreign)
        member = ctx.viewer.member_id
    with as_owner(store, catalog, firm, write=False) as ctx:
        author = ctx.viewer.member_id
        note = {"public_id": "0" * 32, "text": "x", "created": ctx.now, "saved": ctx.now}
    for row, values in (
        (LinkRow, {"account_id": account.id, "contact_id": contact.id}),
        (LinkRow, {"account_id": foreign.id, "contact_id": contact.id}),
        (AssignmentRow, {"account_id": account.id, "member_id": member}),
        (
            ContactEmailRow,
            {"contact_id": contact.id, "address": "a@b.c", "address_key": "a@b.c", "position": 9},
        ),
        (ContactDetailRow, {"contact_id": contact.id, "label": "a", "value": "b", "position": 9}),
        (MemberRightRow, {"member_id": member, "permission": "accounts.manage"}),
        (NoteRow, {**note, "account_id": account.id, "author_id": member}),
        (NoteRow, {**note, "account_id": foreign.id, "author_id": author}),
    ):
        with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
            row.adding(ctx, **values).execute()


def test_a_number_and_a_public_id_are_never_given_twice(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        other = an_account(ctx)
    for same in ({"number": account.number}, {"public_id": account.public_id}):
        with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
            AccountRow.change(ctx, **same).where(AccountRow.id == other.id).execute()


def test_acc_2_acc_5_one_contact_on_many_accounts_with_a_description_for_each(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-2, ACC-5."""
    with as_owner(store, catalog, firm) as ctx:
        family, company = an_account(ctx, "Family"), an_account(ctx, "Company")
        shared = a_contact(ctx, "Anna", "anna@x.example")
        link_contact(ctx, family, shared, "mother")
        link_contact(ctx, company, shared, "CEO")
        said = {
            contact.description
            for account in (family, company)
            for contact in linked_contacts(ctx, account)
            if contact.id == shared
        }
    assert said == {"mother", "CEO"}


def test_acc_6_two_contacts_may_have_the_same_address(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-6."""
    with as_owner(store, catalog, firm) as ctx:
        assert a_contact(ctx, "A", "same@x.example") != a_contact(ctx, "B", "same@x.example")
    with pytest.raises(IntegrityError), as_owner(store, catalog, firm) as ctx:
        key = a_contact(ctx, "C", "same@x.example")
        ContactEmailRow.adding(
            ctx, contact_id=key, address="Same@x.example", address_key="same@x.example", position=1
        ).execute()
    assert new_public_id() != new_public_id()
