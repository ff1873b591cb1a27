"""The firm's modules: what its edition holds, what each adds, and what is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.modules import (
    faults_of_modules,
    module_list,
    module_named,
    switch_module,
    unsound_modules,
)
from crm_core.permissions import SWITCH_MODULES
from web.catalogues import translated
from web.pages.confirming import Sure, demand_sure
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form


def modules(ctx: Context) -> Page:
    """The modules of the firm's edition, what of them failed, and which are not sound."""
    faults = faults_of_modules(ctx)
    values = {
        "modules": module_list(ctx),
        "unsound": unsound_modules(ctx),
        "faults_of": lambda name: [f for f in faults if f.what.startswith(f"{name}.")],
    }
    return Page("settings/modules.html", _("Modules"), values)


def ask_to_switch(ctx: Context, module: str, form: Form[Sure]) -> Page:
    """The page that says what switching a module does."""
    found = module_named(ctx, module)
    return Page("settings/module.html", found.title, {"form": form, "module": found})


def switch(ctx: Context, module: str, value: Sure) -> Redirect:
    """Switches a module on or off, with what follows from it."""
    demand_sure(value)
    changed = switch_module(ctx, module)
    on = ", ".join(translated(m.title, ctx.language) for m in changed if m.on)
    off = ", ".join(translated(m.title, ctx.language) for m in changed if not m.on)
    notice = _("Switched on: {names}.", names=on) if on else _("Switched off: {names}.", names=off)
    return Redirect(To("shell.settings_modules"), notice)


ROUTES = (
    Route(
        name="settings_modules",
        path="settings/modules",
        scope=Scope.FIRM,
        needs=SWITCH_MODULES,
        view=modules,
    ),
    Route(
        name="settings_modules_switch",
        path="settings/modules/<module>",
        scope=Scope.FIRM,
        needs=SWITCH_MODULES,
        view=ask_to_switch,
        form=Sure,
        submit=switch,
    ),
)
