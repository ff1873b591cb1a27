"""Roles on accounts: the firm's own names, each held by one of an account's team (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign, assign_team
from crm_core.account_roles import (
    account_role_of,
    add_account_role,
    list_account_roles,
    remove_account_role,
    rename_account_role,
    role_holders,
    set_role_holders,
)
from crm_core.permissions import ASSIGN_TEAM
from crm_core.refusals import NotAllowed, Refused, Stale
from crm_core.testing.builders import a_person, an_account, an_employee, as_owner, as_person

if TYPE_CHECKING:
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def test_a_name_is_given_once_and_changed_everywhere(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    """I5, ACC-15."""
    with as_owner(store, catalog, firm) as ctx:
        role = add_account_role(ctx, " Reviewer ")
        for name, sentence in (("REVIEWER", "already"), ("  ", "needs a name")):
            with pytest.raises(Refused, match=sentence):
                add_account_role(ctx, name)
        rename_account_role(ctx, role, "Partner", role.version)
        with pytest.raises(Stale):
            rename_account_role(ctx, account_role_of(ctx, role.public_id), "Other", role.version)
        assert [found.name for found in list_account_roles(ctx)] == ["Partner"]


def test_who_leaves_the_team_loses_the_role_and_a_role_that_goes_leaves_the_team(
    store: Store, catalog: Catalog, firm: Firm
) -> None:
    emil = a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        role = add_account_role(ctx, "Reviewer")
        member = an_employee(ctx, person_id=emil)
        with pytest.raises(Refused, match="in the team of this client"):
            set_role_holders(ctx, account, {role.id: member})
        assign(ctx, account.id, member)
        set_role_holders(ctx, account, {role.id: member})
        assert role_holders(ctx, account) == {role.id: member}
        assign_team(ctx, account, set())
        assert role_holders(ctx, account) == {}
        assign(ctx, account.id, member)
        set_role_holders(ctx, account, {role.id: member})
        remove_account_role(ctx, role)
        assert role_holders(ctx, account) == {}


def test_roles_need_their_rights(store: Store, catalog: Catalog, firm: Firm) -> None:
    """PER-4."""
    emil, tess = a_person(store), a_person(store)
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx)
        role = add_account_role(ctx, "Reviewer")
        an_employee(ctx, accounts=(account,), person_id=emil)
        member = an_employee(ctx, ASSIGN_TEAM, accounts=(account,), person_id=tess)
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, tess) as ctx:
        add_account_role(ctx, "Partner")
    with pytest.raises(NotAllowed), as_person(store, catalog, firm, emil) as ctx:
        set_role_holders(ctx, account, {})
    with as_person(store, catalog, firm, tess) as ctx:
        set_role_holders(ctx, account, {role.id: member})
