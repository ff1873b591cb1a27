"""The inbox of a colleague: what they were told, newest first, and what of it is unread (NOT-4).

Nobody finds there what they may no longer see: entries of such an account, or of a module that is
off, wait out of sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import JOIN

from crm_core.accounts import visible_accounts
from crm_core.kept_words import place_in, words_in
from crm_core.listing.paging import Order, page_of
from crm_core.notification_types import Audience
from crm_core.notify_wishes import types_for
from crm_core.permissions import VIEW_ALL_ACCOUNTS, may
from crm_core.refusals import NotFound
from crm_core.store.notice_rows import InboxRow
from crm_core.store.statements import compiled
from crm_core.store.tables import AccountRow, AssignmentRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_core.context import Context, To
    from crm_core.notification_types import NotificationType
    from crm_core.store.database import Scoped
    from crm_core.words import Words

MOST_COUNTED = 100
"""Unread entries are counted up to here."""

ORDER = Order(column=InboxRow.told, key=InboxRow.id, descending=True)


@frozen(kw_only=True)
class InboxEntry:
    """Something that the viewer was told: `what` in a sentence, about whom, and where it leads."""

    id: int
    public_id: str
    type: NotificationType
    what: Words
    to: To | None
    account: str
    account_public_id: str
    told: datetime
    read: bool


@frozen(kw_only=True)
class InboxPage:
    """Some entries; `before` and `after` are the public ids to go on from, or ""."""

    entries: Sequence[InboxEntry]
    before: str
    after: str


def unread_count(ctx: Context) -> int:
    """How many entries the viewer has not read, at most `MOST_COUNTED`. One query."""
    types, me = _types(ctx), ctx.viewer.member_id
    if may(ctx, VIEW_ALL_ACCOUNTS):
        return len(_unread(ctx, me, types, MOST_COUNTED))
    return len(_unread_assigned(ctx, me, types, MOST_COUNTED))


@compiled
def _unread(asked: Scoped, member_id: Any, types: Any, most: Any) -> Any:
    mine = (InboxRow.member_id == member_id) & InboxRow.read.is_null() & InboxRow.type.in_(types)
    return InboxRow.of(asked, InboxRow.id).where(mine).limit(most)


@compiled
def _unread_assigned(asked: Scoped, member_id: Any, types: Any, most: Any) -> Any:
    mine = (InboxRow.member_id == member_id) & InboxRow.read.is_null() & InboxRow.type.in_(types)
    assigned = AssignmentRow.of(asked, AssignmentRow.account_id).where(
        AssignmentRow.member_id == member_id
    )
    seen = InboxRow.account_id.is_null() | InboxRow.account_id.in_(assigned)
    return InboxRow.of(asked, InboxRow.id).where(mine & seen).limit(most)


def inbox_page(
    ctx: Context, size: int, *, unread: bool = False, after: str = "", before: str = ""
) -> InboxPage:
    """One page of what the viewer was told, the latest first. Two queries."""
    query = _mine(ctx)
    if unread:
        query = query.where(InboxRow.read.is_null())
    neighbour = None
    if after or before:
        start = _mine(ctx, InboxRow.told, InboxRow.id)
        neighbour = start.where(InboxRow.public_id == (after or before)).first()
    page = page_of(
        query.objects(),
        ORDER,
        size,
        after=None if before else neighbour,
        before=neighbour if before else None,
    )
    entries = [_entry(ctx, row) for row in page.rows]
    return InboxPage(
        entries=entries,
        before=entries[0].public_id if entries and page.earlier else "",
        after=entries[-1].public_id if entries and page.later else "",
    )


def mark_read(ctx: Context, public_id: str, *, read: bool = True) -> InboxEntry:
    """Marks an entry of the viewer's as read, or as unread again, and answers it."""
    row = _mine(ctx).where(InboxRow.public_id == public_id).objects().first()
    if row is None:
        raise NotFound
    InboxRow.change(ctx, read=ctx.now if read else None).where(InboxRow.id == row.id).execute()
    return _entry(ctx, row)


def mark_all_read(ctx: Context, newest: str) -> None:
    """Marks all entries up to this one as read: what came since the page was opened stays."""
    row = _mine(ctx).where(InboxRow.public_id == newest).objects().first()
    if row is None:
        return
    unread = InboxRow.read.is_null() & (InboxRow.told <= row.told)
    keys = _mine(ctx, InboxRow.id).where(unread)
    InboxRow.change(ctx, read=ctx.now).where(InboxRow.id.in_(keys)).execute()


def unread_of(ctx: Context, types: Sequence[str]) -> Sequence[InboxEntry]:
    """What the viewer has not read of these types, and no daily mail has named yet."""
    new = InboxRow.mailed.is_null() | (InboxRow.mailed < InboxRow.told)
    query = _mine(ctx).where(InboxRow.read.is_null() & new & InboxRow.type.in_(list(types)))
    rows = query.order_by(AccountRow.sort_name, InboxRow.told, InboxRow.id).objects()
    return [_entry(ctx, row) for row in rows]


def entries_of(ctx: Context, keys: Sequence[int]) -> Sequence[InboxEntry]:
    """Those of these entries that are the viewer's and unread."""
    query = _mine(ctx).where(InboxRow.id.in_(list(keys)) & InboxRow.read.is_null())
    return [_entry(ctx, row) for row in query.objects()]


def _mine(ctx: Context, *columns: Any) -> Any:
    query = (
        InboxRow.of(
            ctx,
            *(
                columns
                or (
                    InboxRow,
                    AccountRow.name.alias("account"),
                    AccountRow.public_id.alias("account_public_id"),
                )
            ),
        )
        .join(
            AccountRow,
            JOIN.LEFT_OUTER,
            on=(AccountRow.firm_id == InboxRow.firm_id) & (AccountRow.id == InboxRow.account_id),
        )
        .where((InboxRow.member_id == ctx.viewer.member_id) & InboxRow.type.in_(list(_types(ctx))))
    )
    if may(ctx, VIEW_ALL_ACCOUNTS):
        return query
    seen = visible_accounts(ctx, AccountRow.id)
    return query.where(InboxRow.account_id.is_null() | InboxRow.account_id.in_(seen))


def _types(ctx: Context) -> list[str]:
    return [one.name for one in types_for(ctx, Audience.STAFF)]


def _entry(ctx: Context, row: Any) -> InboxEntry:
    return InboxEntry(
        id=row.id,
        public_id=row.public_id,
        type=ctx.modules.notification_types[row.type],
        what=words_in(row.what),
        to=place_in(row.target),
        account=row.account or "",
        account_public_id=row.account_public_id or "",
        told=row.told,
        read=row.read is not None,
    )
