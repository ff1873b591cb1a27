"""The page on which a member arranges the cards of the home page, or of the Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.accounts import account_of
from crm_core.arranging import Move, arrange_for_all, arrangement_of, follow_firm, move_card
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Place, Route, Scope
from crm_core.permissions import MANAGE_FIRM, SEE_ACCOUNTS
from crm_core.refusals import NotFound
from web.sections import sections_of
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.words import Words

TITLES = {
    Place.HOME: _("Arrange the home page"),
    Place.OVERVIEW: _("Arrange the Overview of clients"),
}
NAMES = {Place.HOME: _("Home"), Place.OVERVIEW: _("Overview of clients")}
"""The pages of cards, as people call them."""


def arrange(ctx: Context, place: str, account: str) -> Page:
    """The cards of a page, those that are shown and those that are left out."""
    which = _place(place)
    sections = sections_of(ctx, which)
    arrangement = arrangement_of(ctx, which)
    titles = {name: sections[name].value.title for name in arrangement.arranged(sections)}
    values = {
        "back": _back(ctx, which, account),
        "back_title": _back_title(ctx, which, account),
        "here": {"place": which.value, **({"account": account} if account else {})},
        "shown": {n: title for n, title in titles.items() if n not in arrangement.hidden},
        "left_out": {n: title for n, title in titles.items() if n in arrangement.hidden},
        "own": arrangement.own,
    }
    return Page("pages/arrange.html", TITLES[which], values)


def move(ctx: Context, place: str, card: str, step: str, account: str) -> Redirect:
    """Moves a card, leaves it out or shows it again."""
    which = _place(place)
    names = list(sections_of(ctx, which))
    if step not in {known.value for known in Move}:
        raise NotFound
    move_card(ctx, which, names, card, Move(step))
    return Redirect(_here(which, account))


def follow(ctx: Context, place: str, account: str) -> Redirect:
    """Lets the viewer see the page as the firm has it."""
    which = _place(place)
    follow_firm(ctx, which)
    return Redirect(_here(which, account), _("You see the page as the firm has arranged it."))


def for_all(ctx: Context, place: str, account: str) -> Redirect:
    """Makes the viewer's arrangement the firm's."""
    which = _place(place)
    arrange_for_all(ctx, which)
    notice = _("Everybody who has not arranged this page sees it like this.")
    return Redirect(_here(which, account), notice)


def _place(name: str) -> Place:
    if name not in {place.value for place in TITLES}:
        raise NotFound
    return Place(name)


def _here(place: Place, account: str) -> To:
    return To("shell.arrange", {"place": place.value, **({"account": account} if account else {})})


def _back(ctx: Context, place: Place, account: str) -> To:
    """The page that is arranged: of the client from which somebody came."""
    if place is Place.HOME:
        return To("shell.home")
    if not account:
        return To("shell.clients")
    return To("shell.overview", {"account": account_of(ctx, account).public_id})


def _back_title(ctx: Context, place: Place, account: str) -> Words | str:
    if place is Place.HOME:
        return _("Home")
    return account_of(ctx, account).name if account else _("Clients")


ROUTES = (
    Route(
        name="arrange",
        path="arrange/<place>",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=arrange,
        query=("account",),
    ),
    Route(
        name="arrange_follow",
        path="arrange/<place>/follow",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=follow,
        query=("account",),
    ),
    Route(
        name="arrange_for_all",
        path="arrange/<place>/for-all",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        submit=for_all,
        query=("account",),
    ),
    Route(
        name="arrange_card",
        path="arrange/<place>/<card>/<step>",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=move,
        query=("account",),
    ),
)
