"""The mail with which a client is invited to the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from web.mail import Mail, link_to, send_of_firm
from web.signin.people import language_of_address
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core.context import Context
    from crm_core.portal_invitations import PortalInvitation


def send_client_invitation(
    ctx: Context, invitation: PortalInvitation, token: str, message: str = ""
) -> None:
    """Puts the mail with the link in line, with a personal message where there is one (POR-1)."""
    link = link_to(url_for("portal.welcome", firm=ctx.firm.slug, token=token))
    about = {
        "firm": ctx.firm.name,
        "account": invitation.account.name,
        "name": invitation.contact,
        "link": link,
    }
    text = _(
        "Hello {name},\n\n{firm} invites you to its portal, where you find what concerns "
        "{account}.\n\nOpen this link to come in; it works once, for 30 days:\n\n{link}\n\nIf you "
        "did not expect this, do nothing.\n",
        **about,
    )
    if message.strip():
        text = _(
            "Hello {name},\n\n{firm} invites you to its portal, where you find what concerns "
            "{account}.\n\n{who} writes:\n\n{said}\n\nOpen this link to come in; it works once, "
            "for 30 days:\n\n{link}\n\nIf you did not expect this, do nothing.\n",
            **about,
            who=ctx.viewer.name,
            said=message.strip(),
        )
    send_of_firm(
        ctx,
        Mail(
            to=invitation.address,
            language=language_of_address(ctx.store, invitation.address) or ctx.firm.language,
            subject=_("{firm} invites you to its portal", firm=ctx.firm.name),
            text=text,
            link=link,
        ),
        key=f"portal_invitation.{invitation.public_id}",
        secret=True,
    )


def send_all(ctx: Context, invitations: Iterable[tuple[PortalInvitation, str]]) -> None:
    """The same for addresses that were changed, each with the token of its link (POR-2)."""
    for invitation, token in invitations:
        send_client_invitation(ctx, invitation, token)
