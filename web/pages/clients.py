"""The list of clients: filters that combine, an order, columns, page by page (R2, LST-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from crm_core.accounts import AccountType
from crm_core.address_settings import accounts_with_login
from crm_core.context import Page
from crm_core.contributions import Route, Scope
from crm_core.listing.accounts import AccountFilter, AccountOrder, list_accounts
from crm_core.permissions import SEE_ACCOUNTS
from crm_core.photos import photos_of
from crm_core.search_and_lists import ListOf
from crm_core.tags import list_tags, tags_of_accounts
from crm_core.team import team_of_firm, teams_of_accounts
from web.lists.columns import Column
from web.lists.pages import OwnParts, asked_list
from web.lists.wishes import ON_OR_OFF, order_of
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.context import Context
    from crm_core.tags import Tag

PAGE = 50

PARTS = OwnParts(
    of=ListOf.ACCOUNTS,
    filters=("type", "tag", "any", "member", "login"),
    columns=(
        Column(name="type", title=_("Type")),
        Column(name="tags", title=_("Tags")),
        Column(name="team", title=_("Team")),
        Column(name="login", title=_("LOGIN")),
        Column(name="created", title=_("Client since"), orders=("created", "-created")),
        Column(name="number", title=_("Number"), amount=True, orders=("number", "-number")),
    ),
    usual=("type", "tags", "number"),
)


def list_clients(ctx: Context, after: str, before: str, **asked: str) -> Page:
    """One page of clients; `after` and `before` are the public ids of the neighbouring ones."""
    tags, team = list_tags(ctx), team_of_firm(ctx)
    wanted = _wanted(asked, tags, team)
    order = order_of(AccountOrder, asked["sort"], AccountOrder.NAME)
    the_list = asked_list(ctx, PARTS, asked, _said(wanted, tags), order)
    page = list_accounts(
        ctx,
        evolve(wanted, others=the_list.narrowed.narrowings),
        order=order,
        size=PAGE,
        after=after,
        before=before,
    )
    keys = [account.id for account in page.accounts]
    values = {
        **the_list.values(page, keys),
        "clients": page.accounts,
        "wanted": wanted,
        "all_tags": tags,
        "team": team,
        "photos": photos_of(ctx, keys),
        **_beside(ctx, keys, {column.name for column in the_list.wish.columns}),
    }
    return Page("pages/clients.html", _("Clients"), values)


def _wanted(
    asked: Mapping[str, str], tags: Sequence[Tag], team: Mapping[int, str]
) -> AccountFilter:
    named = asked["tag"].split("\n")
    members = {str(key): key for key in team}
    return AccountFilter(
        archived=asked["list"] == "archived",
        type=AccountType(asked["type"]) if asked["type"] in set(AccountType) else None,
        tags=tuple(tag.id for tag in tags if tag.public_id in named),
        any_tag=asked["any"] == "1",
        member=members.get(asked["member"]),
        login=ON_OR_OFF.get(asked["login"]),
    )


def _said(wanted: AccountFilter, tags: Sequence[Tag]) -> Mapping[str, str]:
    """What the address says of these filters."""
    return {
        "list": "archived" if wanted.archived else "",
        "type": wanted.type or "",
        "tag": "\n".join(tag.public_id for tag in tags if tag.id in wanted.tags),
        "any": "1" if wanted.any_tag and wanted.tags else "",
        "member": str(wanted.member or ""),
        "login": {None: "", True: "on", False: "off"}[wanted.login],
    }


def _beside(ctx: Context, keys: Sequence[int], shown: Collection[str]) -> dict[str, object]:
    """What the list's own columns show beside the accounts: a query for each column at most."""
    return {
        "tags_of": tags_of_accounts(ctx, keys) if "tags" in shown else {},
        "with_login": accounts_with_login(ctx, keys) if "login" in shown else (),
        "team_of": teams_of_accounts(ctx, keys) if "team" in shown else {},
    }


ROUTES = (
    Route(
        name="clients",
        path="clients",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=list_clients,
        query=PARTS.query,
    ),
)
