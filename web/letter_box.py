"""Mails about signing in, from the outbox folder to the mail server: each once.

They belong to no firm, so no rows hold them. What a file's name ends with says how far it is:
`.eml` is in line and due at the file's time, `.sending` the server may have, `.failed` and
`.unsure` wait for the operator. What was sent is removed: its link is for the receiver alone.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import structlog

from crm_core.posting import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from web.posting import SmtpPost

log = structlog.get_logger("crm")

AGAIN = 5 * 60
"""Seconds between two attempts."""

LONGEST = 2 * 24 * 3600
"""Seconds after which a letter has failed: its link is long worth nothing."""

LEASE = 10 * 60
"""Seconds after which nobody knows what became of one that somebody was sending."""


def carry(folder: Path, post: SmtpPost) -> int:
    """Hands over what is due; answers how many were tried."""
    now, tried = time.time(), 0
    for left in folder.glob("*.eml.sending"):
        if _due(left) < now - LEASE:
            _end(left, ".unsure", "nobody knows whether the server has it")
    for path in sorted(folder.glob("*.eml")):
        if _due(path) <= now:
            _carry(path, post, now)
            tried += 1
    post.hang_up()
    return tried


def troubled(folder: Path) -> Mapping[str, int]:
    """How many letters failed and are unsure: for the operator."""
    return {end: len(list(folder.glob(f"*.eml.{end}"))) for end in ("failed", "unsure")}


def _due(path: Path) -> float:
    """When a letter is due; never where another worker has just taken it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _carry(path: Path, post: SmtpPost, now: float) -> None:
    try:
        message = message_from_bytes(path.read_bytes(), policy=policy.SMTP)
    except FileNotFoundError:
        return
    if "From" not in message:
        message["From"] = post.server.sender
    sending, here = path.with_name(f"{path.name}.sending"), path

    def begin() -> bool:
        nonlocal here
        try:
            os.utime(path)
            here = path.rename(sending)
        except FileNotFoundError:
            return False  # another worker is sending it: what it has renamed is its own business
        return True

    handed = post.hand_over_bytes(str(message["To"]), message.as_bytes(), begin)
    match handed.outcome:
        case Outcome.ACCEPTED:
            here.unlink(missing_ok=True)
        case Outcome.UNKNOWN:
            _end(here, ".unsure", handed.reason)
        case Outcome.LATER | Outcome.AWAY if now - _written_at(path) < LONGEST:
            if here.exists():
                os.utime(here, (now, now + AGAIN))
                here.replace(path)
        case _:
            _end(here, ".failed", handed.reason)


def _end(path: Path, end: str, reason: str) -> None:
    """Puts a letter aside: an operator may rename it to `.eml`, and it is tried anew."""
    name = path.name.removesuffix(".sending") + end
    log.error("letter not sent", letter=name, reason=reason)
    if path.exists():
        path.replace(path.with_name(name))


def _written_at(path: Path) -> float:
    text = path.name[:15]
    return datetime.strptime(text, "%Y%m%d-%H%M%S").replace(tzinfo=UTC).timestamp()
