"""The history of the firm, of a client, of a contact: who did what, when, from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.audit import history
from crm_core.contact_book import contact_of
from crm_core.context import Page
from crm_core.contributions import Route, Scope
from crm_core.fields.kinds import KINDS
from crm_core.languages import LANGUAGES
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_CONTACTS, READ_HISTORY
from web.pages.arranging import NAMES as PAGES_OF_CARDS
from web.pages.settings.fields import OWNERS
from web.pages.settings.firm import ACCENTS
from web.pages.settings.tags import COLOURS
from web.pages.settings.team import ROLES
from web.templating import ACCOUNT_TYPES
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from crm_core.accounts import Account
    from crm_core.audit import Entry, History
    from crm_core.context import Context
    from crm_core.words import Words


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
    events = {event.name: event for event in ctx.modules.events}
    rights = {right.name: right.title for right in ctx.modules.permissions}

    def title_of(name: str) -> Words | str:
        return events[name].title if name in events else name

    def told(entry: Entry, side: Mapping[str, Any]) -> list[tuple[Words | str, list[Words | str]]]:
        """What an entry says of before or after: of each part its name, and its values."""
        event = events.get(entry.event)
        parts, values = (event.parts, event.values) if event else ({}, {})
        return [
            (
                parts.get(name, name.replace("_", " ")),
                _in_words(name, value, {"rights": rights, **values}),
            )
            for name, value in side.items()
        ]

    return {"history": found, "title_of": title_of, "told": told}


def _in_words(
    name: str, value: Any, of_event: Mapping[str, Mapping[str, Words]]
) -> list[Words | str]:
    """The values of a part of an entry as people call them."""
    if isinstance(value, bool):
        return [_("yes") if value else _("no")]
    known: dict[str, Mapping[str, Words | str]] = {
        **of_event,
        "role": {str(role): title for role, title in ROLES.items()},
        "type": {str(kind): title for kind, title in ACCOUNT_TYPES.items()}
        | {str(type_): kind.title for type_, kind in KINDS.items()},
        "of": {str(owner): title for owner, title in OWNERS.items()},
        "colour": {str(colour): title for colour, title in COLOURS.items()},
        "page": {str(place): title for place, title in PAGES_OF_CARDS.items()},
        "accent": {str(accent): title for accent, title in ACCENTS.items()},
        "language": LANGUAGES,
    }
    values = value if isinstance(value, list) else [value]
    return [known.get(name, {}).get(str(one), str(one)) for one in values]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


ROUTES = (
    Route(
        name="contact_history",
        path="contacts/<contact>/history",
        scope=Scope.FIRM,
        needs=MANAGE_CONTACTS,
        view=of_contact,
        query=("before",),
    ),
    Route(
        name="info_history",
        path="info/history",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=of_account,
        query=("before",),
    ),
    Route(
        name="settings_history",
        path="settings/history",
        scope=Scope.FIRM,
        needs=READ_HISTORY,
        view=of_firm,
        query=("before",),
    ),
)
