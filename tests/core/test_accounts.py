"""Accounts: names and numbers, and who may see which (R4, ACC-9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign
from crm_core.accounts import (
    AccountType,
    NewAccount,
    account_of,
    create_account,
    create_accounts,
)
from crm_core.contacts import NewContact, add_contact
from crm_core.links import linked_contacts
from crm_core.listing.accounts import list_accounts
from crm_core.membership import add_member
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, Role
from crm_core.postal import PostalAddress
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
    """ACC-9."""
    with as_owner(store, catalog, firm) as ctx:
        assert create_account(ctx, new).name == name


def test_acc_9_a_number_is_the_firms_letter_and_a_counter_of_its_own(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-9."""
    other = a_firm(store)
    with as_owner(store, catalog, firm) as ctx:
        assert [an_account(ctx).number for _ in range(3)] == ["A1", "A2", "A3"]
    with as_owner(store, catalog, other) as ctx:
        assert an_account(ctx).number == "A1"


def test_acc_1_an_account_without_a_contact_is_refused(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-1."""
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
    """R4."""
    plain, viewing = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        own, other = an_account(ctx, "Own"), an_account(ctx, "Other")
        member = an_employee(ctx, person_id=plain)
        an_employee(ctx, VIEW_ALL_ACCOUNTS, person_id=viewing)
        assign(ctx, own.id, member)
        assign(ctx, other.id, ctx.viewer.member_id)
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


def test_a_page_beside_an_account_that_is_not_there_begins_at_the_start(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    person = a_person(store)
    with as_owner(store, catalog, a_firm(store)) as ctx:
        foreign = an_account(ctx, "A")
    with as_owner(store, catalog, firm) as ctx:
        hidden, own = an_account(ctx, "M"), an_account(ctx, "Z")
        an_employee(ctx, person_id=person, accounts=(own, an_account(ctx, "A")))
    with as_person(store, catalog, firm, person, write=False) as ctx:
        for public_id in ("0" * 32, hidden.public_id, foreign.public_id):
            for page in (
                list_accounts(ctx, after=public_id),
                list_accounts(ctx, before=public_id),
            ):
                assert [a.name for a in page.accounts] == ["A", "Z"]
                assert (page.before, page.after, page.count) == ("", "", 2)


def test_the_first_page_leads_on_only_and_the_last_one_back_only(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        _one, two, three, four = (an_account(ctx, name) for name in "1234")
        first = list_accounts(ctx, size=2)
        second = list_accounts(ctx, size=2, after=first.after)
        back = list_accounts(ctx, size=2, before=second.before)
        whole = list_accounts(ctx, size=4)
    assert (first.before, first.after) == ("", two.public_id)
    assert (second.before, second.after) == (three.public_id, "")
    assert back == first
    assert (whole.before, whole.after, whole.accounts[-1]) == ("", "", four)
    assert first.count == second.count == 4


def test_the_same_order_on_both_engines_whatever_stands_in_a_name(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    names = ["ø", "a-b", "Ab", "a b", "10", "A.B", "_x", "é", "Z", "2"]
    with as_owner(store, catalog, firm) as ctx:
        for name in names:
            an_account(ctx, name)
        found = [account.name for account in list_accounts(ctx).accounts]
    assert found == ["10", "2", "_x", "a b", "a-b", "A.B", "Ab", "é", "Z", "ø"]


def test_counting_stops_at_the_cap(
    store: Store, catalog: Catalog, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_core.listing.paging.COUNT_CAP", 2)
    with as_owner(store, catalog, firm) as ctx:
        for _ in range(3):
            an_account(ctx)
        assert list_accounts(ctx, size=1).count == 2


def test_r4_owner_and_admin_see_every_account_of_the_firm_and_none_of_another(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """R4."""
    admin = a_person(store)
    with as_owner(store, catalog, a_firm(store)) as ctx:
        foreign = an_account(ctx, "Foreign")
    with as_owner(store, catalog, firm) as ctx:
        own = an_account(ctx, "Own")
        add_member(ctx, admin, "Ada", "ada@x.example", Role.ADMIN)
        owner = ctx.viewer.person_id
    for person in (owner, admin):
        with as_person(store, catalog, firm, person, write=False) as ctx:
            assert [a.name for a in list_accounts(ctx).accounts] == ["Own"]
            assert account_of(ctx, own.public_id) == own
            with pytest.raises(NotFound) as refused:
                account_of(ctx, foreign.public_id)
        assert str(refused.value) == "There is nothing here that you may see."


def test_everything_that_is_known_of_a_business_comes_back(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    address = PostalAddress(street="Markt 1", postcode="2011", city="H", region="N", country="NL")
    begun = datetime(2019, 5, 1, tzinfo=UTC)
    with as_owner(store, catalog, firm) as ctx:
        contact = add_contact(ctx, ANNA)
        made = create_account(
            ctx,
            NewAccount(
                type=BUSINESS,
                company_name=" Bakery ",
                company_address=address,
                contact_id=contact,
                description=" owner ",
                created=begun,
            ),
        )
        assert account_of(ctx, made.public_id) == made
        (linked,) = linked_contacts(ctx, made)
    assert (made.type, made.company_name, made.company_address) == (BUSINESS, "Bakery", address)
    assert (made.created, made.version) == (begun, 1)
    assert (linked.id, linked.description) == (contact, "owner")


def test_a_number_is_given_back_when_the_account_is_not_made(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
        an_account(ctx)
        create_account(ctx, NewAccount(type=INDIVIDUAL, contact=NewContact()))
    with as_owner(store, catalog, firm) as ctx:
        assert an_account(ctx).number == "A1"


def test_acc_9_a_stored_contact_gives_its_name_and_a_foreign_one_is_not_there(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """ACC-9."""
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        foreign = add_contact(ctx, NewContact(first_name="Foreign"))
    with as_owner(store, catalog, firm) as ctx:
        own = add_contact(ctx, ANNA)
        new = NewAccount(type=AccountType.INDIVIDUAL, contact_id=own)
        assert create_account(ctx, new).name == ANNA.name
    for missing in (foreign, 10**9):
        with pytest.raises(NotFound), as_owner(store, catalog, firm) as ctx:
            create_account(ctx, NewAccount(type=AccountType.INDIVIDUAL, contact_id=missing))


def test_before_the_first_account_there_is_the_first_page(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        only = an_account(ctx, "Only")
        page = list_accounts(ctx, before=only.public_id)
    assert [account.public_id for account in page.accounts] == [only.public_id]
