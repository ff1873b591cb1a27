"""Pages of a list: each goes on from a neighbouring row, at the same cost at any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import peewee

    from crm_core.context import Context
    from crm_core.listing.narrowing import Narrowing

COUNT_CAP = 10_000
"""Counting stops here: "10,000+" costs the same at a million rows."""


@frozen(kw_only=True)
class Order:
    """The order of a list: by a column, and where that is equal by the key."""

    column: Any
    key: Any
    descending: bool = False


@frozen(kw_only=True)
class Rows:
    """One page of rows. `earlier` and `later` say whether there are more on either side."""

    rows: Sequence[Any]
    earlier: bool
    later: bool


@frozen(kw_only=True)
class Listed:
    """A page of a list: its rows, the public ids from which its neighbours go on, and the count.

    `before` and `after` are "" where there is no such page; `count` is at most `COUNT_CAP`.
    """

    rows: Sequence[Any]
    before: str
    after: str
    count: int


def listed(
    ctx: Context,
    visible: Callable[..., peewee.ModelSelect[Any]],
    conditions: Sequence[Any],
    narrowings: Sequence[Narrowing],
    order: Order,
    size: int,
    *,
    after: str = "",
    before: str = "",
) -> Listed:
    """A page of those rows that the viewer may see and to which conditions and filters apply.

    `visible(ctx, *columns)` starts a query over what the viewer may see. `after` and `before` are
    public ids: the page goes on there. One that is gone, or that the viewer may not see, or before
    which there is nothing, begins at the first page.
    """
    row = order.key.model
    neighbour = None
    if after or before:
        start = visible(ctx, order.column, order.key)
        neighbour = start.where(row.public_id == (after or before)).first()
    on_page = (*conditions, *(one.on_page(order.key) for one in narrowings))
    in_count = (*conditions, *(one.in_count(order.key) for one in narrowings))
    found = page_of(
        _where(visible(ctx), on_page),
        order,
        size,
        after=None if before else neighbour,
        before=neighbour if before else None,
    )
    with ctx.store.by_indexes():
        count = capped_count(_where(visible(ctx, order.key), in_count))
    return Listed(
        rows=found.rows,
        before=found.rows[0].public_id if found.rows and found.earlier else "",
        after=found.rows[-1].public_id if found.rows and found.later else "",
        count=count,
    )


def page_of(
    query: peewee.ModelSelect[Any],
    order: Order,
    size: int,
    *,
    after: Any = None,
    before: Any = None,
) -> Rows:
    """The rows after or before a row that has the order's column and key; without one the first."""
    if before is not None:
        rows = list(
            _ordered(query.where(_beyond(order, before, back=True)), order, back=True, size=size)
        )
        if rows:
            return Rows(rows=rows[:size][::-1], earlier=len(rows) > size, later=True)
        after = None
    if after is not None:
        query = query.where(_beyond(order, after, back=False))
    rows = list(_ordered(query, order, back=False, size=size))
    return Rows(rows=rows[:size], earlier=after is not None, later=len(rows) > size)


def capped_count(query: peewee.ModelSelect[Any]) -> int:
    """How many rows there are, at most `COUNT_CAP`."""
    return int(query.limit(COUNT_CAP).count())


def is_capped(count: int) -> bool:
    """Whether there may be more than this count says."""
    return count >= COUNT_CAP


def _where(query: peewee.ModelSelect[Any], conditions: Sequence[Any]) -> peewee.ModelSelect[Any]:
    return query.where(*conditions) if conditions else query


def _ordered(query: Any, order: Order, *, back: bool, size: int) -> Any:
    columns = (order.column, order.key)
    down = order.descending is not back
    return query.order_by(*(c.desc() if down else c.asc() for c in columns)).limit(size + 1)


def _beyond(order: Order, row: Any, *, back: bool) -> Any:
    value, key = getattr(row, order.column.name), getattr(row, order.key.name)
    same = order.column == value
    if order.descending is not back:
        return (order.column < value) | (same & (order.key < key))
    return (order.column > value) | (same & (order.key > key))
