"""A task, as people read it, and the words for its states and priorities."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import field, frozen

from plugins.tasks.repeating import Repeat, next_of
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime


class TaskState(StrEnum):
    """How far a task is."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return self not in (TaskState.COMPLETED, TaskState.CANCELLED)


class Priority(StrEnum):
    """How soon a task wants to be done."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


STATES = {
    TaskState.PLANNED: (_("Planned"), "plain"),
    TaskState.IN_PROGRESS: (_("In progress"), "info"),
    TaskState.WAITING: (_("Waiting for client"), "warn"),
    TaskState.ON_HOLD: (_("On hold"), "warn"),
    TaskState.COMPLETED: (_("Completed"), "good"),
    TaskState.CANCELLED: (_("Cancelled"), "plain"),
}
"""The word and the tone of each state."""

PRIORITIES = {
    Priority.LOW: _("Low"),
    Priority.NORMAL: _("Normal"),
    Priority.HIGH: _("High"),
    Priority.URGENT: _("Urgent"),
}

CURRENT = (TaskState.PLANNED, TaskState.IN_PROGRESS)
"""The states of what the Overview shows (O2)."""

DAYS_AHEAD = 3
"""How many days before a task is due those who have it are told (TSK-2)."""

NO_DAY = 9_999_999
CLOSED = 10_000_000
"""Where the open tasks without a due date stand among the others, and where closed ones begin."""


def place_of(state: TaskState, due: date | None) -> int:
    """Where a task stands in lists: open ones by due date, then closed ones, the latest first."""
    if state.open:
        return due.toordinal() if due else NO_DAY
    return CLOSED + NO_DAY - (due.toordinal() if due else 0)


@frozen(kw_only=True)
class Subtask:
    """A line of a task's checklist."""

    public_id: str
    text: str
    done: bool


@frozen(kw_only=True)
class Task:
    """A task of the firm's. One without an `account_id` belongs to the people who have to do it.

    `assignees` are names by the keys of members. One that `repeats` is the latest of its series,
    whose first was due on `first_due`.
    """

    id: int
    public_id: str
    account_id: int | None
    account: str
    account_public_id: str
    name: str
    description: str
    state: TaskState
    priority: Priority
    starts: date | None
    due: date | None
    maker_id: int
    created: datetime
    version: int
    assignees: Mapping[int, str] = field(factory=dict, hash=False)
    repeats: Repeat = Repeat.NEVER
    first_due: date | None = None

    @property
    def next(self) -> tuple[date, date] | None:
        """When the next one is made and when it is due; None where it does not come again."""
        return next_of(self.repeats, self.first_due, self.starts, self.due)

    def is_overdue(self, today: date) -> bool:
        """Whether its due date has passed and it is still to be done."""
        return self.state.open and self.due is not None and self.due < today


@frozen(kw_only=True)
class TasksPage:
    """One page of tasks; `before` and `after` are the public ids to go on from, or ""."""

    tasks: Sequence[Task]
    before: str
    after: str
