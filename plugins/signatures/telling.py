"""What people are told of signatures: signers that theirs is wanted, all how it went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import Audience, MailWish, NotificationType, To, notify, reminders
from crm_core.action_links import revoke_action_links
from crm_core.team import team_of_account
from plugins.signatures.values import SignerKind
from plugins.signatures.words import _

if TYPE_CHECKING:
    from crm_core import Context, Words
    from crm_core.accounts import Account
    from plugins.documents.api import Document
    from plugins.signatures.values import Request, Signer

EVERY_DAYS, TIMES = 3, 10
"""How often a signer is reminded."""

DONE_LASTS = timedelta(days=90)
"""How long the link to a document that is signed by all works."""

WANTED = NotificationType(
    name="signatures.wanted",
    title=_("Documents to sign"),
    help=_("Your accountant asks you to sign a document."),
    audience=Audience.CLIENT,
    order=13,
)
DONE = NotificationType(
    name="signatures.done",
    title=_("Documents signed by all"),
    help=_("A document that you signed is signed by all, and sealed."),
    audience=Audience.CLIENT,
    order=14,
)
WANTED_OF_STAFF = NotificationType(
    name="signatures.wanted_of_staff",
    title=_("Your signature is wanted"),
    help=_("A document of a client needs your signature."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
    order=13,
)
ANSWERED = NotificationType(
    name="signatures.answered",
    title=_("Signatures answered"),
    help=_("Somebody signed or declined, or a request to sign ended."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
    order=14,
)


def ask_signer(
    ctx: Context, account: Account, request: Request, signer: Signer, document: Document
) -> None:
    """Tells a signer that it is their turn, and again until they have answered."""
    what = _("Please sign: {name}", name=document.name)
    if signer.kind is SignerKind.STAFF:
        to = To("signatures.sign", {"account": account.public_id, "signer": signer.public_id})
        members = {signer.member_id} if signer.member_id else set()
        notify.tell_staff(
            ctx, WANTED_OF_STAFF, account, what, to, signer.public_id, members=members
        )
        return
    links = _days_left(ctx, request)
    to = page_of(signer)
    notify.tell_clients(
        ctx,
        WANTED,
        account,
        what,
        to,
        signer.public_id,
        by_link=links,
        email_id=signer.email_id,
    )
    reminders.start(
        ctx,
        reminder_of(signer),
        WANTED,
        account,
        what,
        to,
        every_days=EVERY_DAYS,
        times=TIMES,
        by_link=links,
        email_id=signer.email_id,
    )


def remind_signer(
    ctx: Context, account: Account, request: Request, signer: Signer, document: Document
) -> None:
    """Tells a signer again, at once."""
    if signer.kind is SignerKind.CLIENT and reminders.reminders_of(ctx, [reminder_of(signer)]):
        reminders.remind_now(ctx, reminder_of(signer))
    else:
        ask_signer(ctx, account, request, signer, document)


def ask_no_more(ctx: Context, account: Account, signer: Signer, *, keep_link: bool = False) -> None:
    """Reminds a signer no more; their link ends, too, unless it is kept for them to look."""
    if signer.kind is SignerKind.STAFF:
        return
    reminders.stop(ctx, reminder_of(signer))
    if not keep_link:
        revoke_action_links(ctx, account, page_of(signer))


def tell_done(
    ctx: Context, account: Account, request: Request, document: Document, evidence: str
) -> None:
    """Tells all who signed that it is done; the mail has the last hash of the evidence."""
    told = {"name": document.name, "hash": evidence}
    what = _("Signed by all: {name}. Its evidence ends with {hash}", **told)
    for signer in request.signers:
        if signer.kind is SignerKind.CLIENT:
            notify.tell_clients(
                ctx,
                DONE,
                account,
                what,
                page_of(signer),
                signer.public_id,
                by_link=DONE_LASTS,
                email_id=signer.email_id,
            )
    tell_team(ctx, account, request, _("Signed by all: {name}", name=document.name))


def tell_team(ctx: Context, account: Account, request: Request, what: Words) -> None:
    """Tells those who follow the account, and whoever asked, how it goes."""
    to = To("signatures.request", {"account": account.public_id, "request": request.public_id})
    members = {*team_of_account(ctx, account.id), request.made_by_id}
    notify.tell_staff(ctx, ANSWERED, account, what, to, request.public_id, members=members)


def page_of(signer: Signer) -> To:
    """The page of the portal on which a signer signs."""
    return To("signatures.portal_sign", {"signer": signer.public_id})


def reminder_of(signer: Signer) -> str:
    """The key of the reminders of a signer."""
    return f"signatures.{signer.public_id}"


def _days_left(ctx: Context, request: Request) -> timedelta:
    return timedelta(days=max((request.expires - ctx.today).days, 0) + 1)
