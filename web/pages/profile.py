"""The client's profile: the Overview of sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Page
from crm_core.contributions import Place, Route, Scope
from crm_core.permissions import SEE_ACCOUNTS
from web.sections import cards
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context


def overview(ctx: Context, account: Account) -> Page:
    """Every section of the firm's modules that the viewer may see, on one page."""
    return Page(
        "pages/overview.html", _("Overview"), {"sections": cards(ctx, Place.OVERVIEW, account)}
    )


ROUTES = (Route(name="overview", scope=Scope.ACCOUNT, needs=SEE_ACCOUNTS, view=overview),)
