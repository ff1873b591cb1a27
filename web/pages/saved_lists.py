"""Keeping the list of clients as it is filtered now, under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Input, ask
from crm_core.listing.saved import remove_list, save_list, saved_lists
from crm_core.permissions import SEE_ACCOUNTS
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.forms import Form
    from crm_core.listing.saved import SavedList


FILTERS = ("list", "type", "tag", "any", "member", "login", "sort", "column")
"""What the address of a list says that is worth keeping."""


@frozen
class KeptList:
    """A name for the list, and what its address says."""

    name: str = ask(_("Name"), longest=60)
    query: str = ask(_("Filters"), default="", input=Input.HIDDEN, longest=4_000)


@frozen(kw_only=True)
class Kept:
    """A list that the viewer keeps, and where it is."""

    saved: SavedList
    to: To


def ask_for_name(ctx: Context, form: Form[KeptList], **asked: str) -> Page:
    """The page that asks for a name."""
    said = {name: text.split("\n") for name, text in asked.items() if text}
    filled = form.starting_from(query=urlencode(said, doseq=True))
    return Page("pages/keep_list.html", _("Keep this list"), {"form": filled})


def keep(ctx: Context, value: KeptList, **asked: str) -> Redirect:
    """Keeps the list."""
    kept = save_list(ctx, value.name, value.query)
    return Redirect(place_of(kept), _("{name} is kept.", name=kept.name))


def remove(ctx: Context, saved: str) -> Redirect:
    """Removes a list that the viewer keeps."""
    remove_list(ctx, saved)
    return Redirect(To("shell.clients"), _("The list is removed."))


def kept_lists(ctx: Context) -> Sequence[Kept]:
    """The lists that the viewer keeps."""
    return [Kept(saved=saved, to=place_of(saved)) for saved in saved_lists(ctx)]


def place_of(saved: SavedList) -> To:
    """Where a kept list is."""
    return To("shell.clients", parse_qs(saved.query))  # type: ignore[arg-type]


ROUTES = (
    Route(
        name="clients_keep",
        path="clients/keep",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=ask_for_name,
        form=KeptList,
        submit=keep,
        query=FILTERS,
    ),
    Route(
        name="clients_kept_remove",
        path="clients/kept/<saved>/remove",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=remove,
    ),
)
