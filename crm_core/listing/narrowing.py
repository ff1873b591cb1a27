"""Filters of a list: which rows fit, asked in the way that is quick for few and for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import fn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.context import Context
    from crm_core.search_and_lists import Keys
    from crm_core.store.database import Store

FEW = 3_000
"""A filter that at most so many rows fit names them."""

SOME = 20_000
"""A page is looked for among the rows of a filter that at most so many fit."""

SOME_TO_COUNT = 100_000
"""The same where rows are counted, which need not be sorted."""


@frozen(kw_only=True)
class Narrowing:
    """A filter that was asked whom it fits.

    `few` are their keys where they are few. `size` is how many there are, at most one more than
    `SOME_TO_COUNT`.
    """

    store: Store
    keys: Keys
    few: Sequence[int] | None
    size: int

    def on_page(self, key: Any) -> Any:
        """The condition on the rows of a page in their order, whose key this is."""
        return self._condition(key, SOME)

    def in_count(self, key: Any) -> Any:
        """The condition on rows that are counted."""
        return self._condition(key, SOME_TO_COUNT)

    def _condition(self, key: Any, some: int) -> Any:
        """Few and some are where the database begins; many are looked up while it walks the rows.

        Among many, what is looked for is soon found.
        """
        query = self.keys.query
        if self.few is not None:
            among = key.in_(self.few)
        elif self.size <= some and not self.keys.others:
            among = self.store.starting_from(key, query)
        else:
            (found,) = query.selected_columns
            among = fn.EXISTS(query.where(found == key))
        return ~among if self.keys.others else among


def narrowing(ctx: Context, keys: Keys) -> Narrowing:
    """The filter of this query, once it is known how many fit."""
    (_one_column,) = keys.query.selected_columns
    found = [row[0] for row in keys.query.clone().limit(FEW + 1).tuples()]
    if len(found) <= FEW:
        return Narrowing(store=ctx.store, keys=keys, few=found, size=len(found))
    size = keys.query.clone().limit(SOME_TO_COUNT + 1).count()
    return Narrowing(store=ctx.store, keys=keys, few=None, size=size)
