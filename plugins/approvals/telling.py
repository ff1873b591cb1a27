"""What people are told of approvals: clients that one is wanted, the team how it went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import Audience, MailWish, NotificationType, To, notify, reminders
from crm_core.action_links import revoke_action_links
from crm_core.team import team_of_account
from plugins.approvals.forms import TIMES
from plugins.approvals.words import _

if TYPE_CHECKING:
    from crm_core import Context, Words
    from crm_core.accounts import Account
    from plugins.approvals.values import Approval
    from plugins.documents.api import Document

LINKS_LAST = timedelta(days=60)

WANTED = NotificationType(
    name="approvals.wanted",
    title=_("Documents to approve"),
    help=_("Your accountant asks whether a document is right."),
    audience=Audience.CLIENT,
    order=12,
)
ANSWERED = NotificationType(
    name="approvals.answered",
    title=_("Approvals answered"),
    help=_("A client approved or disapproved a document, or can no longer do so."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
    order=12,
)


def ask_clients(
    ctx: Context, account: Account, public_id: str, document: Document, every_days: int
) -> None:
    """Mails the question to the account's addresses, and again until it is answered."""
    what = _("Please approve: {name}", name=document.name)
    to = _page(public_id)
    notify.tell_clients(ctx, WANTED, account, what, to, public_id, by_link=LINKS_LAST)
    if every_days:
        reminders.start(
            ctx,
            reminder_of(public_id),
            WANTED,
            account,
            what,
            to,
            every_days=every_days,
            times=TIMES,
            by_link=LINKS_LAST,
        )


def remind_once(ctx: Context, account: Account, public_id: str, document: Document) -> None:
    """Mails the question again, where nobody is reminded by the clock."""
    what = _("Reminder: please approve {name}", name=document.name)
    key = f"{public_id}:{ctx.now.timestamp()}"
    notify.tell_clients(ctx, WANTED, account, what, _page(public_id), key, by_link=LINKS_LAST)


def ask_no_more(ctx: Context, account: Account, approval: Approval) -> None:
    """Ends the reminders and every link to the question."""
    reminders.stop(ctx, reminder_of(approval.public_id))
    revoke_action_links(ctx, account, _page(approval.public_id))


def tell_team(ctx: Context, account: Account, approval: Approval, what: Words) -> None:
    """Tells those who follow the account, and whoever asked, how it went."""
    to = To("approvals.approval", {"account": account.public_id, "approval": approval.public_id})
    members = {*team_of_account(ctx, account.id), approval.asked_by_id}
    notify.tell_staff(ctx, ANSWERED, account, what, to, approval.public_id, members=members)


def reminder_of(public_id: str) -> str:
    """The key of the reminders of a question."""
    return f"approvals.{public_id}"


def _page(public_id: str) -> To:
    return To("approvals.portal_answer", {"approval": public_id})
