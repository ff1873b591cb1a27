"""Accounts: names and numbers, and who may see which (R4, ACC-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign
from crm_core.accounts import (
    AccountType,
    NewAccount,
    account_of,
    create_account,
    create_accounts,
    list_accounts,
)
from crm_core.contacts import NewContact
from crm_core.links import linked_contacts
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.team import team_of_account
from crm_core.testing.builders import (
    a_firm,
    a_person,
    an_account,
    an_employee,
    as_owner,
    as_person,
)

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

ANNA = NewContact(first_name="Anna", middle_name="M.", last_name="de Haan")
BUSINESS, INDIVIDUAL = AccountType.BUSINESS, AccountType.INDIVIDUAL


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (NewAccount(type=INDIVIDUAL, contact=ANNA), "Anna M. de Haan"),
        (NewAccount(type=BUSINESS, company_name="Bakery", contact=ANNA), "Bakery"),
        (NewAccount(type=BUSINESS, contact=ANNA), "Anna M. de Haan"),
        (NewAccount(type=BUSINESS, company_name="Bakery", name=" Ours ", contact=ANNA), "Ours"),
        (NewAccount(type=INDIVIDUAL, contact=NewContact(emails=("a@b.example",))), "a@b.example"),
    ],
)
def test_acc_9_a_name_is_by_hand_or_generated(
    store: Store, catalog: Catalog, firm: Firm, new: NewAccount, name: str
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        assert create_account(ctx, new).name == name


def test_acc_9_a_number_is_the_firms_letter_and_a_counter_of_its_own(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        assert [an_account(ctx).number for _ in range(3)] == ["A1", "A2", "A3"]
    with as_owner(store, catalog, other) as ctx:
        assert an_account(ctx).number == "A1"


def test_acc_1_an_account_without_a_contact_is_refused(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    for new in (
        NewAccount(type=INDIVIDUAL, name="Nobody's"),
        NewAccount(type=INDIVIDUAL, contact=NewContact()),
    ):
        with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
            create_account(ctx, new)
    with as_owner(store, catalog, firm, write=False) as ctx:
        assert list_accounts(ctx).count == 0


def test_many_accounts_at_once_each_keep_their_own_contact(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    new = [
        NewAccount(type=INDIVIDUAL, contact=NewContact(first_name=f"N{i}"), description=f"d{i}")
        for i in range(20)
    ]
    with as_owner(store, catalog, firm) as ctx:
        for place, public_id in enumerate(create_accounts(ctx, new)):
            account = account_of(ctx, public_id)
            (contact,) = linked_contacts(ctx, account)
            assert (account.name, contact.name, contact.description) == (
                f"N{place}",
                f"N{place}",
                f"d{place}",
            )


def test_creating_needs_its_right(store: Store, catalog: Catalog, firm: Firm) -> None:
    plain, manager = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=plain)
        an_employee(ctx, MANAGE_ACCOUNTS, person_id=manager)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, plain) as ctx:
        an_account(ctx)
    with as_person(store, catalog, firm, manager) as ctx:
        made = an_account(ctx)
        assert list(team_of_account(ctx, made.id)) == [ctx.viewer.member_id]


def test_r4_an_employee_sees_what_they_are_assigned_to_or_may_view_all(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    plain, viewing = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        own, other = an_account(ctx, "Own"), an_account(ctx, "Other")
        member = an_employee(ctx, person_id=plain)
        an_employee(ctx, VIEW_ALL_ACCOUNTS, person_id=viewing)
        assign(ctx, own.id, member)
    for person, names in ((plain, ["Own"]), (viewing, ["Other", "Own"])):
        with as_person(store, catalog, firm, person, write=False) as ctx:
            page = list_accounts(ctx)
            assert ([a.name for a in page.accounts], page.count) == (names, len(names))
    with as_person(store, catalog, firm, plain, write=False) as ctx:
        assert account_of(ctx, own.public_id) == own
    for missing in (other.public_id, "0" * 32):
        with pytest.raises(NotFound) as refused, as_person(store, catalog, firm, plain) as ctx:
            account_of(ctx, missing)
        assert str(refused.value) == "There is nothing here that you may see."


def test_pages_go_on_in_both_directions_over_equal_names(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        for name in ("Same", "same", "Élan", "Zoë", "Same", "Adam", "Same"):
            an_account(ctx, name)
    with as_owner(store, catalog, firm, write=False) as ctx:
        forwards, after = [], ""
        while True:
            page = list_accounts(ctx, size=2, after=after)
            forwards.append([a.public_id for a in page.accounts])
            if not (after := page.after):
                break
        backwards, before = [forwards[-1]], page.before
        while before:
            page = list_accounts(ctx, size=2, before=before)
            backwards.insert(0, [a.public_id for a in page.accounts])
            before = page.before
        names = [a.name for a in list_accounts(ctx).accounts]
    assert forwards == backwards
    assert (names[0], names[1], names[-1]) == ("Adam", "Élan", "Zoë")


def test_a_page_after_an_account_that_is_gone_begins_at_the_start(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        an_account(ctx, "First")
        page = list_accounts(ctx, after="0" * 32)
    assert ([a.name for a in page.accounts], page.before) == (["First"], "")
