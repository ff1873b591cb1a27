"""How a request ends without everybody's signature; reminding those who have yet to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import NotFound, Refused, demand
from crm_core.accounts import account_with_key
from plugins.documents import api as documents
from plugins.signatures import events, evidence, saving, store, telling
from plugins.signatures.rights import ASK
from plugins.signatures.signing import ENDED
from plugins.signatures.values import Stage
from plugins.signatures.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.signatures.values import Request

AT_ONCE = 200


def void(ctx: Context, account: Account, public_id: str, reason: str) -> None:
    """Takes a request back that was sent: nobody can sign it any more."""
    demand(ctx, ASK)
    request = _pending(ctx, account, public_id)
    saving.change_request(ctx, request, stage=Stage.VOIDED, ended=ctx.now, reason=reason.strip())
    evidence.prove(ctx, request.id, evidence.VOIDED, reason=reason.strip())
    for signer in request.signers:
        telling.ask_no_more(ctx, account, signer)
    document = documents.document_of_key(ctx, account, request.document_id)
    documents.record(ctx, events.VOIDED, document, version=request.number, reason=reason.strip())


def remind(ctx: Context, account: Account, public_id: str) -> None:
    """Tells everybody whose turn it is again, at once."""
    demand(ctx, ASK)
    request = _pending(ctx, account, public_id)
    document = documents.document_of_key(ctx, account, request.document_id)
    for signer in request.signers:
        if signer.waits:
            telling.remind_signer(ctx, account, request, signer, document)
            evidence.prove(ctx, request.id, evidence.REMINDED, signer=signer.name)
            documents.record(
                ctx, events.REMINDED, document, version=request.number, signer=signer.name
            )


def expire_old_ones(ctx: Context) -> None:
    """Ends the requests whose day is past."""
    for found in store.expired_on(ctx, ctx.today, AT_ONCE):
        request = store.locked(ctx, found)
        if request.stage is not Stage.PENDING:
            continue
        account = account_with_key(ctx, request.account_id)
        saving.change_request(ctx, request, stage=Stage.EXPIRED, ended=ctx.now)
        evidence.prove(ctx, request.id, evidence.EXPIRED)
        for signer in request.signers:
            telling.ask_no_more(ctx, account, signer)
        try:
            document = documents.document_of_key(ctx, account, request.document_id)
        except NotFound:
            continue
        documents.record(ctx, events.EXPIRED, document, version=request.number)
        what = _("Nobody can sign {name} any more: its day is past.", name=document.name)
        telling.tell_team(ctx, account, request, what)


def _pending(ctx: Context, account: Account, public_id: str) -> Request:
    request = store.locked(ctx, store.request_of(ctx, account.id, public_id))
    if request.stage is not Stage.PENDING:
        raise Refused(ENDED[request.stage])
    return request
