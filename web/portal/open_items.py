"""How much there is to be done for a client on each account, as the modules count it (POR-3)."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from crm_core.contributions import Place
from crm_core.guarding import Failed, read_guarded
from crm_core.permissions import may

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm_core.context import Context


class NoCount(Exception):  # noqa: N818
    """A section counted something else than things to do on the accounts that were asked for."""


def open_items(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, int]:
    """The number of things to do by account, added up; one question to each section that counts.

    A section that fails is left out: its card on the portal's home says why.
    """
    found: Counter[int] = Counter()
    for contributed in ctx.modules.sections(Place.PORTAL):
        section = contributed.value
        if section.open_items is None or not account_ids or not may(ctx, section.needs):
            continue
        counted = partial(_counted, contributed.name, section.open_items, ctx, account_ids)
        outcome = read_guarded(ctx, contributed.name, section.budget, counted)
        if not isinstance(outcome, Failed):
            found.update(outcome.value)
    return +found


def _counted(
    name: str,
    count: Callable[[Context, Sequence[int]], Mapping[int, int]],
    ctx: Context,
    account_ids: Sequence[int],
) -> Mapping[int, int]:
    counts = dict(count(ctx, account_ids))
    if not all(key in account_ids and isinstance(n, int) for key, n in counts.items()):
        raise NoCount(name)
    return counts
