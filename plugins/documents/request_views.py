"""The pages of requests: the team asks and sees what came; clients send, signed in or by a link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import Fragment, Item, Page, Redirect, To, item_list, may
from plugins.documents import request_store, requests, tree
from plugins.documents.choices import folder_choices
from plugins.documents.forms import AS_VERSION
from plugins.documents.framing import form_page, frame
from plugins.documents.rights import CHANGE
from plugins.documents.values import MOST_FILES, Access
from plugins.documents.words import _, _n

if TYPE_CHECKING:
    from crm_core import Context, Form
    from crm_core.accounts import Account
    from plugins.documents.forms import NewRequest, Upload

MOST = 100
ON_CARD = 5
USUALLY = timedelta(days=14)


def all_requests(ctx: Context, account: Account) -> Page:
    """What clients were asked for, and how much came."""
    found = request_store.requests_of(ctx, account.id, MOST)
    values = {
        "requests": [(one, one.open_on(ctx.today)) for one in found],
        "may_ask": may(ctx, CHANGE),
    }
    return Page("documents/requests.html", _("Requests"), {**frame(ctx), **values})


def ask_what(ctx: Context, account: Account, form: Form[NewRequest]) -> Page:
    """The page on which the team says what it needs."""
    known = tree.tree_of(ctx, account.id)
    possible = [one for one in known.folders if one.access is Access.EDITS]
    filled = form.starting_from(
        folder=possible[0].public_id, until=(ctx.today + USUALLY).isoformat()
    ).offering(folder=folder_choices(known, possible, with_access=False))
    return form_page(
        ctx,
        filled,
        _("Ask for documents"),
        _("Send the request"),
        To("documents.requests", {"account": account.public_id}),
        lead=_("Each address with NOTIFY gets a mail, and can send documents without signing in."),
    )


def send_request(ctx: Context, account: Account, value: NewRequest) -> Redirect:
    """Asks the clients."""
    requests.ask_for_documents(ctx, account, value)
    to = To("documents.requests", {"account": account.public_id})
    return Redirect(to, _("The request is sent."))


def close(ctx: Context, account: Account, request: str) -> Redirect:
    """Ends the request."""
    requests.close_request(ctx, account, request_store.request_of(ctx, account.id, request))
    to = To("documents.requests", {"account": account.public_id})
    return Redirect(to, _("The request is closed."))


def asked(ctx: Context, account: Account) -> Fragment | None:
    """What the client is asked for and has sent nothing of; None where that is nothing."""
    here = {"account": account.public_id}
    items = [
        Item(
            what=one.what,
            to=To("documents.portal_request", here | {"request": one.public_id}),
            due=one.until,
        )
        for one in request_store.open_requests(ctx, account.id, ON_CARD)
    ]
    return item_list(items, empty=_("Nothing is asked of you.")) if items else None


def what_is_asked(ctx: Context, account: Account, request: str, form: Form[Upload]) -> Page:
    """The page on which a client reads what is needed, and chooses files."""
    found = request_store.request_of(ctx, account.id, request)
    values = {
        "form": form.starting_from(same_name=AS_VERSION),
        "asked": found,
        "is_open": found.open_on(ctx.today),
        "most": MOST_FILES,
    }
    return Page("documents/request.html", _("Documents for us"), {**frame(ctx), **values})


def take(ctx: Context, account: Account, request: str, value: Upload) -> Redirect:
    """Keeps what the client sent."""
    found = request_store.request_of(ctx, account.id, request)
    count = requests.answer_request(ctx, account, found, value)
    notice = _n(
        "Thank you. {count} document has arrived.",
        "Thank you. {count} documents have arrived.",
        count=count,
    )
    to = To("documents.portal_request", {"account": account.public_id, "request": request})
    return Redirect(to, notice)
