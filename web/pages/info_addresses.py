"""The switches of each e-mail address of an account's contacts (C5, C6, ACC-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.address_settings import addresses_of_account, save_settings, settings_of_account
from crm_core.context import Redirect
from crm_core.contributions import Route, Scope
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.refusals import NotFound
from web.pages.info_form import to_info
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context

ON, OFF = "on", "off"


def switch(ctx: Context, account: Account, address: str, setting: str, state: str) -> Redirect:
    """Switches one setting of one address on or off: it says which, so twice is like once."""
    email = next(
        ((key, e) for key, e in addresses_of_account(ctx, account).items() if str(key) == address),
        None,
    )
    known = next((s for s in settings_of_account(ctx, account) if s.name == setting), None)
    if email is None or known is None or state not in (ON, OFF):
        raise NotFound
    save_settings(ctx, account, {setting: {email[0]: state == ON}})
    about = {"setting": known.title, "address": email[1].address}
    if state == ON:
        return Redirect(to_info(account), _("{setting} is on for {address}.", **about))
    return Redirect(to_info(account), _("{setting} is off for {address}.", **about))


ROUTES = (
    Route(
        name="info_switch",
        path="info/addresses/<address>/<setting>/<state>",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        submit=switch,
    ),
)
