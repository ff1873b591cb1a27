"""The firm's background work: what waits, what failed, and what people do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.parking import give_up, outbox_of, parked_of, retry
from crm_core.permissions import MANAGE_FIRM
from web.pages.confirming import Sure, demand_sure
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form


def background(ctx: Context) -> Page:
    """What waits, what is parked and what is tried again."""
    return Page("settings/background.html", _("Background work"), {"outbox": outbox_of(ctx)})


def try_again(ctx: Context, work: str) -> Redirect:
    """Lets parked work be tried again."""
    retry(ctx, work)
    return Redirect(To("shell.settings_background"), _("It is tried again within a minute."))


def ask_to_give_up(ctx: Context, work: str, form: Form[Sure]) -> Page:
    """The page that says what giving up means."""
    found = parked_of(ctx, work)
    values = {
        "form": form,
        "save": _("Give up"),
        "danger": True,
        "back": To("shell.settings_background"),
        "lead": _(
            "It is not tried again, and what it should have done is not done. "
            "Work that comes by the clock comes again at its next time."
        ),
    }
    title = _("Give up “{work}”?", work=found.title or found.work)
    return Page("settings/form.html", title, values)


def let_go(ctx: Context, work: str, value: Sure) -> Redirect:
    """Gives parked work up."""
    demand_sure(value)
    give_up(ctx, work)
    return Redirect(To("shell.settings_background"), _("It is given up."))


ROUTES = (
    Route(
        name="settings_background",
        path="settings/background",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=background,
    ),
    Route(
        name="settings_background_retry",
        path="settings/background/<work>/retry",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        submit=try_again,
    ),
    Route(
        name="settings_background_give_up",
        path="settings/background/<work>/give-up",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=ask_to_give_up,
        form=Sure,
        submit=let_go,
    ),
)
