"""What this plugin does without being asked: before a change, as files come, and by the clock."""

from collections.abc import Iterator
from datetime import timedelta

from crm_core import ArrivingFile, Context, Happened, Refused
from risk import store
from risk.words import _

KEPT = timedelta(days=5 * 365)
"""For how long the law wants ratings to be kept."""


def keep_in_sight(ctx: Context, happened: Happened) -> None:
    """Refuses to archive a client whose risk is high."""
    if happened.account_id is not None:
        levels = store.latest_levels(ctx, [happened.account_id])
        if levels.get(happened.account_id) == "high":
            raise Refused(_("The risk of this client is high. Rate it anew before you archive."))


def program_in(ctx: Context, file: ArrivingFile, pieces: Iterator[bytes]) -> str | None:
    """What a program for Windows is called: no client has a reason to send one."""
    return "Program for Windows" if next(pieces, b"").startswith(b"MZ") else None


def forget(ctx: Context) -> None:
    """Removes ratings that are no longer kept, but each client's latest."""
    store.remove_older(ctx, ctx.now - KEPT)
