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
from crm_core.store.tables import AccountRow, ContactRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core.store.database import Scoped

LONGEST = 200
"""Characters beyond which a text is in nobody's name."""

_PIECE = re.compile(r"[^\W_]+")


@frozen
class Searched:
    """A table whose rows can be found, and the search rows that say by what."""

    row: Any
    search: Any
    key: Any


ACCOUNTS = Searched(AccountRow, AccountSearchRow, AccountSearchRow.account_id)
CONTACTS = Searched(ContactRow, ContactSearchRow, ContactSearchRow.contact_id)


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
