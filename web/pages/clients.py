"""The list of clients: the accounts that the viewer may see, by name (R2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.accounts import COUNT_CAP, list_accounts
from crm_core.context import Page
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context

PAGE = 50


def list_clients(ctx: Context, after: str, before: str) -> Page:
    """One page of clients; `after` and `before` are the public ids of the neighbouring ones."""
    page = list_accounts(ctx, size=PAGE, after=after, before=before)
    values = {
        "clients": page.accounts,
        "count": min(page.count, COUNT_CAP),
        "more": page.count >= COUNT_CAP,
        "before": page.before,
        "after": page.after,
    }
    return Page("pages/clients.html", _("Clients"), values)
