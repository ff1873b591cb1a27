"""Telling clients and colleagues that something happened (NOT-1 to NOT-4).

Both are called within the transaction of the change that they tell of: where it is undone nobody is
told. What goes out by mail is sent by the worker, to whoever wants it then.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from crm_core import outbox
from crm_core.contexts import WORKER
from crm_core.core_work import NOTICE, TELL_CLIENTS, TELL_STAFF
from crm_core.kept_words import kept_place, kept_words
from crm_core.notification_types import Audience, NotificationType
from crm_core.store.notice_rows import InboxRow, NoticeRow
from crm_core.store.rows import new_public_id
from crm_core.team import colleagues_who_see, team_of_account
from crm_core.work import Happened

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from crm_core.accounts import Account
    from crm_core.context import Context, To
    from crm_core.words import Words


def tell_clients(
    ctx: Context,
    kind: NotificationType,
    account: Account,
    what: Words,
    to: To | None,
    key: str,
    *,
    by_link: timedelta | None = None,
    email_id: int | None = None,
) -> None:
    """Mails those addresses of the account that want to know; once for each `key` of this kind.

    `what` is one sentence in the reader's language, `to` is the page that the button leads to: for
    as long as `by_link` says, whoever has the mail opens it without signing in (POR-7).
    With `email_id` that address alone is told, if it has LOGIN or NOTIFY and has not switched the
    type off: something is asked of whoever reads it. Nobody hears of an account that is archived.
    """
    _demand_audience(kind, Audience.CLIENT)
    if account.archived is not None:
        return
    stored = (
        NoticeRow.adding(
            ctx,
            key=f"{kind.name}:{key}",
            type=kind.name,
            account_id=account.id,
            what=kept_words(what),
            target=kept_place(to),
            created=ctx.now,
            by_link=by_link.days if by_link else None,
            email_id=email_id,
        )
        .on_conflict(conflict_target=[NoticeRow.firm_id, NoticeRow.key], action="IGNORE")
        .returning(NoticeRow.id)
        .tuples()
        .execute()
    )
    for (notice_id,) in list(stored):
        about = {"notice": notice_id}
        happened = Happened(event=NOTICE, key=f"notice:{notice_id}", after=about)
        outbox.put(ctx, TELL_CLIENTS, happened, ctx.now)


def tell_staff(
    ctx: Context,
    kind: NotificationType,
    account: Account | None,
    what: Words,
    to: To | None,
    key: str,
    *,
    members: Collection[int] | None = None,
) -> None:
    """Puts it into the inbox of these members, or of those who follow the account (ACC-12).

    One entry for each `key` of this kind: told again, it says the new sentence and is unread again.
    Whoever does it is not told, nor is who may not see the account.
    """
    _demand_audience(kind, Audience.STAFF)
    if members is None:
        members = team_of_account(ctx, account.id) if account else ()
    seeing = colleagues_who_see(ctx, account.id if account else None) if members else {}
    told = {member for member in members if member in seeing} - {_actor(ctx)}
    entries = [_put(ctx, kind, account, what, to, key, member) for member in sorted(told)]
    if entries:
        happened = Happened(
            event=NOTICE,
            key=f"entries:{secrets.token_hex(16)}",
            after={"entries": entries, "told": ctx.now.isoformat()},
        )
        outbox.put(ctx, TELL_STAFF, happened, ctx.now)


def _put(
    ctx: Context,
    kind: NotificationType,
    account: Account | None,
    what: Words,
    to: To | None,
    key: str,
    member_id: int,
) -> int:
    says = {
        "account_id": account.id if account else None,
        "what": kept_words(what),
        "target": kept_place(to),
        "told": ctx.now,
        "read": None,
    }
    stored = (
        InboxRow.adding(
            ctx,
            public_id=new_public_id(),
            member_id=member_id,
            key=f"{kind.name}:{key}",
            type=kind.name,
            **says,
        )
        .on_conflict(
            conflict_target=[InboxRow.firm_id, InboxRow.member_id, InboxRow.key], update=says
        )
        .returning(InboxRow.id)
        .tuples()
        .execute()
    )
    return int(next(iter(stored))[0])


def _actor(ctx: Context) -> int | None:
    """Who did it: nobody where the worker acts, on behalf of the owner, by the clock."""
    return None if ctx.origin == WORKER else ctx.viewer.member_id


def _demand_audience(kind: NotificationType, audience: Audience) -> None:
    if kind.audience is not audience:
        raise ValueError(f"{kind.name} is not for {audience}s")
