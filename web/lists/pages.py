"""A page of a list: what its address asks for, and what its template is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from crm_core.listing.paging import is_capped
from web.lists.columns import cells_of, columns_of
from web.lists.filters import filter_names, filters_of, narrowed
from web.lists.kept import PLACES, kept_lists
from web.lists.wishes import LOOK, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.context import Context
    from crm_core.search_and_lists import ListOf
    from web.lists.columns import Column
    from web.lists.filters import Filter, Narrowed


class _Page(Protocol):
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def count(self) -> int: ...


@frozen(kw_only=True)
class OwnParts:
    """What a list has of its own: its filters as the address calls them, columns, usual ones."""

    of: ListOf
    filters: tuple[str, ...]
    columns: Sequence[Column]
    usual: tuple[str, ...]

    def query(self, ctx: Context) -> tuple[str, ...]:
        """What the address of the list may say; what makes no sense is as if it were not there."""
        return (*self.worth_keeping(ctx), "after", "before")

    def worth_keeping(self, ctx: Context) -> tuple[str, ...]:
        """What it says that can be kept under a name."""
        return (*LOOK, *self.filters, *filter_names(ctx, self.of))


@frozen(kw_only=True)
class AskedList:
    """A list as its address asks for it."""

    ctx: Context
    parts: OwnParts
    wish: Wish
    filters: Sequence[Filter]
    narrowed: Narrowed
    columns: Sequence[Column]

    def values(self, page: _Page, keys: Sequence[int]) -> dict[str, Any]:
        """What the template shows around the rows of this page, which have these keys."""
        ctx, of, wish = self.ctx, self.parts.of, self.wish
        return {
            "wish": wish,
            "count": page.count,
            "more": is_capped(page.count),
            "before": wish.address(before=page.before) if page.before else None,
            "after": wish.address(after=page.after) if page.after else None,
            "filters": self.filters,
            "filters_used": sum(any(wish.said[n] for n in one.names) for one in self.filters),
            "left_out": self.narrowed.left_out,
            "kept": kept_lists(ctx, of),
            "columns": self.columns,
            "cells": cells_of(ctx, of, wish.columns, keys),
        }


def asked_list(
    ctx: Context, parts: OwnParts, asked: Mapping[str, str], own: Mapping[str, str], order: str
) -> AskedList:
    """The list that this address asks for; `own` is what it says of the list's own filters.

    Those of the firm's fields and of modules are asked here.
    """
    filters = filters_of(ctx, parts.of)
    columns = columns_of(ctx, parts.of, parts.columns)
    wanted = asked["column"].split("\n")
    chosen = [column for column in columns if column.name in wanted]
    usual = [column for column in columns if column.name in parts.usual]
    said = {
        **own,
        **{name: asked[name].strip() for one in filters for name in one.names},
        "sort": "" if order == "name" else order,
        "column": "" if chosen in ([], usual) else "\n".join(column.name for column in chosen),
    }
    return AskedList(
        ctx=ctx,
        parts=parts,
        wish=Wish(route=PLACES[parts.of], said=said, order=order, columns=chosen or usual),
        filters=filters,
        narrowed=narrowed(ctx, filters, asked),
        columns=columns,
    )
