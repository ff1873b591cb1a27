"""Access to accounts: assignment, default access, and requests that tell nothing (PER-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.access import answer_request, assign_team, open_requests, request_access
from crm_core.accounts import account_of
from crm_core.listing.accounts import list_accounts
from crm_core.membership import MemberChange, change_member
from crm_core.permissions import ASSIGN_TEAM, MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, Role
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.team import list_members, team_of_account
from crm_core.testing.builders import (
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
    from crm_core.firms import Firm
    from crm_core.store.database import Store


@pytest.fixture
def employee(store: Store, catalog: Catalog, firm: Firm) -> int:
    person_id = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=person_id)
    return person_id


@pytest.fixture
def account(store: Store, catalog: Catalog, firm: Firm) -> Account:
    with as_owner(store, catalog, firm) as ctx:
        return an_account(ctx, "Bakery")


def test_assigning_gives_access_and_taking_it_away_ends_it_at_once(
    store: Store, catalog: Catalog, firm: Firm, employee: int, account: Account
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        key = next(m.id for m in list_members(ctx) if m.person_id == employee)
        assign_team(ctx, account, {key})
    with as_person(store, catalog, firm, employee, write=False) as ctx:
        assert account_of(ctx, account.public_id) == account
    with as_owner(store, catalog, firm) as ctx:
        assign_team(ctx, account, set())
    with pytest.raises(NotFound), as_person(store, catalog, firm, employee, write=False) as ctx:
        account_of(ctx, account.public_id)


def test_acc_12_whoever_sees_an_account_follows_it_only_if_assigned(
    store: Store, catalog: Catalog, firm: Firm, account: Account
) -> None:
    """ACC-12: the team of an account is who follows it, not who may open it."""
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        seer = an_employee(ctx, VIEW_ALL_ACCOUNTS, person_id=person)
        assert team_of_account(ctx, account.id) == {}
        assign_team(ctx, account, {seer})
        assert set(team_of_account(ctx, account.id)) == {seer}
        assign_team(ctx, account, set())
        assert account_of(ctx, account.public_id) == account
    with as_person(store, catalog, firm, person, write=False) as ctx:
        assert account_of(ctx, account.public_id) == account
        assert team_of_account(ctx, account.id) == {}


def test_assigning_needs_its_right_and_members_of_the_firm(
    store: Store, catalog: Catalog, firm: Firm, employee: int, account: Account
) -> None:
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, employee) as ctx:
        assign_team(ctx, account, set())
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        stranger = ctx.viewer.member_id
    with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
        assign_team(ctx, account, {stranger})


def test_who_joins_new_accounts_and_who_makes_one_get_access(
    store: Store, catalog: Catalog, firm: Firm, employee: int
) -> None:
    maker = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, MANAGE_ACCOUNTS, person_id=maker)
        joining = next(m for m in list_members(ctx) if m.person_id == employee)
        change = MemberChange(
            name=joining.name,
            role=Role.EMPLOYEE,
            rights=frozenset(),
            joins_new_accounts=True,
            version=joining.version,
        )
        change_member(ctx, joining, change)
    with as_person(store, catalog, firm, maker) as ctx:
        made = an_account(ctx, "Made by an employee")
        assert set(team_of_account(ctx, made.id)) == {joining.id, ctx.viewer.member_id}


def test_per_2_a_request_is_noted_once_and_granted(
    store: Store, catalog: Catalog, firm: Firm, employee: int, account: Account
) -> None:
    """PER-2."""
    for _ in range(2):
        with as_person(store, catalog, firm, employee) as ctx:
            request_access(ctx, account.public_id)
    with as_owner(store, catalog, firm) as ctx:
        (request,) = open_requests(ctx)
        assert (request.member, request.account) == ("Emil Employee", "Bakery")
        answer_request(ctx, request.public_id, granted=True)
        assert open_requests(ctx) == []
    with as_person(store, catalog, firm, employee, write=False) as ctx:
        assert list_accounts(ctx).count == 1


def test_a_refused_request_gives_nothing_and_may_be_made_again(
    store: Store, catalog: Catalog, firm: Firm, employee: int, account: Account
) -> None:
    for _ in range(2):
        with as_person(store, catalog, firm, employee) as ctx:
            request_access(ctx, account.public_id)
        with as_owner(store, catalog, firm) as ctx:
            (request,) = open_requests(ctx)
            answer_request(ctx, request.public_id, granted=False)
    with as_person(store, catalog, firm, employee, write=False) as ctx:
        assert list_accounts(ctx).count == 0
    with pytest.raises(NotFound), as_owner(store, catalog, firm) as ctx:
        answer_request(ctx, request.public_id, granted=True)


def test_a_request_for_what_does_not_exist_or_is_anothers_says_nothing(
    store: Store, catalog: Catalog, firm: Firm, employee: int
) -> None:
    other = a_firm(store)
    with as_owner(store, catalog, other) as ctx:
        foreign = an_account(ctx)
    with as_person(store, catalog, firm, employee) as ctx:
        request_access(ctx, "0" * 32)
        request_access(ctx, foreign.public_id)
    for place in (firm, other):
        with as_owner(store, catalog, place, write=False) as ctx:
            assert open_requests(ctx) == []


def test_who_assigns_answers_requests_and_nobody_else(
    store: Store, catalog: Catalog, firm: Firm, employee: int, account: Account
) -> None:
    assigning = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, ASSIGN_TEAM, person_id=assigning)
    with as_person(store, catalog, firm, employee) as ctx:
        request_access(ctx, account.public_id)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, employee) as ctx:
        open_requests(ctx)
    with as_person(store, catalog, firm, assigning) as ctx:
        (request,) = open_requests(ctx)
        answer_request(ctx, request.public_id, granted=True)
