"""Approvals on cards and on documents: what waits for clients, and what was said of which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Fragment, Item, Step, To, item_list, may
from crm_core.clients import contact_keys_of_client, contact_keys_on
from plugins.approvals import store
from plugins.approvals.rights import ANSWER, ASK
from plugins.approvals.values import OUTCOMES
from plugins.approvals.words import _
from plugins.documents import api as documents
from plugins.documents.api import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.api import Document

ON_CARD = 5
MOST = 100
"""Questions that are looked at for the card of one client."""


def waiting_for_clients(ctx: Context, account: Account) -> Fragment:
    """The latest documents that need the client's approval or signature (O7)."""
    found = documents.waiting_documents(ctx, account, ON_CARD)
    items = [
        Item(
            what=document.name,
            to=documents.page_of(ctx, account, document),
            when=document.uploaded,
            states=tuple(said.state for said in document.standings),
        )
        for document in found
    ]
    to = To("approvals.ask", {"account": account.public_id})
    start = (to, _("Ask for an approval")) if may(ctx, ASK) else None
    return item_list(items, empty=_("Nothing waits for this client."), start=start)


def to_answer(ctx: Context, account: Account) -> Fragment | None:
    """What the client is to say something about; None where that is nothing."""
    mine = contact_keys_of_client(ctx, account)
    waiting = [one for one in store.pending_of(ctx, account.id, MOST) if one.waits_for(mine)]
    names = documents.names_of(ctx, account, [one.document_id for one in waiting])
    items = [
        Item(
            what=names[one.document_id],
            to=To(
                "approvals.portal_answer",
                {"account": account.public_id, "approval": one.public_id},
            ),
            who=one.asked_by,
            when=one.asked,
        )
        for one in waiting[:ON_CARD]
        if one.document_id in names
    ]
    return item_list(items, empty=_("Nothing is to be approved.")) if items else None


def how_many_to_answer(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many documents the client is to say something about, on each of these accounts."""
    mine = contact_keys_on(ctx, account_ids)
    found = dict.fromkeys(account_ids, 0)
    for approval in store.pending_on(ctx, account_ids):
        found[approval.account_id] += approval.waits_for(mine.get(approval.account_id, ()))
    return {account_id: count for account_id, count in found.items() if count}


def states(ctx: Context, keys: Sequence[int]) -> Mapping[int, Sequence[Standing]]:
    """What clients said of the current versions of these documents (DOC-4)."""
    outcomes = store.outcomes_of(ctx, keys)
    return {key: (Standing(state=OUTCOMES[outcome]),) for key, outcome in outcomes.items()}


def offered(ctx: Context, account: Account, document: Document) -> Sequence[Step]:
    """What can be done about an approval on the page of a document."""
    here = {"account": account.public_id}
    current = store.current_of(ctx, document.id)
    if may(ctx, ANSWER):
        if current is None or not current.waits_for(contact_keys_of_client(ctx, account)):
            return ()
        to = To("approvals.portal_answer", {**here, "approval": current.public_id})
        return (Step(word=_("Approve or disapprove"), to=to),)
    if current is not None and current.pending:
        to = To("approvals.approval", {**here, "approval": current.public_id})
        return (Step(word=_("Approval"), to=to),)
    if document.access is documents.Access.PRIVATE or not may(ctx, ASK):
        return ()
    to = To("approvals.ask", {**here, "document": document.public_id})
    return (Step(word=_("Ask for approval"), to=to),)
