"""Who works for a client: the members who are assigned to it (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.access import assign_team
from crm_core.context import Page, Redirect, To
from crm_core.forms import Choice, Input, ask
from crm_core.refusals import Refused
from crm_core.team import team_of_account, team_of_firm
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.forms import Form


@frozen
class AccountTeam:
    """The members who shall have access, by their keys."""

    members: tuple[str, ...] = ask(
        _("Who has access"), default=(), input=Input.SEVERAL, longest=10_000
    )


def ask_for_team(ctx: Context, account: Account, form: Form[AccountTeam]) -> Page:
    """The page on which the team of a client is chosen."""
    choices = [
        Choice(value=str(member_id), label=name) for member_id, name in team_of_firm(ctx).items()
    ]
    chosen = [str(member_id) for member_id in team_of_account(ctx, account.id)]
    filled = form.offering(members=choices).starting_from(members=chosen)
    return Page("pages/account_team.html", _("Team of this client"), {"form": filled})


def save_team(ctx: Context, account: Account, value: AccountTeam) -> Redirect:
    """Gives exactly these members access."""
    if not all(member.isascii() and member.isdigit() for member in value.members):
        raise Refused(_("Somebody of these is no longer in the team."), at="members")
    assign_team(ctx, account, {int(member) for member in value.members})
    return Redirect(To("shell.info", {"account": account.public_id}), _("The team is saved."))
