"""A form that is sent twice acts once: the second gets the answer of the first.

Each form carries a key. It is stored first in the action's own transaction, so of two that arrive
together one waits for the other; keys are kept for 24 hours.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core.store.tables import OnceRow

if TYPE_CHECKING:
    from crm_core.context import Context

FIELD = "_once"
"""The name of the hidden field with the key."""

KEPT = timedelta(hours=24)

_KEY = re.compile(r"[0-9a-f]{32}\Z")


def new_key() -> str:
    """A key for one form on one page."""
    return secrets.token_hex(16)


def is_key(text: str) -> bool:
    """Whether a form's key looks like one of ours."""
    return bool(_KEY.match(text))


def answer_given(ctx: Context, route: str, key: str) -> str | None:
    """Where the form with this key led before, or None: then it is this one's turn to act."""
    _forget_old_ones(ctx)
    taken = (
        OnceRow.adding(
            ctx,
            person_id=ctx.viewer.person_id,
            route=route,
            key=key,
            target="",
            created=ctx.now,
        )
        .on_conflict_ignore()
        .returning(OnceRow.key)
        .tuples()
        .execute()
    )
    return None if list(taken) else kept_answer(ctx, route, key)


def kept_answer(ctx: Context, route: str, key: str) -> str | None:
    """Where the form with this key led, or None where it did not act: without taking its turn."""
    found = OnceRow.of(ctx, OnceRow.target).where(_this(ctx, route, key)).first()
    return None if found is None else str(found.target)


def keep_answer(ctx: Context, route: str, key: str, target: str) -> None:
    """Remembers where the form with this key led."""
    OnceRow.change(ctx, target=target).where(_this(ctx, route, key)).execute()


def _this(ctx: Context, route: str, key: str) -> object:
    return (
        (OnceRow.person_id == ctx.viewer.person_id)
        & (OnceRow.route == route)
        & (OnceRow.key == key)
    )


def _forget_old_ones(ctx: Context) -> None:
    OnceRow.remove(ctx).where(OnceRow.created < ctx.now - KEPT).execute()
