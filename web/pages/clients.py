"""The list of clients: filters that combine, an order, columns, page by page (R2, LST-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.accounts import AccountType
from crm_core.address_settings import accounts_with_login
from crm_core.context import Page, To
from crm_core.contributions import Route, Scope
from crm_core.listing.accounts import AccountFilter, AccountOrder, AccountsPage, list_accounts
from crm_core.listing.paging import is_capped
from crm_core.permissions import SEE_ACCOUNTS
from crm_core.photos import photos_of
from crm_core.tags import list_tags, tags_of_accounts
from crm_core.team import team_of_firm, teams_of_accounts
from web.pages.saved_lists import FILTERS, kept_lists
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.context import Context
    from crm_core.tags import Tag

PAGE = 50

COLUMNS = {
    "type": _("Type"),
    "tags": _("Tags"),
    "team": _("Team"),
    "login": _("LOGIN"),
    "created": _("Client since"),
    "number": _("Number"),
}
"""The columns beside the name, in the order in which they stand."""

USUAL_COLUMNS = ("type", "tags", "number")

QUERY = (*FILTERS, "after", "before")
"""What the address of the list may say; several tags and columns each stand for themselves."""


@frozen(kw_only=True)
class Wish:
    """What the address asks for; what makes no sense is as if it were not there."""

    archived: bool
    type: AccountType | None
    tags: Sequence[Tag]
    any_tag: bool
    member: int | None
    login: bool | None
    order: AccountOrder
    columns: Sequence[str]

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return bool(self.type or self.tags or self.member or self.login is not None)

    @property
    def filter(self) -> AccountFilter:
        """The filter that this is."""
        return AccountFilter(
            archived=self.archived,
            type=self.type,
            tags=tuple(tag.id for tag in self.tags),
            any_tag=self.any_tag,
            member=self.member,
            login=self.login,
        )

    def address(self, route: str = "shell.clients", **changed: object) -> To:
        """The list as it is wished for, but for what is changed; or another page about it."""
        said = {
            "list": "archived" if self.archived else "",
            "type": self.type.value if self.type else "",
            "tag": [tag.public_id for tag in self.tags],
            "any": "1" if self.any_tag else "",
            "member": str(self.member or ""),
            "login": "" if self.login is None else "on" if self.login else "off",
            "sort": "" if self.order is AccountOrder.NAME else self.order.value,
            "column": [] if tuple(self.columns) == USUAL_COLUMNS else list(self.columns),
            **changed,
        }
        return To(route, {key: value for key, value in said.items() if value})  # type: ignore[misc]


def list_clients(ctx: Context, after: str, before: str, **asked: str) -> Page:
    """One page of clients; `after` and `before` are the public ids of the neighbouring ones."""
    tags, team = list_tags(ctx), team_of_firm(ctx)
    wish = _wish(asked, tags, team)
    page = list_accounts(ctx, wish.filter, order=wish.order, size=PAGE, after=after, before=before)
    values = {
        "clients": page.accounts,
        "count": page.count,
        "more": is_capped(page.count),
        "before": wish.address(before=page.before) if page.before else None,
        "after": wish.address(after=page.after) if page.after else None,
        "wish": wish,
        "kept": kept_lists(ctx),
        "columns": COLUMNS,
        "all_tags": tags,
        "team": team,
        **_beside(ctx, page, wish),
    }
    return Page("pages/clients.html", _("Clients"), values)


def _wish(asked: Mapping[str, str], tags: Sequence[Tag], team: Mapping[int, str]) -> Wish:
    wanted = asked["tag"].split("\n")
    columns = [name for name in COLUMNS if name in asked["column"].split("\n")]
    members = {str(key): key for key in team}
    return Wish(
        archived=asked["list"] == "archived",
        type=AccountType(asked["type"]) if asked["type"] in set(AccountType) else None,
        tags=[tag for tag in tags if tag.public_id in wanted],
        any_tag=asked["any"] == "1",
        member=members.get(asked["member"]),
        login={"on": True, "off": False}.get(asked["login"]),
        order=AccountOrder(asked["sort"])
        if asked["sort"] in set(AccountOrder)
        else AccountOrder.NAME,
        columns=columns or USUAL_COLUMNS,
    )


def _beside(ctx: Context, page: AccountsPage, wish: Wish) -> dict[str, object]:
    """What the columns show beside the accounts themselves: a query for each column at most."""
    keys = [account.id for account in page.accounts]
    return {
        "photos": photos_of(ctx, keys),
        "tags_of": tags_of_accounts(ctx, keys) if "tags" in wish.columns else {},
        "with_login": accounts_with_login(ctx, keys) if "login" in wish.columns else (),
        "team_of": teams_of_accounts(ctx, keys) if "team" in wish.columns else {},
    }


ROUTES = (
    Route(
        name="clients",
        path="clients",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=list_clients,
        query=QUERY,
    ),
)
