"""The ways in which the software says no; each carries the sentence that the user reads.

A use case raises one of these and its transaction is undone. Nobody catches them but the edge
(the shell, the command line), which shows the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """No, and why. `at` names the field of a form that the sentence belongs to, if one does."""

    def __init__(self, sentence: Words, at: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.at = at


class NotFound(Refused):
    """It does not exist, or it does not exist for this viewer: nobody can tell which."""

    def __init__(self, sentence: Words | None = None) -> None:
        super().__init__(sentence or _("There is nothing here that you may see."))


class NotAllowed(Refused):
    """The viewer sees it but may not do this to it."""

    def __init__(self, sentence: Words | None = None) -> None:
        super().__init__(sentence or _("You do not have the right to do this."))


class Stale(Refused):
    """Somebody saved this record after the viewer opened it.

    `now` holds what the record says now, by field name of the form, so that the page can show
    both versions; `version` is the number that the next try must carry.
    """

    def __init__(self, now: Mapping[str, object], version: int) -> None:
        super().__init__(_("Somebody else saved this while you were editing. Nothing was lost."))
        self.now = now
        self.version = version


class Unavailable(Refused):
    """The storage cannot answer just now (locked, gone); trying again later may help."""

    def __init__(self, sentence: Words | None = None) -> None:
        super().__init__(
            sentence
            or _("The database is busy or cannot be reached. Nothing was changed; try again soon.")
        )


class NotChecked(Refused):
    """A file cannot be looked at just now, so it is not taken; trying again later may help."""


class StorageFull(Unavailable):
    """There is no room on the disk; nothing was half written."""

    def __init__(self) -> None:
        super().__init__(_("The disk is full. Nothing was saved; make room and try again."))
