"""A colleague's inbox: what they were told, and how they are mailed about it (NOT-4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask
from crm_core.inbox import inbox_page, mark_all_read, mark_read
from crm_core.notification_types import Audience, MailWish
from crm_core.notify_wishes import mail_wishes, save_mail_wishes, types_for
from crm_core.permissions import SEE_ACCOUNTS
from web.told_by import told_by
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form

SIZE = 50
UNREAD, ALL = "", "all"

TYPE = "crm.notification_type"
"""Where a field of the form names the type that it asks about."""

WISHES = (
    Choice(value=MailWish.AT_ONCE, label=_("At once")),
    Choice(value=MailWish.DAILY, label=_("Once a day")),
    Choice(value=MailWish.NEVER, label=_("Never")),
)


def inbox(ctx: Context, show: str, after: str, before: str) -> Page:
    """What the viewer was told, the latest first: what is unread, or all."""
    page = inbox_page(ctx, SIZE, unread=show != ALL, after=after, before=before)
    values = {"page": page, "show": ALL if show == ALL else UNREAD}
    return Page("pages/inbox.html", _("Inbox"), values)


def open_entry(ctx: Context, entry: str) -> Redirect:
    """Marks an entry as read and leads to what it is about."""
    found = mark_read(ctx, entry)
    return Redirect(found.to or To("shell.inbox", {"show": ALL}))


def set_read(ctx: Context, entry: str, show: str) -> Redirect:
    """Marks an entry as read, where it stands."""
    mark_read(ctx, entry)
    return Redirect(_inbox(show))


def set_unread(ctx: Context, entry: str, show: str) -> Redirect:
    """Marks an entry as unread again."""
    mark_read(ctx, entry, read=False)
    return Redirect(_inbox(show))


def read_all(ctx: Context, newest: str) -> Redirect:
    """Marks everything as read that was there when the page was opened."""
    mark_all_read(ctx, newest)
    return Redirect(_inbox(UNREAD), _("Everything is marked as read."))


def preferences_form(ctx: Context) -> type[Any]:
    """The form with a choice for each type that the firm's modules tell colleagues of."""
    asks: dict[str, Any] = {}
    for kind in types_for(ctx, Audience.STAFF):
        group = told_by(ctx, kind)
        asked = ask(kind.title, input=Input.CHOICE, choices=WISHES, help=kind.help, group=group)
        asked.metadata = {**asked.metadata, TYPE: kind.name}
        asked.type = MailWish
        asks[re.sub(r"\W", "_", f"mail_{kind.name}")] = asked
    return attrs.make_class("MailWishes", asks, frozen=True, kw_only=True)


def ask_for_preferences(ctx: Context, form: Form[Any]) -> Page:
    """The page with how the viewer is mailed now."""
    now = mail_wishes(ctx, [ctx.viewer.member_id])[ctx.viewer.member_id]
    typed = {name: now[kind] for name, kind in _types_of(form.of).items()}
    values = {"form": form.starting_from(**typed)}
    return Page("pages/inbox_preferences.html", _("Mails to you"), values)


def save_preferences(ctx: Context, value: Any) -> Redirect:
    """Stores how the viewer is mailed."""
    chosen = {kind: getattr(value, name) for name, kind in _types_of(type(value)).items()}
    save_mail_wishes(ctx, chosen)
    return Redirect(To("shell.inbox"), _("Your choice is saved."))


def _types_of(form: type[Any]) -> dict[str, str]:
    """The type that each field of the form asks about."""
    fields = attrs.fields(form)
    return {f.name: f.metadata[TYPE] for f in fields}


def _inbox(show: str) -> To:
    return To("shell.inbox", {"show": ALL} if show == ALL else {})


ROUTES = (
    Route(
        name="inbox",
        path="inbox",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=inbox,
        query=("show", "after", "before"),
    ),
    Route(
        name="inbox_preferences",
        path="inbox/preferences",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=ask_for_preferences,
        form=preferences_form,
        submit=save_preferences,
    ),
    Route(
        name="inbox_read_all",
        path="inbox/read",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=read_all,
        query=("newest",),
    ),
    Route(
        name="inbox_open",
        path="inbox/<entry>/open",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=open_entry,
    ),
    Route(
        name="inbox_read",
        path="inbox/<entry>/read",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=set_read,
        query=("show",),
    ),
    Route(
        name="inbox_unread",
        path="inbox/<entry>/unread",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        submit=set_unread,
        query=("show",),
    ),
)
