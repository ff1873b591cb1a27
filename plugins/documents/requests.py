"""Asking clients for documents: a mail leads to a page that takes them, without signing in.

What comes in lies in a folder that clients may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Audience, NotificationType, Refused, To, audit, demand, notify
from crm_core.action_links import revoke_action_links
from plugins.documents import actions, request_store, tree
from plugins.documents.events import REQUEST_CLOSED, REQUESTED
from plugins.documents.rights import CHANGE
from plugins.documents.values import Access
from plugins.documents.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.forms import NewRequest, Upload
    from plugins.documents.values import Request

LONGEST_DAYS = 365
ASKED = NotificationType(
    name="documents.asked",
    title=_("Documents that are asked of you"),
    help=_("Your accountant needs documents from you."),
    audience=Audience.CLIENT,
    order=11,
)


def ask_for_documents(ctx: Context, account: Account, wanted: NewRequest) -> str:
    """Asks the account's clients for documents and answers the request's public id.

    Until the day that it names, whoever has the mail sends them without signing in (DOC-7, POR-7).
    """
    demand(ctx, CHANGE)
    if not 0 <= (wanted.until - ctx.today).days <= LONGEST_DAYS:
        raise Refused(_("Choose a day from today on, within a year."), at="until")
    folder = tree.tree_of(ctx, account.id).folder(wanted.folder)
    if folder.access is not Access.EDITS:
        raise Refused(_("Choose a folder that clients may send documents to."), at="folder")
    place = tree.made(ctx, account.id, folder)
    public_id = request_store.add_request(ctx, account.id, place.id, wanted.what, wanted.until)
    audit.record(
        ctx,
        REQUESTED,
        account_id=account.id,
        after={"what": wanted.what, "until": str(wanted.until), "folder": str(place.name)},
    )
    notify.tell_clients(
        ctx,
        ASKED,
        account,
        _("Please send: {what}", what=wanted.what),
        _page_of(public_id),
        public_id,
        by_link=(wanted.until - ctx.today) + actions.A_DAY,
    )
    return public_id


def close_request(ctx: Context, account: Account, request: Request) -> None:
    """Ends a request: its links no longer work, and nothing more can be sent to it."""
    demand(ctx, CHANGE)
    if request.closed is not None:
        return
    request_store.mark_closed(ctx, request)
    revoke_action_links(ctx, account, _page_of(request.public_id))
    audit.record(ctx, REQUEST_CLOSED, account_id=account.id, after={"what": request.what})


def answer_request(ctx: Context, account: Account, request: Request, value: Upload) -> int:
    """Puts what a client sends into the request's folder; answers how many documents that were."""
    if not request.open_on(ctx.today):
        raise Refused(_("This request is over. Ask your accountant for another."))
    folder = tree.tree_of(ctx, account.id).with_id(request.folder_id)
    added = actions.upload(ctx, account, folder, value)
    request_store.count_received(ctx, request, len(added))
    return len(added)


def _page_of(public_id: str) -> To:
    return To("documents.portal_request", {"request": public_id})
