"""The last step, by the worker: one PDF with signatures, an audit page, and the seal (SIG-2)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import Happened, Reaction, When
from crm_core.accounts import account_with_key
from crm_core.files import forget_sent, store_sent
from plugins.documents import api as documents
from plugins.signatures import audit_page, events, evidence, saving, store, telling
from plugins.signatures.certificate import seal_key
from plugins.signatures.sealing.seal import sealed
from plugins.signatures.sealing.stamping import stamped
from plugins.signatures.sealing.values import Box, Kind, Mark
from plugins.signatures.values import WHOLE, Stage
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_core import Context, SentFile
    from crm_core.accounts import Account
    from plugins.documents.api import Document
    from plugins.signatures.values import Request

PIECE = 2**20


@frozen(kw_only=True)
class Made:
    """A sealed document that lies in the storage, and is yet to be kept."""

    sent: SentFile
    sha256: str
    evidence: str


def make(ctx: Context, happened: Happened) -> Made | None:
    """Makes the sealed document, where all have signed and there is none yet."""
    found = _completing(ctx, happened)
    if found is None:
        return None
    _account, document, request = found
    if not _is_what_was_signed(ctx, request, document):
        return None
    chain = evidence.chain_of(ctx, request.id)
    with tempfile.TemporaryDirectory(prefix="crm-seal-") as folder:
        plain, marked, done = (Path(folder) / name for name in ("plain", "marked", "done"))
        with plain.open("wb") as file:
            for piece in documents.content_of(ctx, document):
                file.write(piece)
        page = audit_page.of(ctx, request, document, chain)
        stamped(plain, marks_of(request), page, marked)
        sha256 = sealed(
            marked,
            seal_key(ctx),
            done,
            reason=page.title,
            name=ctx.firm.name,
            at=ctx.now,
        )
        sent = store_sent(ctx.store, ctx.firm.id, document.name, _pieces(done))
    return Made(sent=sent, sha256=sha256, evidence=chain[-1].hash)


def keep(ctx: Context, happened: Happened, made: Made | None) -> None:
    """Makes it the document's current version, sealed; unless somebody did so meanwhile."""
    sent = [made.sent] if made else []
    found = _completing(ctx, happened)
    if found is None:
        forget_sent(ctx.store, sent)
        return
    account, document, request = found
    request = store.locked(ctx, request)
    if request.stage is not Stage.COMPLETING:  # another worker was first
        forget_sent(ctx.store, sent)
        return
    if not _is_what_was_signed(ctx, request, document):
        forget_sent(ctx.store, sent)
        _void(ctx, account, request, document)
        return
    if made is None:
        return
    saving.change_request(ctx, request, stage=Stage.SIGNED, ended=ctx.now, digest_after=made.sha256)
    documents.add_version(ctx, document, made.sent)
    document = documents.document_of_key(ctx, account, request.document_id)
    documents.seal(ctx, document)
    documents.record(ctx, events.SEALED, document, version=document.number, hash=made.sha256)
    telling.tell_done(ctx, account, request, document, made.evidence)


def _void(ctx: Context, account: Account, request: Request, document: Document) -> None:
    saving.change_request(ctx, request, stage=Stage.VOIDED, ended=ctx.now)
    evidence.prove(ctx, request.id, evidence.VOIDED)
    for signer in request.signers:
        telling.ask_no_more(ctx, account, signer)
    documents.record(ctx, events.VOIDED, document, version=request.number)
    what = _("{name} was changed while it was out to be signed.", name=document.name)
    telling.tell_team(ctx, account, request, what)


def _is_what_was_signed(ctx: Context, request: Request, document: Document) -> bool:
    """Whether it is still the version: the module may have been off, and could not keep it so."""
    same = document.number == request.number
    return same and documents.hash_of(ctx, document) == request.hash_before


def marks_of(request: Request) -> Sequence[Mark]:
    """What stands where on the pages."""
    signers = {one.position: one for one in request.signers}
    found = []
    for field in request.fields:
        signer = signers[field.signer]
        is_drawn = field.kind is Kind.SIGNATURE and bool(signer.picture)
        box = Box(
            field.page,
            field.x / WHOLE,
            field.y / WHOLE,
            field.width / WHOLE,
            field.height / WHOLE,
        )
        picture = signer.picture if is_drawn else b""
        found.append(Mark(box, field.kind, field.value, picture))
    return found


def _completing(ctx: Context, happened: Happened) -> tuple[Account, Document, Request] | None:
    """The document that waits for its seal; None where none does any more."""
    if happened.account_id is None:
        return None
    account = account_with_key(ctx, happened.account_id)
    document = documents.document_of(ctx, account, happened.about)
    request = store.open_documents(ctx, account.id).get(document.id)
    if request is None or request.stage is not Stage.COMPLETING:
        return None
    return account, document, request


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


WHEN_ALL_SIGNED = Reaction(
    name="seal",
    title=_("Seal documents that are signed by all"),
    to=(events.ALL_SIGNED,),
    when=When.AFTER,
    prepare=make,
    act=keep,
)
