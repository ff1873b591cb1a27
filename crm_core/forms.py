"""Forms as attrs classes: each field says what it asks; the shell draws, reads and checks it."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs
from attrs import evolve, field, frozen

from crm_core.refusals import Refused
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm_core.uploads import Upload
    from crm_core.words import Words

ASK = "crm.ask"
"""Where an `Ask` stands in an attrs field's metadata."""


class Input(Enum):
    """How a field is asked for."""

    TEXT = "text"
    LONG_TEXT = "long text"
    EMAIL = "email"
    PHONE = "phone"
    YES_NO = "yes or no"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    WEB = "web address"
    CHOICE = "choice"
    SEVERAL = "several choices"
    PASSWORD = "password"  # noqa: S105 - its kind
    HIDDEN = "hidden"
    FILE = "file"
    FILES = "files"


@frozen(kw_only=True)
class Choice:
    """One of the values of a field with choices; `help` says what choosing it means."""

    value: str
    label: Words | str
    help: Words | None = None


@frozen(kw_only=True)
class File:
    """A file as it was sent: `name` is only what its sender calls it, never a path or a promise."""

    name: str
    content: bytes = field(repr=False)


@frozen(kw_only=True)
class Ask:
    """What a form asks in one field.

    `longest` counts characters; of files, `largest` counts bytes, of several together, `most` how
    many may come at once, and `accept` are the types that the browser offers to choose. Several
    files are a tuple of `SentFile`, stored before the transaction. With `read` the field's value is
    what that makes of the typed text, where there is any (None where there is none); it refuses
    with the sentence for the field.
    """

    label: Words
    input: Input = Input.TEXT
    required: bool = False
    longest: int = 200
    help: Words | None = None
    choices: tuple[Choice, ...] = ()
    autocomplete: str = "off"
    group: Words | None = None
    largest: int = 0
    most: int = 100
    accept: str = ""
    read: Callable[[str], Any] | None = None


def ask(label: Words, *, default: Any = attrs.NOTHING, **more: Any) -> Any:
    """A field of a form class. Required where it has no default; otherwise may stay empty."""
    wanted = Ask(label=label, required=default is attrs.NOTHING, **more)
    return field(default=default, metadata={ASK: wanted}, kw_only=True)


def version_field(label: Words) -> Any:
    """The hidden field with the version of the record that the form edits."""
    return ask(label, default=0, input=Input.HIDDEN)


def day_typed(text: str) -> date:
    """The day that was typed, as the browser's date field sends it: to `read` a field with."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("This is not a date.")) from None


T = TypeVar("T")


@frozen(kw_only=True)
class Form(Generic[T]):
    """A form as a page shows it: what was typed, and the sentence at each field that needs one.

    `typed` are texts as the browser sends them, several choices one a line. `sentence` stands
    above the form. `saved` is what the record says now, where somebody else saved it first.
    `offered` are the choices that the view found, for fields whose class cannot know them.
    `waiting` are files that came in ahead of the form, by field: they go on waiting for it.
    """

    of: type[T]
    typed: Mapping[str, str] = field(factory=dict, hash=False)
    problems: Mapping[str, Words] = field(factory=dict, hash=False)
    sentence: Words | None = None
    saved: Mapping[str, str] = field(factory=dict, hash=False)
    answered: bool = False
    offered: Mapping[str, Sequence[Choice]] = field(factory=dict, hash=False)
    waiting: Mapping[str, Sequence[Upload]] = field(factory=dict, hash=False)

    def offering(self, **choices: Sequence[Choice]) -> Form[T]:
        """The same form with these choices for its fields; the use case checks what comes back."""
        return evolve(self, offered={**self.offered, **choices})

    def choices_of(self, name: str) -> Sequence[Choice]:
        """The choices of a field."""
        return self.offered.get(name, self.asks[name].choices)

    def starting_from(self, **values: object) -> Form[T]:
        """The same form filled with these values, unless the person has typed already."""
        if self.answered:
            return self
        return evolve(self, typed={name: as_text(value) for name, value in values.items()})

    @property
    def takes_files(self) -> bool:
        """Whether one of its fields is a file: it is then sent in parts."""
        return any(asked.input in (Input.FILE, Input.FILES) for asked in self.asks.values())

    @property
    def asks(self) -> Mapping[str, Ask]:
        """The form's fields in order: name and what is asked."""
        return asks_of(self.of)


def asks_of(form: type[Any]) -> Mapping[str, Ask]:
    """The fields of a form class in order: name and what is asked."""
    return {f.name: f.metadata[ASK] for f in attrs.fields(form) if ASK in f.metadata}


def as_text(value: object) -> str:
    """A value as a browser sends it: yes is "1", no is empty, several choices stand one a line."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | tuple | set | frozenset):
        return "\n".join(sorted(as_text(part) for part in value))
    return str(value.value) if isinstance(value, Enum) else str(value)
