"""The sidebar and the tabs of a profile: what the viewer may open, in a visible order.

The route alone says which right it needs: an entry stands where its page would open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from flask import current_app

from crm_core.contributions import Scope
from crm_core.permissions import may
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.context import Context
    from crm_core.contributions import Route
    from crm_core.words import Words


SHELL_ROUTES = "crm_shell_routes"
"""Where the app keeps the shell's routes by their names."""


@frozen(kw_only=True)
class Entry:
    """A link in a menu: `current` where the page is, or is below, this one."""

    title: Words
    route: str
    current: bool = False


def menu_of(ctx: Context, route: str, *, in_profile: bool = False) -> Sequence[Entry]:
    """The entries of the sidebar, from the top; whatever is in a client's profile is of Clients."""
    plugin = route.partition(".")[0]
    in_settings = _is_in_settings(ctx, route)
    of_modules = [
        Entry(
            title=page.value.menu.title,
            route=page.name,
            current=page.plugin == plugin and not in_profile and not in_settings,
        )
        for page in ctx.modules.menu(Scope.FIRM)
        if page.value.menu is not None and may(ctx, page.value.needs)
    ]
    elsewhere = in_settings or any(entry.current for entry in of_modules)
    not_of_clients = (
        "shell.contact",
        "shell.home",
        "shell.arrange",
        "shell.inbox",
    )
    entries = (
        Entry(title=_("Home"), route="shell.home", current=route == "shell.home"),
        Entry(
            title=_("Clients"),
            route="shell.clients",
            current=not elsewhere and not route.startswith(not_of_clients),
        ),
        Entry(
            title=_("Contacts"), route="shell.contacts", current=route.startswith("shell.contact")
        ),
    )
    return [*(entry for entry in entries if may_open(ctx, entry.route)), *of_modules]


def _is_in_settings(ctx: Context, route: str) -> bool:
    of_modules = tuple(page.name for page in ctx.modules.settings_pages())
    return route.startswith(("shell.settings", *of_modules))


def portal_menu_of(ctx: Context, route: str) -> Sequence[Entry]:
    """The entries of the portal's menu: home, the pages of the modules, and one's own details."""
    plugin = route.partition(".")[0]
    of_modules = [
        Entry(title=page.value.menu.title, route=page.name, current=page.plugin == plugin)
        for page in ctx.modules.menu(Scope.PORTAL)
        if page.value.menu is not None and may(ctx, page.value.needs)
    ]
    home = Entry(title=_("Home"), route="shell.portal", current=route == "shell.portal")
    of_details = ("shell.portal_details", "shell.portal_photo", "shell.portal_mails")
    details = Entry(
        title=_("Your details"), route=of_details[0], current=route.startswith(of_details)
    )
    return [home, *of_modules, details]


def settings_of(ctx: Context, route: str) -> Sequence[Entry]:
    """The pages of the firm's settings that the viewer may open; last those of the modules."""
    pages = (
        ("shell.settings_firm", _("Firm")),
        ("shell.settings_team", _("Team")),
        ("shell.settings_roles", _("Roles on clients")),
        ("shell.settings_requests", _("Access requests")),
        ("shell.settings_tags", _("Tags")),
        ("shell.settings_fields", _("Custom fields")),
        ("shell.settings_modules", _("Modules")),
        ("shell.settings_security", _("Security")),
        ("shell.settings_mails", _("Mail")),
        ("shell.settings_background", _("Background work")),
        ("shell.settings_history", _("History")),
    )
    shell = [
        Entry(title=title, route=name, current=route.startswith(name))
        for name, title in pages
        if may_open(ctx, name)
    ]
    return shell + [
        Entry(title=page.value.menu.title, route=page.name, current=route.startswith(page.name))
        for page in ctx.modules.settings_pages()
        if page.value.menu is not None and may(ctx, page.value.needs)
    ]


def tabs_of(ctx: Context, route: str) -> Sequence[Entry]:
    """The tabs of a client's profile: Overview, Info, and those of the firm's modules."""
    plugin = route.partition(".")[0]
    own = (("shell.overview", _("Overview")), ("shell.info", _("Info")))
    shell = [Entry(title=title, route=name, current=route.startswith(name)) for name, title in own]
    return [entry for entry in shell if may_open(ctx, entry.route)] + [
        Entry(title=tab.value.tab.title, route=tab.name, current=tab.plugin == plugin)
        for tab in ctx.modules.tabs
        if tab.value.tab is not None and may(ctx, tab.value.needs)
    ]


def may_open(ctx: Context, name: str) -> bool:
    """Whether the viewer has the right that the shell's route of this name asks for."""
    routes: Mapping[str, Route] = current_app.extensions[SHELL_ROUTES]
    return may(ctx, routes[name].needs)
