"""What this plugin does without being asked: before a change, as files come, and by the clock."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core import ArrivingFile, Context, Happened, Refused, Verified
from risk import store
from risk.words import _

if TYPE_CHECKING:
    from crm_core.store.database import Store

LARGEST_REPORT = 2**20
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


def of_a_report(_store: "Store", path: Path) -> Verified | None:
    """Whether a report of ours ends with the hash of all that stands before it."""
    if path.stat().st_size > LARGEST_REPORT:
        return None
    said, mark, digest = path.read_bytes().rpartition(b"\nrisk-sha256: ")
    if not mark:
        return None
    good = hashlib.sha256(said).hexdigest().encode() == digest.strip()
    sentence = _("This report is as we wrote it.") if good else _("This report was changed.")
    return Verified(good=good, sentence=sentence)


def forget(ctx: Context) -> None:
    """Removes ratings that are no longer kept, but each client's latest."""
    store.remove_older(ctx, ctx.now - KEPT)
