"""The page with which a client begins: what is to be done, and then what is there (2.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Page, Picture
from crm_core.contributions import Route, Scope
from crm_core.firm_logo import logo_picture
from crm_core.images import LOGO_TYPE
from crm_core.permissions import USE_PORTAL
from web.pages.pictures import shown_picture
from web.sections import portal_cards
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context


def home(ctx: Context, account: Account) -> Page:
    """The cards of the firm's modules for one account."""
    to_do, others = portal_cards(ctx, account)
    return Page("portal/home.html", _("Home"), {"to_do": to_do, "others": others})


def logo(ctx: Context, account: Account, size: str, logo: str) -> Picture:  # noqa: ARG001
    """The firm's logo, for clients."""
    return shown_picture(lambda of: logo_picture(ctx, of), LOGO_TYPE, size, logo)


ROUTES = (
    Route(name="portal", scope=Scope.PORTAL, needs=USE_PORTAL, view=home),
    Route(
        name="portal_logo",
        path="logo",
        scope=Scope.PORTAL,
        needs=USE_PORTAL,
        view=logo,
        query=("size", "logo"),
    ),
)
