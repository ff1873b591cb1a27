"""The sidebar and the tabs of a profile: what the viewer may open, in a visible order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.permissions import (
    ASSIGN_TEAM,
    MANAGE_FIELDS,
    MANAGE_FIRM,
    MANAGE_TAGS,
    MANAGE_TEAM,
    READ_HISTORY,
    SEE_ACCOUNTS,
    SWITCH_MODULES,
    may,
)
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.words import Words


@frozen(kw_only=True)
class Entry:
    """A link in a menu: `current` where the page is, or is below, this one."""

    title: Words
    route: str
    current: bool = False


def menu_of(ctx: Context, route: str, *, in_profile: bool = False) -> Sequence[Entry]:
    """The entries of the sidebar, from the top; whatever is in a client's profile is of Clients."""
    plugin = route.partition(".")[0]
    of_modules = [
        Entry(
            title=page.value.menu.title,
            route=page.name,
            current=page.plugin == plugin and not in_profile,
        )
        for page in ctx.modules.menu
        if page.value.menu is not None and may(ctx, page.value.needs)
    ]
    elsewhere = any(entry.current for entry in of_modules)
    entries = []
    if may(ctx, SEE_ACCOUNTS):
        entries.append(
            Entry(
                title=_("Clients"),
                route="shell.clients",
                current=not elsewhere and not route.startswith(("shell.settings", "shell.contact")),
            )
        )
        entries.append(
            Entry(
                title=_("Contacts"),
                route="shell.contacts",
                current=route.startswith("shell.contact"),
            )
        )
    return [*entries, *of_modules]


def settings_of(ctx: Context, route: str) -> Sequence[Entry]:
    """The pages of the firm's settings that the viewer may open."""
    pages = (
        ("shell.settings_firm", _("Firm"), MANAGE_FIRM),
        ("shell.settings_team", _("Team"), MANAGE_TEAM),
        ("shell.settings_roles", _("Roles on clients"), MANAGE_FIRM),
        ("shell.settings_requests", _("Access requests"), ASSIGN_TEAM),
        ("shell.settings_tags", _("Tags"), MANAGE_TAGS),
        ("shell.settings_fields", _("Custom fields"), MANAGE_FIELDS),
        ("shell.settings_modules", _("Modules"), SWITCH_MODULES),
        ("shell.settings_security", _("Security"), MANAGE_FIRM),
        ("shell.settings_history", _("History"), READ_HISTORY),
    )
    return [
        Entry(title=title, route=name, current=route.startswith(name))
        for name, title, needs in pages
        if may(ctx, needs)
    ]


def tabs_of(ctx: Context, route: str) -> Sequence[Entry]:
    """The tabs of a client's profile: Overview, Info, and those of the firm's modules."""
    plugin = route.partition(".")[0]
    own = (("shell.overview", _("Overview")), ("shell.info", _("Info")))
    shell = [Entry(title=title, route=name, current=route.startswith(name)) for name, title in own]
    return shell + [
        Entry(title=tab.value.tab.title, route=tab.name, current=tab.plugin == plugin)
        for tab in ctx.modules.tabs
        if tab.value.tab is not None and may(ctx, tab.value.needs)
    ]
