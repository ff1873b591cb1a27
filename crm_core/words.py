"""A text that people will read, as a value: which message, with which arguments.

The core and the plugins never translate. They say `_("Linked to {count} accounts", count=3)`, and
whoever shows the text (a page, a mail, the command line) turns it into the reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@frozen(str=False)
class Words:
    """A message of a catalogue and its arguments; `str()` gives the English text."""

    message: str
    arguments: Mapping[str, str | int | Words] = field(factory=dict, hash=False)
    domain: str = "crm_core"

    def __str__(self) -> str:
        return self.message.format(**self.arguments) if self.arguments else self.message


def words_of(domain: str) -> Callable[..., Words]:
    """The function that a package calls `_`: it makes the `Words` of that package's catalogue.

    `domain` is `crm_core`, `web` or the plugin's own name.
    """

    def words(message: str, **arguments: str | int | Words) -> Words:
        return Words(message, arguments, domain)

    return words


_ = words_of("crm_core")


def as_typed(text: str) -> Words:
    """A text that people typed, where words are wanted: in every language it stays what it is."""
    return Words("{text}", {"text": text}, domain="")
