"""What notes add to the list of clients: when the last one was saved, and whose are old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import Choice
from plugins.notes import store
from plugins.notes.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm_core import Context, Keys

_SPANS = {
    "month": (timedelta(days=30), False, _("Noted in the last 30 days")),
    "no-quarter": (timedelta(days=90), True, _("Nothing noted for 90 days")),
    "no-year": (timedelta(days=365), True, _("Nothing noted for a year")),
}
"""How far back each choice looks, and whether it means those without a note since then."""


def last_notes(ctx: Context, keys: Sequence[int]) -> Mapping[int, datetime]:
    """When the last note on each account was saved."""
    return store.last_saved(ctx, keys)


def spans(ctx: Context) -> Sequence[Choice]:  # noqa: ARG001 - the same in every firm
    """What the filter offers."""
    return [Choice(value=name, label=label) for name, (_past, _others, label) in _SPANS.items()]


def noted_within(ctx: Context, chosen: str) -> Keys:
    """The accounts that one of the choices means."""
    past, others, _label = _SPANS[chosen]
    return store.noted_since(ctx, ctx.now - past, others=others)
