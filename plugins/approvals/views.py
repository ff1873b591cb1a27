"""The pages of approvals: the team asks and sees what was said, clients answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Choice, Download, Page, Picture, Redirect, To, may, reminders
from crm_core.clients import contact_keys_of_client
from plugins.approvals import actions, store, telling
from plugins.approvals.rights import ASK
from plugins.approvals.values import OUTCOMES, WHO, WHY, Outcome
from plugins.approvals.words import _
from plugins.documents import api as documents

if TYPE_CHECKING:
    from crm_core import Context, Form
    from crm_core.accounts import Account
    from plugins.approvals.forms import NewAnswer, NewApproval

PAGE = 50
MOST_OFFERED = 100
"""Documents that are offered to be asked about, the last uploaded ones."""


def all_approvals(ctx: Context, account: Account, outcome: str, after: str) -> Page:
    """The *View all* tab: what clients were asked about, and how it went; the last asked first."""
    known = outcome if outcome in tuple(Outcome) else ""
    listed = store.page_of(ctx, account.id, known, after, PAGE)
    about = documents.documents_of(ctx, account, [one.document_id for one in listed.approvals])
    values = {
        "approvals": [(one, about.get(one.document_id)) for one in listed.approvals],
        "after": listed.after,
        "started": bool(after),
        "outcome": known,
        "outcomes": OUTCOMES,
        "who": WHO,
        "may_ask": may(ctx, ASK),
    }
    return Page("approvals/all.html", _("Approvals"), values)


def one_approval(ctx: Context, account: Account, approval: str) -> Page:
    """A question: what it is about, of whom it was asked, and what they said."""
    found = store.approval_of(ctx, account.id, approval)
    key = telling.reminder_of(found.public_id)
    values = {
        "approval": found,
        "document": documents.document_of_key(ctx, account, found.document_id),
        "reminder": reminders.reminders_of(ctx, [key]).get(key),
        "outcomes": OUTCOMES,
        "who": WHO,
        "why": WHY,
        "may_ask": may(ctx, ASK),
    }
    return Page("approvals/approval.html", _("Approval"), values)


def ask_about_what(ctx: Context, account: Account, document: str, form: Form[NewApproval]) -> Page:
    """The page on which the team chooses a document, and who has to answer."""
    shown = list(documents.shown_to_clients(ctx, account, MOST_OFFERED))
    if document and all(one.public_id != document for one in shown):
        shown.insert(0, documents.document_of(ctx, account, document))
    filled = form.starting_from(
        document=document or (shown[0].public_id if len(shown) == 1 else ""),
        who=form.asks["who"].choices[0].value,
        remind=form.asks["remind"].choices[-1].value,
    ).offering(document=[Choice(value=one.public_id, label=one.name) for one in shown])
    values = {"form": filled, "has_documents": bool(shown)}
    return Page("approvals/ask.html", _("Ask for an approval"), values)


def ask(ctx: Context, account: Account, document: str, value: NewApproval) -> Redirect:
    """Asks the clients."""
    public_id = actions.ask_for_approval(ctx, account, value)
    return Redirect(_place(account, public_id), _("The clients are asked."))


def remind(ctx: Context, account: Account, approval: str) -> Redirect:
    """Reminds the clients at once."""
    actions.remind(ctx, account, approval)
    return Redirect(_place(account, approval), _("The clients are reminded."))


def withdraw(ctx: Context, account: Account, approval: str) -> Redirect:
    """Takes the question back."""
    actions.withdraw(ctx, account, approval)
    return Redirect(_place(account, approval), _("The question is taken back."))


def all_in_portal(ctx: Context, account: Account, after: str) -> Page:
    """What the client was asked about, and what they said."""
    listed = store.page_of(ctx, account.id, "", after, PAGE)
    about = documents.documents_of(ctx, account, [one.document_id for one in listed.approvals])
    mine = contact_keys_of_client(ctx, account)
    values = {
        "approvals": [
            (one, about[one.document_id], one.waits_for(mine))
            for one in listed.approvals
            if one.document_id in about
        ],
        "after": listed.after,
        "started": bool(after),
        "outcomes": OUTCOMES,
    }
    return Page("approvals/portal.html", _("Approvals"), values)


def ask_for_answer(
    ctx: Context, account: Account, approval: str, show: str, form: Form[NewAnswer]
) -> Page | Download | Picture:
    """The page on which a client sees the document and says what they think of it.

    Whoever holds a link to this page alone gets the document from it, too: as `show` says.
    """
    found = store.approval_of(ctx, account.id, approval)
    document = documents.document_of_key(ctx, account, found.document_id)
    open_ = not document.shut and found.number == document.number
    if show and open_:
        return documents.shown_alone(ctx, document, show)
    values = {
        "form": form,
        "approval": found,
        "document": document,
        "preview": documents.preview_of(ctx, document) if open_ else None,
        "may_open": open_,
        "waits": found.waits_for(contact_keys_of_client(ctx, account)),
        "outcomes": OUTCOMES,
        "why": WHY,
    }
    return Page("approvals/answer.html", _("Approve a document"), values)


def answer(ctx: Context, account: Account, approval: str, show: str, value: NewAnswer) -> Redirect:
    """Keeps what the client said."""
    found = actions.give_answer(ctx, account, approval, value)
    notice = (
        _("Thank you. Others are still asked.")
        if found.pending
        else _("Thank you. Your accountant knows what you said.")
    )
    here = {"account": account.public_id, "approval": approval}
    return Redirect(To("approvals.portal_answer", here), notice)


def _place(account: Account, approval: str) -> To:
    return To("approvals.approval", {"account": account.public_id, "approval": approval})
