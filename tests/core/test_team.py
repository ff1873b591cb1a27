"""Who is in the team, in which context they ask, and the one question about rights."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.access import assign
from crm_core.contexts import context_for_owner, context_for_person
from crm_core.membership import add_member, deactivate, set_rights
from crm_core.permissions import (
    CHANGE_ROLES,
    CORE_PERMISSIONS,
    MANAGE_ACCOUNTS,
    MANAGE_TEAM,
    PUBLIC,
    SEE_ACCOUNTS,
    Role,
    demand,
    may,
)
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.team import (
    list_members,
    member_of,
    owner_of,
    team_of_account,
    team_of_firm,
    viewer_of,
)
from crm_core.testing.builders import a_firm, a_person, an_account, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def test_a_stranger_and_a_member_of_another_firm_are_nobody_here(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    elsewhere, stranger = a_person(store), a_person(store)
    a_firm(store, "other", elsewhere)
    for person in (elsewhere, stranger, 0):
        with store.firm_transaction(firm.id, write=False):
            assert viewer_of(store, firm, person) is None
            with pytest.raises(NotFound):
                context_for_person(store, catalog, firm, person)


def test_a_member_asks_with_their_own_role_and_rights(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        key = an_employee(ctx, MANAGE_ACCOUNTS, person_id=person)
        an_employee(ctx, person_id=a_person_here(ctx))
    with as_person(store, catalog, firm, person, write=False) as ctx:
        viewer = ctx.viewer
    assert (viewer.person_id, viewer.member_id, viewer.role) == (person, key, Role.EMPLOYEE)
    assert viewer.rights == {"accounts.manage"}


def test_the_same_person_has_another_role_in_another_firm(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    person = a_person(store)
    own = a_firm(store, "own", person)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=person)
    with as_person(store, catalog, own, person, write=False) as ctx:
        assert ctx.viewer.role is Role.OWNER
    with as_person(store, catalog, firm, person, write=False) as ctx:
        assert ctx.viewer.role is Role.EMPLOYEE


def test_the_command_line_asks_as_the_owner(store: Store, catalog: Catalog) -> None:
    person = a_person(store)
    firm = a_firm(store, "own", person)
    with as_owner(store, catalog, firm) as ctx:
        add_member(ctx, a_person_here(ctx), "Ada", "ada@x.example", Role.ADMIN)
    with store.firm_transaction(firm.id, write=False):
        assert owner_of(store, firm).person_id == person
        assert context_for_owner(store, catalog, firm).viewer.role is Role.OWNER


def test_a_context_knows_the_firms_day_its_modules_and_a_language(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    lite = evolve(firm, edition="no such edition", language="nl")
    with as_owner(store, catalog, lite, write=False) as ctx:
        late = evolve(ctx, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
        dutch = context_for_person(store, catalog, lite, ctx.viewer.person_id)
        english = context_for_person(store, catalog, lite, ctx.viewer.person_id, "en")
    assert (str(ctx.zone), late.today) == ("Europe/Amsterdam", date(2027, 1, 1))
    assert (ctx.modules.names, ctx.now.tzinfo) == (frozenset(), UTC)
    assert (dutch.language, english.language) == ("nl", "en")


OF_THE_TEAM = {p.name for p in CORE_PERMISSIONS} - {"portal.use"}


@pytest.mark.parametrize(
    ("role", "rights", "has"),
    [
        (Role.OWNER, set(), OF_THE_TEAM),
        (Role.ADMIN, set(), OF_THE_TEAM - {"team.change_roles"}),
        (Role.EMPLOYEE, set(), {"accounts.see"}),
        (Role.EMPLOYEE, {"accounts.manage"}, {"accounts.see", "accounts.manage"}),
        (Role.EMPLOYEE, {"team.manage", "team.change_roles"}, {"accounts.see"}),
    ],
)
def test_who_has_which_right(
    store: Store, catalog: Catalog, firm: Firm, role: Role, rights: set[str], has: set[str]
) -> None:
    with as_owner(store, catalog, firm, write=False) as ctx:
        asking = evolve(ctx, viewer=evolve(ctx.viewer, role=role, rights=frozenset(rights)))
    assert {p.name for p in CORE_PERMISSIONS if may(asking, p)} == has
    assert may(asking, PUBLIC)


def test_a_demand_names_the_right_that_is_lacking(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm, write=False) as ctx:
        asking = evolve(ctx, viewer=evolve(ctx.viewer, role=Role.EMPLOYEE))
    demand(asking, SEE_ACCOUNTS)
    with pytest.raises(NotAllowed, match="needs the right: Manage accounts"):
        demand(asking, MANAGE_ACCOUNTS)


def test_rights_that_a_role_brings_or_that_all_have_cannot_be_given() -> None:
    assert MANAGE_ACCOUNTS.can_be_given
    for right in (SEE_ACCOUNTS, PUBLIC, MANAGE_TEAM, CHANGE_ROLES):
        assert not right.can_be_given, right.name


def test_a_firm_begins_with_its_owner_and_refuses_a_second_one(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        assert list(team_of_firm(ctx).values()) == ["Olga Owner"]
        with pytest.raises(Refused, match="exactly one owner"):
            add_member(ctx, a_person_here(ctx), "Second", "s@x.example", Role.OWNER)


def test_the_team_is_told_with_rights_of_each_and_former_members_last(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        for name in ("Zoë", "Anna", "Bert"):
            add_member(ctx, a_person_here(ctx), name, f"{name}@x.example", Role.EMPLOYEE)
        members = {member.name: member for member in list_members(ctx)}
        set_rights(ctx, members["Zoë"], {"accounts.manage"})
        deactivate(ctx, members["Anna"])
        told = [(member.name, member.active, set(member.rights)) for member in list_members(ctx)]
        assert set(team_of_firm(ctx).values()) == {"Olga Owner", "Zoë", "Bert"}
    assert told == [
        ("Bert", True, set()),
        ("Olga Owner", True, set()),
        ("Zoë", True, {"accounts.manage"}),
        ("Anna", False, set()),
    ]


def test_a_member_is_found_by_public_id_in_their_own_firm_alone(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, a_firm(store)) as ctx:
        theirs = list_members(ctx)[0]
        assert member_of(ctx, theirs.public_id) == theirs
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=person)
        for unknown in (theirs.public_id, "0" * 32):
            with pytest.raises(NotFound):
                member_of(ctx, unknown)
    with as_person(store, catalog, firm, person, write=False) as ctx:
        with pytest.raises(NotAllowed):
            list_members(ctx)
        with pytest.raises(NotAllowed):
            member_of(ctx, theirs.public_id)


def test_the_team_of_an_account_is_its_active_members_by_name(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        account, other = an_account(ctx), an_account(ctx)
        keys = {
            name: add_member(ctx, a_person_here(ctx), name, f"{name}@x.example", Role.EMPLOYEE)
            for name in ("Zoë", "Anna", "Gone", "Elsewhere")
        }
        for name in ("Zoë", "Anna", "Gone"):
            assign(ctx, account.id, keys[name])
            assign(ctx, account.id, keys[name])
        assign(ctx, other.id, keys["Elsewhere"])
        deactivate(ctx, next(m for m in list_members(ctx) if m.name == "Gone"))
        assert team_of_account(ctx, account.id) == {keys["Anna"]: "Anna", keys["Zoë"]: "Zoë"}


def a_person_here(ctx: Context) -> int:
    from crm_core.firms import create_person

    return create_person(ctx.store)
