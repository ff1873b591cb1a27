"""Inviting many to the portal at once: all addresses that have LOGIN and have not signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.accounts import visible_accounts
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.portal_access import AccessState, pending_addresses
from crm_core.portal_invitations import invite_client
from crm_core.refusals import Refused
from web.pages.info_access import message_field
from web.portal.inviting import send_client_invitation
from web.words import _, _n

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core.context import Context
    from crm_core.forms import Form
    from crm_core.portal_access import PendingAddress
    from crm_core.words import Words

MOST = 200
"""Addresses that are offered, and invited, at once."""


@frozen
class InviteMany:
    """Whom to invite, and what goes with it."""

    addresses: tuple[str, ...] = ask(
        _("Addresses"), default=(), input=Input.SEVERAL, longest=100_000
    )
    message: str = message_field()


def ask_whom(ctx: Context, form: Form[InviteMany]) -> Page:
    """The page with the addresses that wait; those that were never invited are ticked."""
    pending = _pending(ctx)
    choices = [
        Choice(value=value, label=f"{one.contact} <{one.access.address}>", help=_told(ctx, one))
        for value, one in pending.items()
    ]
    fresh = [value for value, one in pending.items() if one.access.state is AccessState.GRANTED]
    filled = form.offering(addresses=choices).starting_from(addresses=tuple(fresh))
    values = {"form": filled, "pending": len(pending), "most": MOST}
    return Page("pages/invite.html", _("Invite to the portal"), values)


def invite_many(ctx: Context, value: InviteMany) -> Redirect:
    """Invites each of them; who signed in meanwhile is left out."""
    pending = _pending(ctx)
    chosen = [pending[name] for name in dict.fromkeys(value.addresses) if name in pending]
    if not chosen:
        raise Refused(_("Choose at least one address."), at="addresses")
    for one in chosen:
        invitation, token = invite_client(ctx, one.account, one.email_id)
        send_client_invitation(ctx, invitation, token, value.message)
    notice = _n("{count} address is invited.", "{count} addresses are invited.", count=len(chosen))
    return Redirect(To("shell.clients"), notice)


def _pending(ctx: Context) -> Mapping[str, PendingAddress]:
    """The addresses that wait, by what stands for each in the form."""
    found = pending_addresses(ctx, visible_accounts(ctx), MOST)
    return {f"{one.account.public_id}-{one.email_id}": one for one in found}


def _told(ctx: Context, one: PendingAddress) -> Words:
    if one.access.state is AccessState.GRANTED:
        return _("{account}, not invited yet", account=one.account.name)
    if one.access.expired(ctx.now):
        return _("{account}, the invitation has expired", account=one.account.name)
    return _("{account}, invited already", account=one.account.name)


ROUTES = (
    Route(
        name="invite",
        path="clients/invite",
        scope=Scope.FIRM,
        needs=MANAGE_ACCOUNTS,
        view=ask_whom,
        form=InviteMany,
        submit=invite_many,
    ),
)
