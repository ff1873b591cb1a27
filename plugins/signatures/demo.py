"""Life-like requests to sign for the demonstration firm, in each state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import Happened
from crm_core.links import linked_contacts
from crm_core.team import team_of_account
from plugins.documents import api as documents
from plugins.signatures import completing, evidence, placing, saving, store
from plugins.signatures.sealing.values import Kind
from plugins.signatures.values import How, Signer, SignerKind, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from crm_core import Context, DemoAccount
    from crm_core.accounts import Account
    from plugins.documents.api import Document
    from plugins.signatures.values import Request

_NOTE = "Please sign at the foot of the page. Call us if anything is not clear."
_STAGES = (Stage.PENDING, Stage.SIGNED, Stage.DECLINED, Stage.DRAFT, Stage.EXPIRED, Stage.VOIDED)
_REASON = "My partner has to read it first; please send it again next week."


def make_demo_signatures(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Has a document of each of these accounts signed; of the first account one in each state."""
    for account in accounts:
        signers = _signers(ctx, account.account)
        if len(signers) < 2:
            continue
        shown = [
            one
            for one in documents.shown_to_clients(ctx, account.account, 20)
            if one.kind == "application/pdf" and not one.standings
        ]
        others = (Stage.PENDING, Stage.DECLINED, Stage.DRAFT)
        stages = _STAGES if account.first else random.sample(others, k=1)
        for document, stage in zip(shown, stages, strict=False):
            days = random.randint(2, 20)
            _make(ctx, account.account, document, signers, stage, ctx.now - timedelta(days=days))


def _signers(ctx: Context, account: Account) -> Sequence[Signer]:
    found = [
        Signer(
            kind=SignerKind.CLIENT,
            name=contact.name,
            address=contact.addresses[0].address,
            contact_id=contact.id,
            email_id=contact.addresses[0].id,
        )
        for contact in linked_contacts(ctx, account)
        if contact.addresses
    ]
    staff = next(iter(team_of_account(ctx, account.id).items()), None)
    if found and staff:
        found.append(
            Signer(
                kind=SignerKind.STAFF,
                name=staff[1],
                member_id=staff[0],
            )
        )
    return found


def _make(
    ctx: Context,
    account: Account,
    document: Document,
    signers: Sequence[Signer],
    stage: Stage,
    at: datetime,
) -> None:
    then = evolve(ctx, now=max(at, document.uploaded))
    public_id = saving.add_request(
        then,
        signers,
        account_id=account.id,
        document_id=document.id,
        number=document.number,
        pages=1,
        in_order=stage is Stage.PENDING,
        note=_NOTE,
        expires=then.today + timedelta(days=30 if stage is not Stage.EXPIRED else 1),
        digest_before=documents.hash_of(ctx, document),
    )
    request = store.request_of(ctx, account.id, public_id)
    saving.set_fields(ctx, request, placing.blocks_for(request))
    if stage is Stage.DRAFT:
        return
    saving.change_request(then, request, stage=Stage.PENDING, sent=then.now)
    evidence.prove(then, request.id, evidence.SENT, sha256=request.hash_before)
    for one in request.signers:
        saving.change_signer(then, one, asked=then.now)
        evidence.prove(then, request.id, evidence.ASKED, signer=one.name, address=one.address)
    request = store.request_of(ctx, account.id, public_id)
    later = evolve(then, now=min(then.now + timedelta(hours=5), ctx.now))
    many = len(signers) if stage is Stage.SIGNED else 1 if stage is Stage.PENDING else 0
    for one in request.signers[:many]:
        _sign(later, request, one)
    if stage is Stage.SIGNED:
        request = store.request_of(ctx, account.id, public_id)
        saving.change_request(later, request, stage=Stage.COMPLETING)
        told = Happened(
            event="signatures.all_signed", account_id=account.id, about=document.public_id
        )
        completing.keep(later, told, completing.make(later, told))
    elif stage is not Stage.PENDING:
        _end(later, request, stage)


def _sign(ctx: Context, request: Request, signer: Signer) -> None:
    saving.change_signer(
        ctx,
        signer,
        seen=ctx.now,
        consented=ctx.now,
        signed=ctx.now,
        from_address="192.0.2.17",
        browser="Firefox",
        how=How.TYPED,
        text=signer.name,
    )
    texts = {Kind.SIGNATURE: signer.name, Kind.DATE: ctx.today.isoformat()}
    saving.fill_fields(ctx, {one.id: texts[one.kind] for one in request.fields_of(signer)})
    evidence.prove(ctx, request.id, evidence.CONSENTED, signer.name)
    evidence.prove(ctx, request.id, evidence.SIGNED, signer.name, sha256=request.hash_before)


def _end(ctx: Context, request: Request, stage: Stage) -> None:
    reason = _REASON if stage in (Stage.DECLINED, Stage.VOIDED) else ""
    if stage is Stage.DECLINED:
        saving.change_signer(ctx, request.signers[0], declined=ctx.now)
    found = store.request_of(ctx, request.account_id, request.public_id)
    saving.change_request(ctx, found, stage=stage, ended=ctx.now, reason=reason)
    evidence.prove(ctx, request.id, stage.value, request.signers[0].name, reason=reason)
