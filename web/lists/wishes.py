"""What the address of a list says: filters, order and columns, and the addresses beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from crm_core.context import To

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from web.lists.columns import Column

LOOK = ("list", "sort", "column")
"""What the address says besides filters; those that it leaves out are as usual."""


ON_OR_OFF = {"on": True, "off": False}
"""What a filter with two sides says in the address."""

Order = TypeVar("Order", bound=StrEnum)


def order_of(orders: type[Order], asked: str, usual: Order) -> Order:
    """The order that the address asks for, or the usual one where there is no such order."""
    return orders(asked) if asked in set(orders) else usual


@frozen(kw_only=True)
class Wish:
    """A list as somebody wants it. `said` is what its address says, where that makes sense.

    `order` is by what it is sorted, `columns` are those that it shows.
    """

    route: str
    said: Mapping[str, str]
    order: str
    columns: Sequence[Column]

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return any(text for name, text in self.said.items() if name not in LOOK)

    @property
    def unfiltered(self) -> To:
        """The same list without its filters."""
        return self.address(**{name: "" for name in self.said if name not in LOOK})

    def address(self, route: str = "", **changed: str) -> To:
        """The list as it is wished for, but for what is changed; or another page about it."""
        said = {**self.said, **changed}
        parts = {name: text.split("\n") for name, text in said.items() if text}
        return To(route or self.route, parts)  # type: ignore[arg-type]
