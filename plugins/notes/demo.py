"""Life-like notes for the demonstration firm."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from crm_core.team import team_of_firm
from plugins.notes.demo_texts import demo_notes, first_client_notes
from plugins.notes.store import add_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from crm_core import Context, DemoAccount
    from plugins.notes.demo_texts import DemoNote


def write_demo_notes(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Writes notes of the team on these accounts, as far back from today as each text says."""
    add_notes(ctx, _rows(ctx, accounts, random))


def _rows(
    ctx: Context, accounts: Sequence[DemoAccount], random: Random
) -> Iterator[tuple[int, int, str, bool, datetime]]:
    authors = list(team_of_firm(ctx))
    for account in accounts:
        notes = first_client_notes() if account.first else demo_notes(account.trade, random)
        for note in notes:
            at = _moment(ctx, note)
            if at > account.account.created:
                yield account.account.id, random.choice(authors), note.text, note.pinned, at


def _moment(ctx: Context, note: DemoNote) -> datetime:
    day = ctx.today - timedelta(days=note.days_ago)
    at = datetime.combine(day, time(note.minutes // 60, note.minutes % 60), tzinfo=ctx.zone)
    return min(at, ctx.now)
