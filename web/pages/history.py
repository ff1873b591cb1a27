"""The history of the firm, of a client, of a contact: who did what, when, from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.audit import history
from crm_core.contact_book import contact_of
from crm_core.context import Page
from crm_core.words import Words
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.audit import History
    from crm_core.context import Context


def of_firm(ctx: Context, before: str) -> Page:
    """Everything that happened in the firm, the latest first."""
    found = history(ctx, before=_number(before))
    return Page("settings/history.html", _("History"), _values(ctx, found))


def of_account(ctx: Context, account: Account, before: str) -> Page:
    """Everything that happened to a client."""
    found = history(ctx, account_id=account.id, before=_number(before))
    return Page("pages/history.html", _("History"), _values(ctx, found))


def of_contact(ctx: Context, contact: str, before: str) -> Page:
    """Everything that happened to a contact."""
    found = contact_of(ctx, contact)
    values = _values(ctx, history(ctx, contact_id=found.id, before=_number(before)))
    return Page("pages/contact_history.html", found.name, {**values, "contact": found})


def _values(ctx: Context, found: History) -> dict[str, object]:
    titles = {event.name: event.title for event in ctx.modules.events}
    return {"history": found, "title_of": lambda name: titles.get(name, Words(name))}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
