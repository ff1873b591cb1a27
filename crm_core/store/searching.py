"""Finding rows by parts of words: what is stored to be found by, and the queries that find it.

A text to be found by is its folded words with two blanks before each. So three letters find a word
that has them anywhere, and of two letters or one the trigram with the blanks before them finds the
words that begin so: one index answers both. Several words must all be found, in any order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.folding import folded
from crm_core.store.search_rows import AccountSearchRow, ContactSearchRow
from crm_core.store.search_schema import row_number
from crm_core.store.tables import AccountRow, ContactRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm_core.store.database import Scoped

LONGEST = 200
"""Characters beyond which a text is in nobody's name."""

_PIECE = re.compile(r"[^\W_]+")


@frozen
class Searched:
    """A table whose rows can be found, and the search rows that say by what.

    `key` is the column of `search` that names the row; `order` that of `row` with its folded name.
    A table of a plugin has one, too: see `search_rows`.
    """

    row: Any
    search: Any
    key: Any
    order: Any


ACCOUNTS = Searched(AccountRow, AccountSearchRow, AccountSearchRow.account_id, AccountRow.sort_name)
CONTACTS = Searched(ContactRow, ContactSearchRow, ContactSearchRow.contact_id, ContactRow.sort_name)


def search_text(parts: Iterable[str]) -> str:
    """What something with these names, numbers and addresses is found by."""
    words: dict[str, None] = {}
    for part in parts:
        for word in folded(part).split():
            words[word] = None
            # "Smith-Jones" and "anna@haan" have beginnings inside a word, too.
            words |= {m.group()[:2]: None for m in _PIECE.finditer(word) if m.start()}
    return "".join(f"  {word}" for word in words)


def typed_words(text: str) -> Sequence[str]:
    """The folded words of what somebody typed, each once; none where nothing could be found."""
    if len(text) > LONGEST or "\0" in text:
        return ()
    return tuple(dict.fromkeys(folded(text).split()))


def is_in(word: str, text: str) -> bool:
    """Whether a typed word finds this text, which `search_text` made."""
    return _token(word) in text


def put_texts(ctx: Scoped, searched: Searched, texts: Mapping[int, str]) -> None:
    """Makes the rows with these keys found by these texts, which `search_text` made."""
    searched.search.put_all(
        ctx,
        (searched.search.id, searched.key, searched.search.text),
        ((row_number(ctx.firm.id, key), key, text) for key, text in texts.items()),
        key=searched.search.id,
        change=searched.search.text,
    )


def through_indexes(
    ctx: Scoped, query: Any, searched: Searched, text: str, limit: int
) -> list[Any]:
    """Rows whose name begins with the text, by name; where these are few, others beside them.

    The query reads the column `order`; an index begins with the firm and that column.
    """
    row, order, begins = searched.row, searched.order, folded(text)
    with ctx.store.by_indexes():
        first = query.where(order >= begins).order_by(order, row.id).limit(limit)
        rows = [found for found in first if getattr(found, order.name).startswith(begins)]
        if len(rows) < limit:
            others = by_index(ctx, query, searched, typed_words(text))
            rows += list(others.limit(limit + len(rows)))
    return rows


def by_index(ctx: Scoped, query: Any, searched: Searched, words: Sequence[str]) -> Any:
    """A query over rows of `searched`, narrowed to those that the words find, through the index.

    It costs what is found in the firm, whatever else there is.
    """
    tokens = [_token(word) for word in words]
    return ctx.store.narrowed_by_index(query, searched, ctx.firm.id, tokens)


def by_reading(ctx: Scoped, query: Any, searched: Searched, words: Sequence[str]) -> Any:
    """The same by reading the text of every row of the query: for one that gives few."""
    search = searched.search
    found = query.join_from(
        searched.row,
        search,
        on=(search.firm_id == searched.row.firm_id) & (searched.key == searched.row.id),
    )
    return found.where(*(ctx.store.contains(search.text, _token(word)) for word in words))


def _token(word: str) -> str:
    return f"{' ' * (3 - len(word))}{word}" if len(word) < 3 else word
