"""Reading the tables of signatures; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import Case

from crm_core import NotFound
from crm_core.store import compiled
from plugins.signatures.rows import FieldRow, RequestRow, SignerRow
from plugins.signatures.sealing.values import Kind
from plugins.signatures.values import (
    OPEN,
    Field,
    How,
    Listed,
    Request,
    Signer,
    SignerKind,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from crm_core import Context
    from crm_core.store import Scoped

PENDING, DRAFT = Stage.PENDING.value, Stage.DRAFT.value


def request_of(ctx: Context, account_id: int, public_id: str) -> Request:
    """The request with this public id on this account, or `NotFound`."""
    mine = (RequestRow.account_id == account_id) & (RequestRow.public_id == public_id)
    return _one(ctx, RequestRow.of(ctx).where(mine))


def request_of_signer(ctx: Context, account_id: int, signer: str) -> tuple[Request, Signer]:
    """The request that this signer is to sign, and the signer; or `NotFound`. No draft."""
    asked = SignerRow.of(ctx, SignerRow.request_id).where(SignerRow.public_id == signer)
    mine = (RequestRow.account_id == account_id) & RequestRow.id.in_(asked)
    request = _one(ctx, RequestRow.of(ctx).where(mine & (RequestRow.stage != DRAFT)))
    found = request.signer(signer)
    if found is None:
        raise NotFound
    return request, found


def locked(ctx: Context, request: Request) -> Request:
    """The request as it is now; nobody else changes it until the transaction ends."""
    return _one(ctx, ctx.store.locking(RequestRow.of(ctx).where(RequestRow.id == request.id)))


def states_of(ctx: Context, document_ids: Sequence[int]) -> Mapping[int, Request]:
    """The last request of each of these documents, drafts and voided ones left out; in bulk.

    Their fields are left out.
    """
    found = {}
    rows = _sent(ctx, list(document_ids), DRAFT, Stage.VOIDED.value)
    for request in _requests(ctx, rows, fields_too=False):
        found[request.document_id] = request
    return found


@compiled
def _sent(asked: Scoped, document_ids: Any, draft: Any, voided: Any) -> Any:
    return (
        RequestRow.of(asked)
        .where(
            RequestRow.document_id.in_(document_ids),
            RequestRow.stage != draft,
            RequestRow.stage != voided,
        )
        .order_by(RequestRow.id)
    )


def waiting(ctx: Context, account_id: int, count: int) -> Sequence[tuple[datetime, int]]:
    """The documents that wait for a signature, by key, with when they were sent; the last first."""
    rows = _pending(ctx, account_id, PENDING, count)
    return [(row.sent or row.made, row.document_id) for row in rows]


def pending_of(ctx: Context, account_id: int, count: int) -> Sequence[Request]:
    """The requests that wait for a signature, the last sent first; their fields are left out."""
    return _requests(ctx, _pending(ctx, account_id, PENDING, count), fields_too=False)


@compiled
def _pending(asked: Scoped, account_id: Any, pending: Any, count: Any) -> Any:
    return (
        RequestRow.of(asked)
        .where((RequestRow.account_id == account_id) & (RequestRow.stage == pending))
        .order_by(RequestRow.sent.desc(), RequestRow.id.desc())
        .limit(count)
    )


def pending_on(ctx: Context, account_ids: Sequence[int]) -> Sequence[Request]:
    """All requests on these accounts that wait for a signature; their fields are left out."""
    rows = RequestRow.of(ctx).where(
        RequestRow.account_id.in_(list(account_ids)) & (RequestRow.stage == PENDING)
    )
    return _requests(ctx, rows.order_by(RequestRow.id), fields_too=False)


def pending_for_contact(ctx: Context, contact_id: int) -> Sequence[Request]:
    """The requests that this contact is a signer of, and that wait for a signature."""
    asked = SignerRow.of(ctx, SignerRow.request_id).where(SignerRow.whose == contact_id)
    rows = RequestRow.of(ctx).where(RequestRow.id.in_(asked) & (RequestRow.stage == PENDING))
    return _requests(ctx, rows.order_by(RequestRow.id))


def open_documents(ctx: Context, account_id: int) -> Mapping[int, Request]:
    """The requests that are out for signature, by their documents' keys."""
    rows = RequestRow.of(ctx).where(
        (RequestRow.account_id == account_id) & RequestRow.stage.in_(OPEN)
    )
    return {one.document_id: one for one in _requests(ctx, rows)}


def expired_on(ctx: Context, today: date, count: int) -> Sequence[Request]:
    """Requests that nobody can sign any more, since their day is past."""
    rows = RequestRow.of(ctx).where((RequestRow.stage == PENDING) & (RequestRow.expires < today))
    return _requests(ctx, rows.order_by(RequestRow.id).limit(count))


def page_of(ctx: Context, account_id: int, stage: str, after: str, size: int) -> Listed:
    """A page of the account's requests, the last made first; of all stages where it is ""."""
    rows = RequestRow.of(ctx).where(RequestRow.account_id == account_id)
    if stage:
        rows = rows.where(RequestRow.stage == stage)
    last = RequestRow.of(ctx).where(RequestRow.public_id == after).first() if after else None
    if last is not None:
        before = (RequestRow.made == last.made) & (RequestRow.id < last.id)
        rows = rows.where((RequestRow.made < last.made) | before)
    rows = rows.order_by(RequestRow.made.desc(), RequestRow.id.desc()).limit(size + 1)
    found = _requests(ctx, rows)
    after = found[size - 1].public_id if len(found) > size else ""
    return Listed(requests=found[:size], after=after)


def latest_sent(ctx: Context, account_id: int, count: int) -> Sequence[Request]:
    """The requests that wait for a signature, then those that ended; the last made first (O8).

    Their fields are left out.
    """
    return _requests(ctx, _latest(ctx, account_id, PENDING, count), fields_too=False)


@compiled
def _latest(asked: Scoped, account_id: Any, pending: Any, count: Any) -> Any:
    ended = Case(None, [(RequestRow.stage == pending, 0)], 1)
    return (
        RequestRow.of(asked)
        .where((RequestRow.account_id == account_id) & RequestRow.sent.is_null(False))
        .order_by(ended, RequestRow.made.desc(), RequestRow.id.desc())
        .limit(count)
    )


def _one(ctx: Context, rows: Any) -> Request:
    row = rows.first()
    if row is None:
        raise NotFound
    return _requests(ctx, [row])[0]


def _requests(ctx: Context, rows: Iterable[Any], *, fields_too: bool = True) -> Sequence[Request]:
    found = list(rows)
    keys = [row.id for row in found]
    signers = _by_request(_signers(ctx, keys), _signer) if found else {}
    fields = _by_request(_fields(ctx, keys), _field) if found and fields_too else {}
    return [_request(row, signers.get(row.id, []), fields.get(row.id, [])) for row in found]


@compiled
def _signers(asked: Scoped, request_ids: Any) -> Any:
    rows = SignerRow.of(asked).where(SignerRow.request_id.in_(request_ids))
    return rows.order_by(SignerRow.request_id, SignerRow.position)


@compiled
def _fields(asked: Scoped, request_ids: Any) -> Any:
    rows = FieldRow.of(asked).where(FieldRow.request_id.in_(request_ids))
    return rows.order_by(FieldRow.request_id, FieldRow.id)


def _by_request(rows: Iterable[Any], value_of: Any) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.request_id, []).append(value_of(row))
    return found


def _signer(row: Any) -> Signer:
    return Signer(
        id=row.id,
        public_id=row.public_id,
        position=row.position,
        kind=SignerKind(row.kind),
        contact_id=row.whose,
        member_id=row.member_id,
        email_id=row.mailed_to,
        name=row.name,
        address=row.address,
        asked=row.asked,
        seen=row.seen,
        consented=row.consented,
        signed=row.signed,
        declined=row.declined,
        from_address=row.from_address,
        browser=row.browser,
        how=How(row.how) if row.how else None,
        text=row.text,
        initials=row.initials,
        picture=bytes(row.picture),
    )


def _field(row: Any) -> Field:
    return Field(
        id=row.id,
        signer=row.signer,
        kind=Kind(row.kind),
        page=row.page,
        x=row.x,
        y=row.y,
        width=row.width,
        height=row.height,
        label=row.label,
        value=row.value,
    )


def _request(row: Any, signers: Sequence[Signer], fields: Sequence[Field]) -> Request:
    return Request(
        id=row.id,
        public_id=row.public_id,
        account_id=row.account_id,
        document_id=row.document_id,
        number=row.number,
        pages=row.pages,
        stage=Stage(row.stage),
        in_order=row.in_order,
        note=row.note,
        expires=row.expires,
        made=row.made,
        made_by=row.made_by,
        made_by_id=row.made_by_id,
        sent=row.sent,
        ended=row.ended,
        reason=row.reason,
        hash_before=row.digest_before,
        hash_after=row.digest_after,
        version=row.version,
        signers=tuple(signers),
        fields=tuple(fields),
    )
