"""Who works for a client: the members who are assigned to it, and their roles on it (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from attrs import frozen

from crm_core.access import assign_team
from crm_core.account_roles import (
    list_account_roles,
    role_holders,
    set_role_holders,
    team_version,
)
from crm_core.accounts import lock_account
from crm_core.context import Page, Redirect
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.permissions import ASSIGN_TEAM
from crm_core.refusals import Refused, Stale
from crm_core.team import team_of_account, team_of_firm
from crm_core.words import as_typed
from web.pages.info_form import info_form, to_info
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.forms import Form

_ROLES = _("Roles on this client")
_ROLE = "role_"


@frozen(kw_only=True)
class AccountTeam:
    """The members who shall have access, by their keys; a field for each role comes after it."""

    members: tuple[str, ...] = ask(
        _("Who has access"), default=(), input=Input.SEVERAL, longest=10_000
    )
    version: int = version_field(_("Version"))


def team_form(ctx: Context, account: Account) -> type[Any]:
    """The form with a field for each role that the firm defines."""
    roles = {
        f"{_ROLE}{role.id}": ask(as_typed(role.name), default="", input=Input.CHOICE, group=_ROLES)
        for role in list_account_roles(ctx)
    }
    for asked in roles.values():
        asked.type = str
    return attrs.make_class("AccountTeam", roles, bases=(AccountTeam,), frozen=True, kw_only=True)


def ask_for_team(ctx: Context, account: Account, form: Form[Any]) -> Page:
    """The page on which the team of a client is chosen."""
    names = team_of_firm(ctx)
    members = [Choice(value=str(key), label=name) for key, name in names.items()]
    roles = [role.id for role in list_account_roles(ctx)]
    nobody = Choice(value="", label=_("Nobody"))
    filled = form.offering(
        members=members, **{f"{_ROLE}{role}": [nobody, *members] for role in roles}
    ).starting_from(**_typed(ctx, account), version=team_version(ctx, account))
    lead = _("Owner, admins and whoever may view all accounts see the client anyway.")
    return info_form(account, filled, _("Team of this client"), _("Save team"), lead)


def save_team(ctx: Context, account: Account, value: Any) -> Redirect:
    """Gives exactly these members access; whoever gets a role gets access, too.

    The second of two who save it sees what the first has saved (ACC-15).
    """
    lock_account(ctx, account)
    version = team_version(ctx, account)
    if value.version != version:
        raise Stale(_typed(ctx, account), version)
    holders = {
        role.id: _key(getattr(value, f"{_ROLE}{role.id}"))
        for role in list_account_roles(ctx)
        if getattr(value, f"{_ROLE}{role.id}", "")
    }
    assign_team(ctx, account, {_key(member) for member in value.members} | set(holders.values()))
    set_role_holders(ctx, account, holders)
    return Redirect(to_info(account), _("The team is saved."))


def _typed(ctx: Context, account: Account) -> dict[str, object]:
    """The team as it is, by the names of the form's fields."""
    holders = role_holders(ctx, account)
    roles = {f"{_ROLE}{role.id}": str(holders.get(role.id, "")) for role in list_account_roles(ctx)}
    return {"members": [str(key) for key in team_of_account(ctx, account.id)], **roles}


def _key(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused(_("Somebody of these is no longer in the team."), at="members")
    return int(text)


ROUTES = (
    Route(
        name="info_team",
        path="info/team",
        scope=Scope.ACCOUNT,
        needs=ASSIGN_TEAM,
        view=ask_for_team,
        form=team_form,
        submit=save_team,
    ),
)
