"""What the pages of tasks ask."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - cattrs reads the types of these classes
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import Choice, Input, day_typed
from crm_core.forms import ask, version_field
from plugins.tasks.repeating import REPEATS, Repeat
from plugins.tasks.values import PRIORITIES, STATES, Priority, TaskState
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 20_000
"""Characters that a description may have."""

MOST_LINES = 100
LONGEST_LINE = 200
"""Lines of a checklist, and the characters of each."""


@frozen
class NewTask:
    """A task to be made; `assignees` are keys of members, `checklist` has a step on each line."""

    name: str = ask(_("Task"))
    description: str = ask(
        _("Description"),
        default="",
        input=Input.LONG_TEXT,
        longest=LONGEST,
        help=_("Markdown works: **bold**, lists with a hyphen, [a link](https://...)."),
    )
    assignees: tuple[str, ...] = ask(
        _("Assigned to"), default=(), input=Input.SEVERAL, longest=10_000
    )
    state: TaskState = ask(
        _("State"),
        default=TaskState.PLANNED,
        input=Input.CHOICE,
        choices=tuple(Choice(value=s, label=word) for s, (word, _tone) in STATES.items()),
    )
    priority: Priority = ask(
        _("Priority"),
        default=Priority.NORMAL,
        input=Input.CHOICE,
        choices=tuple(Choice(value=p, label=word) for p, word in PRIORITIES.items()),
    )
    starts: date | None = ask(
        _("Start date"), default=None, input=Input.DATE, read=day_typed, group=_("When")
    )
    due: date | None = ask(
        _("Due date"), default=None, input=Input.DATE, read=day_typed, group=_("When")
    )
    repeats: Repeat = ask(
        _("Repeats"),
        default=Repeat.NEVER,
        input=Input.CHOICE,
        choices=tuple(Choice(value=r, label=word) for r, word in REPEATS.items()),
        help=_("The next one is made by itself, even if this one is still open."),
        group=_("When"),
    )
    checklist: str = ask(
        _("Checklist"),
        default="",
        input=Input.LONG_TEXT,
        longest=MOST_LINES * (LONGEST_LINE + 1),
        help=_("One step on each line. Steps that stay keep their ticks."),
    )

    @property
    def lines(self) -> Sequence[str]:
        """The steps of the checklist."""
        return [line.strip() for line in self.checklist.split("\n") if line.strip()]


@frozen
class EditedTask(NewTask):
    """A task as somebody wants it to be; `version` is that of the task that they opened."""

    version: int = version_field(_("Version"))


@frozen
class DeleteTask:
    """The wish to delete a task for good; `version` is that of the task that they saw."""

    version: int = version_field(_("Version"))
