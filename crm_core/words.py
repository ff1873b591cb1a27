"""A text that people will read, as a value: which message, with which arguments.

The core and the plugins never translate. They say `_("Linked to {name}", name="Anna")`, or where a
number decides the wording `_n("{count} note", "{count} notes", count=3)`, and whoever shows the
text (a page, a mail) turns it into the reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal
    from typing import TypeAlias

    Argument: TypeAlias = "str | int | Decimal | date | Words"


@frozen(str=False)
class Words:
    """A message of a catalogue and its arguments; `str()` gives the English text.

    Numbers among the arguments, whole or `Decimal`, and days are written as the reader's language
    does.
    One with a `plural` has the argument `count`; the plural is what any number but one says.
    """

    message: str
    arguments: Mapping[str, Argument] = field(factory=dict, hash=False)
    domain: str = "crm_core"
    plural: str = ""

    @property
    def english(self) -> str:
        """The English message for its count, with its placeholders."""
        return self.plural if self.plural and self.arguments["count"] != 1 else self.message

    def __str__(self) -> str:
        return self.english.format(**self.arguments) if self.arguments else self.english


def words_of(domain: str) -> Callable[..., Words]:
    """The function that a package calls `_`: it makes the `Words` of that package's catalogue.

    `domain` is `crm_core`, `web` or the plugin's own name.
    """

    def words(message: str, **arguments: Argument) -> Words:
        return Words(message, arguments, domain)

    return words


def counted_words_of(domain: str) -> Callable[..., Words]:
    """The function that a package calls `_n`: the message for one, that for any other count."""

    def words(one: str, other: str, *, count: int, **arguments: Argument) -> Words:
        return Words(one, {"count": count, **arguments}, domain, other)

    return words


_ = words_of("crm_core")
_n = counted_words_of("crm_core")


def as_typed(text: str) -> Words:
    """A text that people typed, where words are wanted: in every language it stays what it is."""
    return Words("{text}", {"text": text}, domain="")
