"""What all pages of documents share: on whose side they stand, forms alone, places to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core import Page, To
from plugins.documents.rules import is_client
from plugins.documents.values import ACCESS_TITLES

if TYPE_CHECKING:
    from crm_core import Context, Form, Words
    from crm_core.accounts import Account
    from plugins.documents.values import Document


def frame(ctx: Context) -> dict[str, Any]:
    """What every page needs: whether it stands in the portal, and how its routes begin."""
    in_portal = is_client(ctx)
    side = "documents.portal_" if in_portal else "documents."
    return {"in_portal": in_portal, "side": side, "access_titles": ACCESS_TITLES}


def form_page(
    ctx: Context,
    form: Form[Any],
    title: Words,
    save: Words,
    back: To,
    *,
    lead: Words | None = None,
    danger: bool = False,
) -> Page:
    """A page with a form alone: its title, what the button says, where leaving it leads."""
    values = {"form": form, "save": save, "back": back, "lead": lead, "danger": danger}
    return Page("documents/form.html", title, {**frame(ctx), **values})


def place(ctx: Context, name: str, account: Account, **more: str) -> To:
    """A page of this side: the portal's for clients, the profile's for the team."""
    if is_client(ctx):
        name = "portal" if name == "all" else f"portal_{name}"
    return To(f"documents.{name}", {"account": account.public_id, **more})


def back_to(ctx: Context, account: Account, document: Document) -> To:
    """The page of a document, on this side."""
    return place(ctx, "document", account, document=document.public_id)
