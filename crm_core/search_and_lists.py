"""What a plugin gives to the search and to the lists: groups of hits, columns, filters."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from crm_core.contributions import is_permission, is_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_core.context import Context, State, To
    from crm_core.forms import Choice
    from crm_core.permissions import Permission
    from crm_core.words import Words


class ListOf(StrEnum):
    """What a list shows."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"


def _bare(text: Any) -> Any:
    """A text without any promise that it is safe HTML, as `markupsafe` makes one."""
    return str(text) if isinstance(text, str) else text


def _all_bare(texts: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_bare(text) for text in texts)


@frozen(kw_only=True)
class Face:
    """What stands for somebody beside a name: a picture, or where there is none its initials.

    `picture` is a route that answers a `Picture`.
    """

    picture: To | None = None


@frozen(kw_only=True)
class Hit:
    """One thing that a search found: its name, where it leads, and what else says why.

    The letters that were typed are marked in `what` and `about` by the host. With a `face` that
    stands beside it, and a `state` is said.
    """

    what: str = field(validator=is_text, converter=_bare)
    to: To
    about: tuple[str, ...] = field(default=(), converter=_all_bare)
    face: Face | None = None
    state: State | None = None


@frozen(kw_only=True)
class SearchProvider:
    """A group of hits in the search: `find(ctx, text, limit)` gives at most so many, best first.

    `text` is what was typed, from one letter on; accents and capitals should not count. It is
    asked while somebody types, so it reads through an index, and only what the viewer may see.
    `budget` is the seconds of SQL after which it is cut off.
    """

    name: str = field(validator=is_text)
    title: Words
    needs: Permission = field(validator=is_permission)
    find: Callable[[Context, str, int], Iterable[Hit]]
    order: int = 500
    budget: float = 0.5


@frozen(kw_only=True)
class Keys:
    """A query for the keys of accounts, or of contacts: one column, from `Row.of(ctx, column)`.

    It is handed over closed: only the storage runs it. With `others` those are meant that it does
    not find.
    """

    query: Any
    others: bool = False


@frozen(kw_only=True)
class ListFilter:
    """A menu of choices above a list; `find(ctx, chosen)` says which accounts or contacts fit one.

    `choices(ctx)` are those of the firm; `find` is asked for none but these. `budget` is the
    seconds of SQL after which the filter is left out, with a sentence; a query that reads through
    an index stays far below it.
    """

    name: str = field(validator=is_text)
    title: Words
    of: ListOf
    needs: Permission = field(validator=is_permission)
    choices: Callable[[Context], Sequence[Choice]]
    find: Callable[[Context, str], Keys]
    order: int = 500
    budget: float = 0.5


@frozen(kw_only=True)
class ListColumn:
    """A column that a list can show; `load(ctx, keys)` gives what stands in it, by key, in bulk.

    A cell is a text, an instant or a number; one without anything is left out. With `amount` the
    column is aligned for numbers.
    """

    name: str = field(validator=is_text)
    title: Words
    of: ListOf
    needs: Permission = field(validator=is_permission)
    load: Callable[[Context, Sequence[int]], Mapping[int, Words | str | datetime | int]]
    amount: bool = False
    order: int = 500
    budget: float = 0.5
