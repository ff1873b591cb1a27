"""Reminders: clients are told again until they have done the thing or were told often enough.

A plugin starts one for a thing of its own and stops it once that is done (NOT-5). Nothing here asks
for a right: whoever may change the thing may remind of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.accounts import account_of_row
from crm_core.kept_words import kept_place, kept_words, place_in, words_in
from crm_core.notify import tell_clients
from crm_core.refusals import NotFound, Refused
from crm_core.store.notice_rows import ReminderRow
from crm_core.store.tables import AccountRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from crm_core.accounts import Account
    from crm_core.context import Context, To
    from crm_core.notification_types import NotificationType
    from crm_core.words import Words

MOST_TIMES = 100
MOST_DAYS = 365


@frozen(kw_only=True)
class Reminder:
    """How far a reminder is: `sent` of `times`; `due` is the day of the next, None after the last.

    While its account is archived it waits.
    """

    key: str
    every_days: int
    times: int
    sent: int
    due: date | None


def start(
    ctx: Context,
    key: str,
    kind: NotificationType,
    account: Account,
    what: Words,
    to: To | None,
    *,
    every_days: int,
    times: int,
    by_link: timedelta | None = None,
    email_id: int | None = None,
) -> None:
    """Reminds the account's clients `times` times, the first time in `every_days` days.

    `key` names the thing and begins with the plugin's name. One that was started before begins
    anew. `by_link` and `email_id` are those of `tell_clients`. Refuses numbers that make no sense.
    """
    if not 1 <= every_days <= MOST_DAYS or not 1 <= times <= MOST_TIMES:
        raise Refused(
            _(
                "Remind at most {times} times, every 1 to {days} days.",
                times=MOST_TIMES,
                days=MOST_DAYS,
            )
        )
    values: dict[str, Any] = {
        "type": kind.name,
        "account_id": account.id,
        "what": kept_words(what),
        "target": kept_place(to),
        "every_days": every_days,
        "times": times,
        "sent": 0,
        "due": ctx.today + timedelta(days=every_days),
        "by_link": by_link.days if by_link else None,
        "email_id": email_id,
    }
    ReminderRow.adding(ctx, key=key, **values).on_conflict(
        conflict_target=[ReminderRow.firm_id, ReminderRow.key], update=values
    ).execute()


def stop(ctx: Context, key: str) -> None:
    """Reminds no more of this: the client has done it, or nobody wants it any longer."""
    ReminderRow.remove(ctx).where(ReminderRow.key == key).execute()


def remind_now(ctx: Context, key: str) -> None:
    """Reminds by hand, at once; it does not count, and the next one comes `every_days` days later.

    `NotFound` where nothing of this key was started; refuses where the account is archived.
    """
    row = ctx.store.locking(ReminderRow.of(ctx).where(ReminderRow.key == key)).first()
    if row is None:
        raise NotFound
    account = account_of_row(AccountRow.of(ctx).where(AccountRow.id == row.account_id).get())
    if account.archived is not None:
        raise Refused(_("{name} is archived. Bring it back first.", name=account.name))
    _tell(ctx, row, account, f"by hand:{row.id}:{ctx.now.timestamp()}")
    if row.due is not None:
        due = ctx.today + timedelta(days=row.every_days)
        ReminderRow.change(ctx, due=due).where(ReminderRow.id == row.id).execute()


def reminders_of(ctx: Context, keys: Collection[str]) -> Mapping[str, Reminder]:
    """The reminders with these keys, by key; those that were stopped are left out. One query."""
    rows = ReminderRow.of(ctx).where(ReminderRow.key.in_(list(keys)))
    return {
        row.key: Reminder(
            key=row.key, every_days=row.every_days, times=row.times, sent=row.sent, due=row.due
        )
        for row in rows
    }


def send_due(ctx: Context) -> None:
    """Sends all that is due today, each once, however often this is called on one day.

    Days on which nothing was sent are not made up for: the next one comes after the whole pause.
    """
    due = (
        ReminderRow.of(ctx)
        .join(
            AccountRow,
            on=(AccountRow.firm_id == ReminderRow.firm_id)
            & (AccountRow.id == ReminderRow.account_id),
        )
        .where((ReminderRow.due <= ctx.today) & AccountRow.archived.is_null())
        .order_by(ReminderRow.due, ReminderRow.id)
    )
    rows = [row for row in due if row.type in ctx.modules.notification_types]
    accounts = {
        row.id: account_of_row(row)
        for row in AccountRow.of(ctx).where(
            AccountRow.id.in_({reminder.account_id for reminder in rows})
        )
    }
    for row in rows:
        _tell(ctx, row, accounts[row.account_id], f"{row.id}:{row.due}")
        sent = row.sent + 1
        following = None if sent >= row.times else ctx.today + timedelta(days=row.every_days)
        ReminderRow.change(ctx, sent=sent, due=following).where(
            (ReminderRow.id == row.id) & (ReminderRow.due == row.due)
        ).execute()


def _tell(ctx: Context, row: Any, account: Account, key: str) -> None:
    kind = ctx.modules.notification_types.get(row.type)
    if kind is not None:
        what = _("Reminder: {what}", what=words_in(row.what))
        tell_clients(
            ctx,
            kind,
            account,
            what,
            place_in(row.target),
            f"reminder:{key}",
            by_link=timedelta(days=row.by_link) if row.by_link else None,
            email_id=row.email_id,
        )
