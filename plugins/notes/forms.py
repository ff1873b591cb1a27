"""What the pages of notes ask."""

from __future__ import annotations

from attrs import frozen

from crm_core import Input, ask, version_field
from plugins.notes.words import _

LONGEST = 20_000
"""Characters that a note may have."""


@frozen
class NewNote:
    """A note to be written."""

    text: str = ask(
        _("Note"),
        input=Input.LONG_TEXT,
        longest=LONGEST,
        help=_("Markdown works: **bold**, lists with a hyphen, [a link](https://...)."),
    )
    pinned: bool = ask(_("Pin it above the other notes"), default=False, input=Input.YES_NO)


@frozen
class EditedNote(NewNote):
    """A note as somebody wants it to be; `version` is that of the note that they opened."""

    version: int = version_field(_("Version"))


@frozen
class DeleteNote:
    """The wish to delete a note for good; `version` is that of the note that they saw."""

    version: int = version_field(_("Version"))
