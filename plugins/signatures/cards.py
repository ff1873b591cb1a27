"""Signatures on cards and on documents: what was sent, what is still to be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Fragment, Item, Step, To, item_list, may
from crm_core.clients import contact_keys_of_client, contact_keys_on
from plugins.documents import api as documents
from plugins.documents.api import Standing
from plugins.signatures import store
from plugins.signatures.rights import ASK, SIGN_IN_PORTAL
from plugins.signatures.values import OPEN
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.api import Document
    from plugins.signatures.values import Request

ON_CARD = 5
MOST = 100
"""Requests that are looked at for the card of one client."""


def latest(ctx: Context, account: Account) -> Fragment:
    """The documents sent to be signed, and those still to be signed first (O8)."""
    shown = store.latest_sent(ctx, account.id, ON_CARD)
    names = documents.names_of(ctx, account, [one.document_id for one in shown])
    here = {"account": account.public_id}
    items = [
        Item(
            what=names[one.document_id],
            to=To("signatures.request", {**here, "request": one.public_id}),
            when=one.sent,
            who=", ".join(signer.name for signer in one.signers if signer.waits),
            state=one.state,
        )
        for one in shown
        if one.document_id in names
    ]
    start = (To("signatures.new", here), _("Have a document signed")) if may(ctx, ASK) else None
    return item_list(items, empty=_("Nothing was sent to be signed yet."), start=start)


def to_sign(ctx: Context, account: Account) -> Fragment | None:
    """What the client is to sign; None where that is nothing."""
    mine = contact_keys_of_client(ctx, account)
    waiting = [
        (request, signer)
        for request in store.pending_of(ctx, account.id, MOST)
        for signer in request.waiting(mine)
    ]
    names = documents.names_of(ctx, account, [one.document_id for one, _who in waiting])
    items = [
        Item(
            what=names[request.document_id],
            to=To(
                "signatures.portal_sign",
                {"account": account.public_id, "signer": signer.public_id},
            ),
            who=request.made_by,
            due=request.expires,
        )
        for request, signer in waiting[:ON_CARD]
        if request.document_id in names
    ]
    return item_list(items, empty=_("Nothing is to be signed.")) if items else None


def how_many_to_sign(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many documents the client is to sign, on each of these accounts."""
    mine = contact_keys_on(ctx, account_ids)
    found: dict[int, int] = {}
    for request in store.pending_on(ctx, account_ids):
        count = len(request.waiting(mine.get(request.account_id, ())))
        if count:
            found[request.account_id] = found.get(request.account_id, 0) + count
    return found


def states(ctx: Context, keys: Sequence[int]) -> Mapping[int, Sequence[Standing]]:
    """How far the signatures on these documents are (DOC-4)."""
    return {
        key: (Standing(state=request.state),) for key, request in store.states_of(ctx, keys).items()
    }


def offered(ctx: Context, account: Account, document: Document) -> Sequence[Step]:
    """What can be done about signatures on the page of a document."""
    here = {"account": account.public_id}
    request = store.states_of(ctx, [document.id]).get(document.id)
    if may(ctx, SIGN_IN_PORTAL):
        return _to_sign(ctx, account, request) if request else ()
    if request is not None and request.stage in OPEN:
        to = To("signatures.request", {**here, "request": request.public_id})
        return (Step(word=_("Signatures"), to=to),)
    is_pdf = document.kind == "application/pdf"
    if document.access is documents.Access.PRIVATE or not is_pdf or not may(ctx, ASK):
        return ()
    to = To("signatures.new", {**here, "document": document.public_id})
    return (Step(word=_("Have it signed"), to=to),)


def _to_sign(ctx: Context, account: Account, request: Request) -> Sequence[Step]:
    return [
        Step(
            word=_("Sign"),
            to=To(
                "signatures.portal_sign",
                {"account": account.public_id, "signer": signer.public_id},
            ),
        )
        for signer in request.waiting(contact_keys_of_client(ctx, account))
    ]
