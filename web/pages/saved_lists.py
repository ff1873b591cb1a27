"""Keeping a list as it is filtered now, under a name; the same for clients and for contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import ask
from crm_core.listing.saved import LONGEST_NAME, remove_list, save_list
from crm_core.permissions import SEE_ACCOUNTS
from web.lists.kept import PLACES, place_of
from web.pages import clients, contacts
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.context import Context
    from crm_core.forms import Form
    from crm_core.words import Words
    from web.lists.pages import OwnParts


@frozen
class KeptList:
    """A name for the list."""

    name: str = ask(_("Name"), longest=LONGEST_NAME)


def _routes(parts: OwnParts, path: str, title: Words) -> Iterator[Route]:
    place = PLACES[parts.of]

    def ask_for_name(ctx: Context, form: Form[KeptList], **asked: str) -> Page:
        """The page that asks for a name."""
        back = To(place, _said(asked))  # type: ignore[arg-type]
        values = {"form": form, "back": back, "of": title}
        return Page("pages/keep_list.html", _("Keep this list"), values)

    def keep(ctx: Context, value: KeptList, **asked: str) -> Redirect:
        """Keeps the list."""
        kept = save_list(ctx, parts.of, value.name, urlencode(_said(asked), doseq=True))
        return Redirect(place_of(kept), _("{name} is kept.", name=kept.name))

    def remove(ctx: Context, saved: str) -> Redirect:
        """Removes a list that the viewer keeps."""
        remove_list(ctx, parts.of, saved)
        return Redirect(To(place), _("The list is removed."))

    yield Route(
        name=f"{path}_keep",
        path=f"{path}/keep",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=ask_for_name,
        form=KeptList,
        submit=keep,
        query=parts.worth_keeping,
    )
    yield Route(
        name=f"{path}_kept_remove",
        path=f"{path}/kept/<saved>/remove",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=remove,
    )


def _said(asked: dict[str, str]) -> dict[str, list[str]]:
    return {name: text.split("\n") for name, text in asked.items() if text}


ROUTES = (
    *_routes(clients.PARTS, "clients", _("Clients")),
    *_routes(contacts.PARTS, "contacts", _("Contacts")),
)
