"""What tasks add to the list of clients: how many are open, and whose are overdue or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Choice, NotFound
from plugins.tasks import store
from plugins.tasks.values import CLOSED
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context, Keys

_OVERDUE, _NONE = "overdue", "none"


def open_tasks(ctx: Context, keys: Sequence[int]) -> Mapping[int, int]:
    """How many open tasks each account has."""
    return store.open_counts(ctx, keys)


def choices(ctx: Context) -> Sequence[Choice]:  # noqa: ARG001 - the same in every firm
    """What the filter offers."""
    return [
        Choice(value=_OVERDUE, label=_("With overdue tasks")),
        Choice(value=_NONE, label=_("Without open tasks")),
    ]


def with_tasks(ctx: Context, chosen: str) -> Keys:
    """The accounts that one of the choices means."""
    if chosen == _OVERDUE:
        return store.with_tasks_before(ctx, ctx.today.toordinal())
    if chosen == _NONE:
        return store.with_tasks_before(ctx, CLOSED, others=True)
    raise NotFound
