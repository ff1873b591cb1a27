"""The roles that the firm's people have on clients: define, rename, remove them (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.account_roles import (
    account_role_of,
    add_account_role,
    list_account_roles,
    remove_account_role,
    rename_account_role,
)
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import ask, version_field
from crm_core.permissions import MANAGE_FIRM
from web.pages.confirming import Sure, demand_sure
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form

_SETTINGS = To("shell.settings_roles")


@frozen
class RoleName:
    """What a role is called."""

    name: str = ask(_("Name"), longest=50, help=_("For instance: preparer, reviewer, partner."))


@frozen
class EditedRole(RoleName):
    """A role as somebody wants it."""

    version: int = version_field(_("Version"))


def roles(ctx: Context, form: Form[RoleName]) -> Page:
    """The roles, and a form for one more."""
    values = {"roles": list_account_roles(ctx), "form": form}
    return Page("settings/roles.html", _("Roles on clients"), values)


def add(ctx: Context, value: RoleName) -> Redirect:
    """Defines a role."""
    made = add_account_role(ctx, value.name)
    return Redirect(_SETTINGS, _("{name} is added.", name=made.name))


def ask_for_name(ctx: Context, role: str, form: Form[EditedRole]) -> Page:
    """The page with the role's name."""
    found = account_role_of(ctx, role)
    filled = form.starting_from(name=found.name, version=found.version)
    values = {"form": filled, "save": _("Save"), "lead": "", "danger": False, "back": _SETTINGS}
    return Page("settings/form.html", _("Edit {name}", name=found.name), values)


def rename(ctx: Context, role: str, value: EditedRole) -> Redirect:
    """Renames a role, on every client at once."""
    rename_account_role(ctx, account_role_of(ctx, role), value.name, value.version)
    return Redirect(_SETTINGS, _("{name} is saved.", name=value.name))


def ask_to_remove(ctx: Context, role: str, form: Form[Sure]) -> Page:
    """The page that says what removing does."""
    found = account_role_of(ctx, role)
    lead = _("Whoever has it on a client stays in that client's team, without it.")
    values = {"form": form, "save": _("Remove"), "lead": lead, "danger": True, "back": _SETTINGS}
    return Page("settings/form.html", _("Remove {name}?", name=found.name), values)


def remove(ctx: Context, role: str, value: Sure) -> Redirect:
    """Removes a role."""
    demand_sure(value)
    found = account_role_of(ctx, role)
    remove_account_role(ctx, found)
    return Redirect(_SETTINGS, _("{name} is removed.", name=found.name))


ROUTES = (
    Route(
        name="settings_roles",
        path="settings/roles",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=roles,
        form=RoleName,
        submit=add,
    ),
    Route(
        name="settings_roles_role",
        path="settings/roles/<role>",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=ask_for_name,
        form=EditedRole,
        submit=rename,
    ),
    Route(
        name="settings_roles_remove",
        path="settings/roles/<role>/remove",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=ask_to_remove,
        form=Sure,
        submit=remove,
    ),
)
