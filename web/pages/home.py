"""The page with which a member of the firm begins: cards of the modules and of the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Page
from crm_core.contributions import Place, Route, Scope
from crm_core.permissions import SEE_ACCOUNTS
from web.sections import cards
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context


def home(ctx: Context) -> Page:
    """Every card of the firm's modules that is for this member, on one page."""
    return Page("pages/home.html", _("Home"), {"sections": cards(ctx, Place.HOME)})


ROUTES = (Route(name="home", path="home", scope=Scope.FIRM, needs=SEE_ACCOUNTS, view=home),)
