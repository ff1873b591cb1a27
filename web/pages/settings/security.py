"""The firm's security: what it demands of staff and clients before it opens to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.firm_settings import demand_second_factor
from crm_core.forms import Input, ask
from crm_core.permissions import MANAGE_FIRM
from web.signin.security import this_person
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form


@frozen
class Policy:
    """What the firm demands."""

    second_factor: bool = ask(
        _("Demand a second factor of the whole team"),
        default=False,
        input=Input.YES_NO,
        help=_(
            "Who has none is led to the page that sets it up, and sees nothing of the firm before."
        ),
    )
    of_clients: bool = ask(
        _("Demand a second factor of clients"),
        default=False,
        input=Input.YES_NO,
        help=_("It holds for the portal, from their next click on."),
    )
    links_act: bool = ask(
        _("Links in mails may do single things without signing in"),
        default=False,
        input=Input.YES_NO,
        help=_("Such as approving a document. Each link does one thing, and expires."),
    )


def ask_for_policy(ctx: Context, form: Form[Policy]) -> Page:
    """The page with what the firm demands now."""
    values = {
        "form": form.starting_from(
            second_factor=ctx.firm.demands_second_factor,
            of_clients=ctx.firm.clients_need_second_factor,
            links_act=ctx.firm.allows_action_links,
        ),
        "has_second_factor": this_person().has_second_factor,
    }
    return Page("settings/security.html", _("Security"), values)


def save_policy(ctx: Context, value: Policy) -> Redirect:
    """Demands it from the next request on, of whoever saved this too; or no longer."""
    demand_second_factor(
        ctx,
        demanded=value.second_factor,
        of_clients=value.of_clients,
        links_act=value.links_act,
    )
    return Redirect(To("shell.settings_security"), _("The firm's security is saved."))


ROUTES = (
    Route(
        name="settings_security",
        path="settings/security",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        step_up=True,
        view=ask_for_policy,
        form=Policy,
        submit=save_policy,
    ),
)
