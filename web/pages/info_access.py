"""Portal access from the Info tab: inviting an address, withdrawing, looking as it does (C9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.address_settings import addresses_of_account
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Input, ask
from crm_core.permissions import MANAGE_ACCOUNTS, SEE_ACCOUNTS
from crm_core.portal_invitations import invite_client, withdraw_client_invitation
from crm_core.refusals import NotFound
from web.links import LOOKED_AT
from web.pages.info_form import info_form, to_info
from web.portal.inviting import send_client_invitation
from web.portal.looking import begin_looking
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.forms import Form


def message_field() -> Any:
    """The field for a personal message in invitations."""
    return ask(
        _("Personal message"),
        default="",
        input=Input.LONG_TEXT,
        longest=2_000,
        help=_("It stands in the mail, above the link. You can leave it empty."),
    )


@frozen
class Invite:
    """What goes with an invitation."""

    message: str = message_field()


def ask_to_invite(ctx: Context, account: Account, address: str, form: Form[Invite]) -> Page:
    """The page that says who gets what, before it is sent."""
    email_id = _address(ctx, account, address)
    email = addresses_of_account(ctx, account)[email_id].address
    lead = _(
        "A mail goes to {address} with a link to the portal of {account}. It works once, for 30 "
        "days. A link that was sent before stops working.",
        address=email,
        account=account.name,
    )
    return info_form(account, form, _("Send invitation"), _("Send invitation"), lead)


def invite(ctx: Context, account: Account, address: str, value: Invite) -> Redirect:
    """Invites the address, with the mail in the same transaction."""
    invitation, token = invite_client(ctx, account, _address(ctx, account, address))
    send_client_invitation(ctx, invitation, token, value.message)
    return Redirect(to_info(account), _("{address} is invited.", address=invitation.address))


def withdraw(ctx: Context, account: Account, address: str) -> Redirect:
    """Makes the link that was sent worth nothing."""
    told = withdraw_client_invitation(ctx, account, _address(ctx, account, address))
    return Redirect(to_info(account), _("The invitation of {address} is withdrawn.", address=told))


def look(ctx: Context, account: Account, address: str) -> Redirect:
    """Opens the portal as this address sees it (POR-6)."""
    email_id = _address(ctx, account, address)
    begin_looking(ctx, account, email_id)
    where = {"account": account.public_id, "looked_at": str(email_id)}
    return Redirect(To(f"shell.portal{LOOKED_AT}", where))


def _address(ctx: Context, account: Account, address: str) -> int:
    """The key of an address of the account's contacts, which stands in the path."""
    found = next((k for k in addresses_of_account(ctx, account) if str(k) == address), None)
    if found is None:
        raise NotFound
    return found


ROUTES = (
    Route(
        name="info_invite",
        path="info/addresses/<address>/invite",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_to_invite,
        form=Invite,
        submit=invite,
    ),
    Route(
        name="info_withdraw",
        path="info/addresses/<address>/withdraw",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        submit=withdraw,
    ),
    Route(
        name="info_look",
        path="info/addresses/<address>/look",
        scope=Scope.ACCOUNT,
        needs=SEE_ACCOUNTS,
        submit=look,
    ),
)
