"""Which notifications an e-mail address of a client receives about one account (C10, NOT-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.context import Redirect
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask
from crm_core.notification_types import Audience
from crm_core.notify_wishes import save_wishes, types_for, wishes_of_address
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.refusals import NotFound
from web.pages.info_form import info_form, to_info
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context, Page
    from crm_core.forms import Form


@frozen
class Wanted:
    """The types that the address wants; `seen` are those that it wanted when the page was shown."""

    wanted: tuple[str, ...] = ask(_("Mails about"), default=(), input=Input.SEVERAL, longest=130)
    seen: str = ask(_("Wanted before"), default="", input=Input.HIDDEN, longest=20_000)


def ask_for_wishes(ctx: Context, account: Account, address: str, form: Form[Wanted]) -> Page:
    """The page with every type that the firm's modules tell clients of."""
    wishes = wishes_of_address(ctx, account, _key(address))
    on = [name for name, wanted in wishes.wanted.items() if wanted]
    choices = [
        Choice(value=one.name, label=one.title, help=one.help)
        for one in types_for(ctx, Audience.CLIENT)
    ]
    filled = form.offering(wanted=choices).starting_from(wanted=on, seen=" ".join(on))
    about = {"address": wishes.address, "account": account.name}
    lead = (
        _("What {address} is told of about {account}, while NOTIFY is on for it.", **about)
        if choices
        else _("None of the firm's modules tells clients of anything yet.")
    )
    return info_form(account, filled, _("Notification preferences"), _("Save"), lead)


def save(ctx: Context, account: Account, address: str, value: Wanted) -> Redirect:
    """Stores what somebody switched; what they left alone stays as it is by now."""
    key = _key(address)
    wishes = wishes_of_address(ctx, account, key)
    before, after = set(value.seen.split()), set(value.wanted)
    save_wishes(ctx, account, key, {name: name in after for name in before ^ after})
    notice = _("The notifications of {address} are saved.", address=wishes.address)
    return Redirect(to_info(account), notice)


def _key(address: str) -> int:
    if not (address.isascii() and address.isdigit() and len(address) < 19):
        raise NotFound
    return int(address)


ROUTES = (
    Route(
        name="info_notifications",
        path="info/addresses/<address>/notifications",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_wishes,
        form=Wanted,
        submit=save,
    ),
)
