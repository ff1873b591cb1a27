"""The mails of the firm: what is on its way, what was sent, and what needs somebody's hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.context import Framed, Page, Redirect, State, To
from crm_core.contributions import Route, Scope
from crm_core.mailing import AGAIN, MailState, mail_counts, mail_of, mails_page, send_again
from crm_core.permissions import MANAGE_FIRM
from crm_core.refusals import NotFound
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context

SIZE = 50

STATES = {
    MailState.QUEUED: State(word=_("In line")),
    MailState.SENDING: State(word=_("Being sent"), tone="info"),
    MailState.SENT: State(word=_("Sent"), tone="good"),
    MailState.FAILED: State(word=_("Failed"), tone="bad"),
    MailState.UNSURE: State(word=_("Unsure"), tone="warn"),
}
"""How far a mail is, in a word and a colour."""


def mails(ctx: Context, state: str, after: str) -> Page:
    """The firm's mails, the latest first; with `state` those that are so far."""
    chosen = [MailState(state)] if state in set(MailState) else []
    page = mails_page(ctx, chosen, after, SIZE)
    values = {
        "mails": page.mails,
        "after": page.after,
        "chosen": state if chosen else "",
        "counts": mail_counts(ctx),
        "states": STATES,
        "again": AGAIN,
    }
    return Page("settings/mails.html", _("Mail"), values)


def mail(ctx: Context, mail: str) -> Page:
    """One mail, with its text."""
    found = mail_of(ctx, mail)
    values = {"mail": found, "state": STATES[found.state], "may_again": found.state in AGAIN}
    return Page("settings/mail.html", found.subject, values)


def html(ctx: Context, mail: str) -> Framed:
    """What a mail says in HTML, for the frame in its page."""
    found = mail_of(ctx, mail)
    if not found.html:
        raise NotFound
    return Framed(found.html)


def again(ctx: Context, mail: str) -> Redirect:
    """Puts a mail in line anew."""
    found = send_again(ctx, mail)
    notice = _("The mail to {address} is in line again.", address=found.address)
    return Redirect(To("shell.settings_mails"), notice)


ROUTES = (
    Route(
        name="settings_mails",
        path="settings/mail",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=mails,
        query=("state", "after"),
    ),
    Route(
        name="settings_mails_mail",
        path="settings/mail/<mail>",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=mail,
    ),
    Route(
        name="settings_mails_html",
        path="settings/mail/<mail>/html",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        view=html,
    ),
    Route(
        name="settings_mails_again",
        path="settings/mail/<mail>/again",
        scope=Scope.FIRM,
        needs=MANAGE_FIRM,
        submit=again,
    ),
)
