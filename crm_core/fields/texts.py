"""Texts, choices, yes and no, and days: reading what was typed, and showing what is kept."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from crm_core.fields.values import Stored
from crm_core.folding import folded
from crm_core.refusals import Refused
from crm_core.words import Words, _, as_typed

if TYPE_CHECKING:
    from crm_core.fields.notation import Notation

LONGEST_LINE = 200
LONGEST_TEXT = 20_000
SORTED_BY = 200
"""Characters of a text that lists compare and sort by."""

YES, NO = "yes", "no"
_YES_AND_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "ja", "j"), YES),
    **dict.fromkeys(("no", "n", "false", "0", "nee"), NO),
}


def stored(text: str, number: int | None = None) -> Stored:
    """A text as it is kept, with what lists compare it by."""
    return Stored(text=text, sort_text=folded(text)[:SORTED_BY], sort_number=number)


def short(text: str) -> str:
    """A text as a sentence about it can quote it."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return printable if len(printable) <= 60 else printable[:57] + "..."


def read_line(text: str, notation: Notation) -> Stored:  # noqa: ARG001 - a line is the same everywhere
    """A text of one line."""
    return stored(_checked(text.strip(), LONGEST_LINE, allowed=""))


def read_text(text: str, notation: Notation) -> Stored:  # noqa: ARG001 - a text is the same everywhere
    """A text of many lines; the blanks before its first letter are its own."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return stored(_checked(lines, LONGEST_TEXT, allowed="\n\t"))


def read_yes_or_no(text: str, notation: Notation) -> Stored:  # noqa: ARG001 - both languages are taken
    """Yes or no, in English or Dutch."""
    found = _YES_AND_NO.get(text.strip().casefold())
    if found is None:
        raise Refused(_("{text} is neither yes nor no.", text=short(text)))
    return stored(found, int(found == YES))


def show_yes_or_no(text: str, notation: Notation) -> Words:  # noqa: ARG001 - the words are translated
    """Yes or no, in words."""
    return _("Yes") if text == YES else _("No")


def read_day(text: str, notation: Notation) -> Stored:  # noqa: ARG001 - a form sends every day so
    """A day, written year-month-day as forms send it: 2026-11-24."""
    text = text.strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Refused(
            _("{text} is not a date. Write it as year-month-day: 2026-11-24.", text=short(text))
        )
    return stored(text, day.toordinal())


def show_day(text: str, notation: Notation) -> Words:
    """A day, as the language writes it: 24 Nov 2026."""
    from babel.dates import format_date

    return as_typed(format_date(date.fromisoformat(text), "medium", locale=notation.locale))


def show_as_it_is(text: str, notation: Notation) -> Words:  # noqa: ARG001 - it is shown as it was typed
    """The text itself."""
    return as_typed(text)


def write_as_it_is(text: str, notation: Notation) -> str:  # noqa: ARG001 - it is typed as it is kept
    """The text itself."""
    return text


def _checked(text: str, longest: int, *, allowed: str) -> str:
    if len(text) > longest:
        raise Refused(
            _(
                "At most {longest} characters; this has {count}.",
                longest=longest,
                count=len(text),
            )
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
        raise Refused(
            _("This holds a character that cannot be stored, such as a line break or a NUL.")
        )
    return text
