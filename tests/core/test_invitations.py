"""Invitations: a link that works once, for the address that was asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm_core.invitations import (
    VALID,
    accept_invitation,
    find_invitation,
    invite_member,
    open_invitations,
    withdraw_invitation,
)
from crm_core.permissions import Role
from crm_core.refusals import NotAllowed, Refused
from crm_core.store.team_rows import InvitationRow
from crm_core.team import list_members
from crm_core.testing.builders import a_firm, a_person, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

ADDRESS = "iris@firm.example"


def test_who_is_invited_joins_once_with_the_role_they_were_given(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        invitation, token = invite_member(ctx, ADDRESS, "Iris", Role.ADMIN)
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        found = find_invitation(store, firm, token, ctx.now)
        assert found == invitation
        accept_invitation(ctx, invitation, person, "Iris de Wit")
    with as_owner(store, catalog, firm) as ctx:
        member = next(m for m in list_members(ctx) if m.person_id == person)
        assert (member.name, member.role, member.address) == ("Iris de Wit", Role.ADMIN, ADDRESS)
        assert find_invitation(store, firm, token, ctx.now) is None
    with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
        accept_invitation(ctx, invitation, a_person_of(store, ctx), "Somebody else")


def a_person_of(store: Store, ctx: object) -> int:
    from crm_core.firms import create_person

    return create_person(store)


def test_a_link_expires_and_opens_no_other_firm(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        _, token = invite_member(ctx, ADDRESS, "Iris", Role.EMPLOYEE)
        now = ctx.now
    other = a_firm(store)
    with as_owner(store, catalog, firm, write=False):
        assert find_invitation(store, firm, token, now + VALID - timedelta(minutes=1))
        assert find_invitation(store, firm, token, now + VALID) is None
    with as_owner(store, catalog, other, write=False):
        assert find_invitation(store, other, token, now) is None


def test_inviting_again_and_withdrawing_kill_the_old_link(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    with as_owner(store, catalog, firm) as ctx:
        _, old = invite_member(ctx, ADDRESS, "Iris", Role.EMPLOYEE)
        invitation, new = invite_member(ctx, ADDRESS.upper(), "Iris", Role.EMPLOYEE)
        assert find_invitation(store, firm, old, ctx.now) is None
        assert [i.public_id for i in open_invitations(ctx)] == [invitation.public_id]
        withdraw_invitation(ctx, invitation.public_id)
        assert find_invitation(store, firm, new, ctx.now) is None


def test_the_token_is_kept_nowhere(store: Store, catalog: Catalog, firm: Firm) -> None:
    with as_owner(store, catalog, firm) as ctx:
        _, token = invite_member(ctx, ADDRESS, "Iris", Role.EMPLOYEE)
        row = InvitationRow.of(ctx).dicts().get()
    assert token not in str(row)


def test_an_address_of_the_team_and_a_second_owner_are_refused(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    for address, role in (("OLGA@firm.example", Role.EMPLOYEE), (ADDRESS, Role.OWNER)):
        with pytest.raises(Refused), as_owner(store, catalog, firm) as ctx:
            invite_member(ctx, address, "X", role)


def test_an_employee_invites_nobody(store: Store, catalog: Catalog, firm: Firm) -> None:
    person = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=person)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, person) as ctx:
        invite_member(ctx, ADDRESS, "Iris", Role.EMPLOYEE)
