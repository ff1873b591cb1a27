"""Search (R1): a page of its own, and while one types the same hits as a piece of any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Fragment, Page
from crm_core.contributions import Route, Scope
from crm_core.permissions import SEE_ACCOUNTS
from crm_core.search import search
from crm_core.store.searching import LONGEST
from web.searching import leading_somewhere, search_providers
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context

HITS = "hits"
"""What the field in the sidebar asks for: the hits alone."""


def show_hits(ctx: Context, q: str, part: str, archived: str) -> Page | Fragment:
    """What `q` finds, in groups; nothing yet where it is empty.

    Archived clients are found where they are asked for (ACC-13).
    """
    typed, too = q.strip(), archived == "1"
    found = map(leading_somewhere, ctx.modules.search_providers)
    providers = (*search_providers(archived=too), *found)
    groups = search(ctx, providers, typed)
    values = {
        "typed": typed[:LONGEST],
        "archived": too,
        "groups": groups,
        "count": sum(len(group.hits) for group in groups),
    }
    if part == HITS:
        return Fragment("search/hits.html", values)
    return Page("search/page.html", _("Search"), values)


ROUTES = (
    Route(
        name="search",
        path="search",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=show_hits,
        query=("q", "part", "archived"),
    ),
)
