"""Changes of the team (1.7): the owner alone changes roles, owner and admins do the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve, frozen

from crm_core import audit
from crm_core.membership import (
    MemberChange,
    add_member,
    change_member,
    deactivate,
    hand_over,
    reactivate,
    set_rights,
)
from crm_core.permissions import Role
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.team import list_members
from crm_core.testing.builders import a_firm, a_person, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from crm_core.team import Member


@frozen
class Team:
    """A firm with an owner, an admin and an employee."""

    store: Store
    catalog: Catalog
    firm: Firm
    admin: int
    employee: int

    def owner(self) -> AbstractContextManager[Context]:
        return as_owner(self.store, self.catalog, self.firm)

    def of(self, person_id: int) -> AbstractContextManager[Context]:
        return as_person(self.store, self.catalog, self.firm, person_id)

    def member(self, ctx: Context, person_id: int) -> Member:
        return next(m for m in list_members(ctx) if m.person_id == person_id)


@pytest.fixture
def team(store: Store, catalog: Catalog, firm: Firm) -> Team:
    admin, employee = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        add_member(ctx, admin, "Ada Admin", "ada@firm.example", Role.ADMIN)
        an_employee(ctx, person_id=employee)
    return Team(store, catalog, firm, admin, employee)


def change_of(member: Member, **more: object) -> MemberChange:
    change = MemberChange(
        name=member.name,
        role=member.role,
        rights=member.rights,
        joins_new_accounts=member.joins_new_accounts,
        version=member.version,
    )
    return evolve(change, **more)  # type: ignore[arg-type]


def test_the_owner_makes_an_employee_an_admin_and_their_single_rights_go(team: Team) -> None:
    with team.owner() as ctx:
        set_rights(ctx, team.member(ctx, team.employee), {"accounts.manage"})
    with team.owner() as ctx:
        change_member(ctx, (m := team.member(ctx, team.employee)), change_of(m, role=Role.ADMIN))
    with team.owner() as ctx:
        member = team.member(ctx, team.employee)
        assert (member.role, member.rights) == (Role.ADMIN, frozenset())


def test_an_admin_does_not_change_roles(team: Team) -> None:
    with pytest.raises(NotAllowed), team.of(team.admin) as ctx:
        change_member(ctx, (m := team.member(ctx, team.employee)), change_of(m, role=Role.ADMIN))
    with pytest.raises(NotAllowed), team.of(team.admin) as ctx:
        add_member(ctx, a_person_in(ctx), "Another", "x@firm.example", Role.ADMIN)


def a_person_in(ctx: Context) -> int:
    from crm_core.firms import create_person

    return create_person(ctx.store)


def test_an_admin_gives_an_employee_rights(team: Team) -> None:
    with team.of(team.admin) as ctx:
        set_rights(ctx, team.member(ctx, team.employee), {"team.assign"})
    with team.of(team.employee) as ctx:
        assert ctx.viewer.rights == {"team.assign"}


def test_an_admin_cannot_touch_the_owner_or_deactivate_an_admin(team: Team) -> None:
    with team.owner() as ctx:
        other = a_person_in(ctx)
        add_member(ctx, other, "Second Admin", "s@firm.example", Role.ADMIN)
        owner = ctx.viewer.person_id
    for person_id in (owner, other):
        with pytest.raises(NotAllowed), team.of(team.admin) as ctx:
            deactivate(ctx, team.member(ctx, person_id))


def test_an_employee_changes_nothing_of_the_team(team: Team) -> None:
    with team.owner() as ctx:
        member = team.member(ctx, team.employee)
    with pytest.raises(NotAllowed), team.of(team.employee) as ctx:
        set_rights(ctx, member, {"accounts.manage"})
    with pytest.raises(NotAllowed), team.of(team.employee) as ctx:
        list_members(ctx)


def test_a_right_that_no_module_has_or_that_cannot_be_given_is_refused(team: Team) -> None:
    for name in ("team.manage", "notes.read", "made.up"):
        with pytest.raises(Refused, match=name), team.owner() as ctx:
            set_rights(ctx, team.member(ctx, team.employee), {name})


def test_the_second_of_two_who_save_is_told(team: Team) -> None:
    with team.owner() as ctx:
        seen = team.member(ctx, team.employee)
    with team.of(team.admin) as ctx:
        change_member(ctx, seen, change_of(seen, name="First"))
    with pytest.raises(Stale) as stale, team.owner() as ctx:
        change_member(ctx, team.member(ctx, team.employee), change_of(seen, name="Second"))
    assert (stale.value.now["name"], stale.value.version) == ("First", seen.version + 1)


def test_who_is_deactivated_is_a_stranger_at_once_and_can_come_back(team: Team) -> None:
    with team.owner() as ctx:
        deactivate(ctx, team.member(ctx, team.employee))
    with pytest.raises(NotFound), team.of(team.employee):
        pass
    with team.owner() as ctx:
        reactivate(ctx, team.member(ctx, team.employee))
    with team.of(team.employee) as ctx:
        assert ctx.viewer.name == "Emil Employee"


def test_nobody_deactivates_themselves_and_the_owner_stays(team: Team) -> None:
    with pytest.raises(Refused), team.owner() as ctx:
        deactivate(ctx, team.member(ctx, ctx.viewer.person_id))
    with pytest.raises(Refused), team.of(team.admin) as ctx:
        deactivate(ctx, team.member(ctx, team.admin))


def test_the_firm_is_handed_over_and_has_one_owner_before_and_after(team: Team) -> None:
    with team.owner() as ctx:
        former = ctx.viewer.person_id
        hand_over(ctx, team.member(ctx, team.employee))
    with team.owner() as ctx:
        roles = {m.person_id: m.role for m in list_members(ctx)}
        assert ctx.viewer.person_id == team.employee
    assert roles == {former: Role.ADMIN, team.admin: Role.ADMIN, team.employee: Role.OWNER}
    with pytest.raises(NotAllowed), team.of(former) as ctx:
        hand_over(ctx, team.member(ctx, team.admin))


def test_a_former_member_cannot_become_the_owner(team: Team) -> None:
    with team.owner() as ctx:
        deactivate(ctx, team.member(ctx, team.employee))
    with pytest.raises(Refused), team.owner() as ctx:
        hand_over(ctx, team.member(ctx, team.employee))


def test_the_same_person_joins_a_firm_once_and_may_join_another(team: Team) -> None:
    with pytest.raises(Refused), team.owner() as ctx:
        add_member(ctx, team.employee, "Emil", "emil@firm.example", Role.EMPLOYEE)
    other = a_firm(team.store)
    with as_owner(team.store, team.catalog, other) as ctx:
        add_member(ctx, team.employee, "Emil", "emil@firm.example", Role.EMPLOYEE)


def test_every_change_is_in_the_history(team: Team) -> None:
    """PER-3."""
    with team.owner() as ctx:
        set_rights(ctx, team.member(ctx, team.employee), {"team.assign"})
    with team.owner() as ctx:
        entry = audit.history(ctx).entries[0]
    assert entry.event == "team.rights_changed"
    assert (entry.before["rights"], entry.after["rights"]) == ([], ["team.assign"])
