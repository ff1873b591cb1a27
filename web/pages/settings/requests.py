"""Requests for access: members who asked to see a client, and the answer (PER-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.access import answer_request, open_requests, request_access
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.permissions import ASSIGN_TEAM, SEE_ACCOUNTS
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context


def requests(ctx: Context) -> Page:
    """The requests that wait for an answer."""
    return Page("settings/requests.html", _("Access requests"), {"waiting": open_requests(ctx)})


def grant(ctx: Context, request: str) -> Redirect:
    """Gives the access that was asked for."""
    answered = answer_request(ctx, request, granted=True)
    notice = _("{name} may see {account} now.", name=answered.member, account=answered.account)
    return Redirect(To("shell.settings_requests"), notice)


def refuse(ctx: Context, request: str) -> Redirect:
    """Refuses the access that was asked for."""
    answered = answer_request(ctx, request, granted=False)
    notice = _("The request of {name} is refused.", name=answered.member)
    return Redirect(To("shell.settings_requests"), notice)


def ask(ctx: Context, wanted: str) -> Redirect:
    """Notes a request; the answer is the same whether there is such a client or not."""
    request_access(ctx, wanted)
    return Redirect(To("shell.clients"), _("Your request is sent."))


ROUTES = (
    Route(
        name="request_access",
        path="request-access/<wanted>",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=ask,
    ),
    Route(
        name="settings_requests",
        path="settings/requests",
        scope=Scope.FIRM,
        needs=ASSIGN_TEAM,
        view=requests,
    ),
    Route(
        name="settings_requests_grant",
        path="settings/requests/<request>/grant",
        scope=Scope.FIRM,
        needs=ASSIGN_TEAM,
        submit=grant,
    ),
    Route(
        name="settings_requests_refuse",
        path="settings/requests/<request>/refuse",
        scope=Scope.FIRM,
        needs=ASSIGN_TEAM,
        submit=refuse,
    ),
)
