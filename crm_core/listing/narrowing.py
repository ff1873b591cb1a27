"""Filters of a list: which rows fit, asked in the way that is quick for few and for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import fn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.contributions import Keys

FEW = 3_000
"""A filter that at most so many rows fit is where the search for a page begins."""


@frozen(kw_only=True)
class Narrowing:
    """A filter that was asked whom it fits: `few` are their keys, or None where there are many.

    Few are named: the database begins with them and sorts. Many are looked up one by one while it
    walks the list in its order, for there the page is soon full.
    """

    keys: Keys
    few: Sequence[int] | None

    def holds(self, key: Any) -> Any:
        """The condition on a list's rows, whose key this is."""
        query = self.keys.query
        if self.few is not None:
            among = key.in_(self.few)
        else:
            (found,) = query.selected_columns
            among = fn.EXISTS(query.where(found == key))
        return ~among if self.keys.others else among


def narrowing(keys: Keys) -> Narrowing:
    """The filter of this query; it reads at most a few thousand keys."""
    found = [row[0] for row in keys.query.clone().limit(FEW + 1).tuples()]
    return Narrowing(keys=keys, few=found if len(found) <= FEW else None)
