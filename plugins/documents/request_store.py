"""Reading and writing the table of requests; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import NotFound
from crm_core.store import compiled, new_public_id
from plugins.documents.rows import RequestRow
from plugins.documents.values import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from crm_core import Context
    from crm_core.store import Scoped


def add_request(ctx: Context, account_id: int, folder_id: int, what: str, until: date) -> str:
    """Stores a request of the viewer's and answers its public id."""
    public_id = new_public_id()
    RequestRow.insert_into(
        ctx,
        public_id=public_id,
        account_id=account_id,
        folder_id=folder_id,
        what=what,
        until=until,
        made_by=ctx.viewer.name,
        created=ctx.now,
    )
    return public_id


def mark_closed(ctx: Context, request: Request) -> None:
    """Notes that nothing more is wanted."""
    RequestRow.change(ctx, closed=ctx.now).where(RequestRow.id == request.id).execute()


def count_received(ctx: Context, request: Request, count: int) -> None:
    """Notes that so many more documents came in."""
    change = RequestRow.change(ctx, received=RequestRow.received + count)
    change.where(RequestRow.id == request.id).execute()


def requests_of(ctx: Context, account_id: int, count: int) -> Sequence[Request]:
    """The account's requests, the open ones first, then the last ones."""
    mine = RequestRow.of(ctx).where(RequestRow.account_id == account_id)
    order = (RequestRow.closed.is_null(False), RequestRow.id.desc())
    return [_request(row) for row in mine.order_by(*order).limit(count)]


def open_requests(ctx: Context, account_id: int, count: int) -> Sequence[Request]:
    """What clients have yet to answer, the oldest first. One query."""
    return [_request(row) for row in _open(ctx, account_id, ctx.today, count)]


@compiled
def _open(asked: Scoped, account_id: Any, today: Any, count: Any) -> Any:
    return (
        RequestRow.of(asked)
        .where(
            RequestRow.account_id == account_id,
            RequestRow.closed.is_null(),
            RequestRow.received == 0,
            RequestRow.until >= today,
        )
        .order_by(RequestRow.id)
        .limit(count)
    )


def how_many_open(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many requests clients have yet to answer on each of these accounts."""
    query = RequestRow.of(ctx, RequestRow.account_id, fn.COUNT(RequestRow.id)).where(
        RequestRow.account_id.in_(list(account_ids)),
        RequestRow.closed.is_null(),
        RequestRow.received == 0,
        RequestRow.until >= ctx.today,
    )
    return dict(query.group_by(RequestRow.account_id).tuples())


def request_of(ctx: Context, account_id: int, public_id: str) -> Request:
    """The request with this public id on this account, or `NotFound`."""
    mine = (RequestRow.account_id == account_id) & (RequestRow.public_id == public_id)
    row = RequestRow.of(ctx).where(mine).first()
    if row is None:
        raise NotFound
    return _request(row)


def _request(row: Any) -> Request:
    return Request(
        id=row.id,
        public_id=row.public_id,
        folder_id=row.folder_id,
        what=row.what,
        until=row.until,
        received=row.received,
        made_by=row.made_by,
        created=row.created,
        closed=row.closed,
    )
