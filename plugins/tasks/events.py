"""What the history tells of tasks. Descriptions are never in it."""

from crm_core import Event
from plugins.tasks.words import _

_TASK = {"task": _("task")}
_PARTS = _TASK | {
    "name": _("name"),
    "state": _("state"),
    "priority": _("priority"),
    "starts": _("start date"),
    "due": _("due date"),
    "assignees": _("assigned to"),
    "count": _("how many"),
    "repeats": _("repeats"),
}

TASK_MADE = Event(name="tasks.task_made", title=_("Task made"), parts=_TASK)
TASK_CHANGED = Event(name="tasks.task_changed", title=_("Task changed"), parts=_PARTS)
TASK_STATE_CHANGED = Event(
    name="tasks.state_changed", title=_("State of a task changed"), parts=_PARTS
)
TASK_ASSIGNED = Event(name="tasks.task_assigned", title=_("Task assigned"), parts=_PARTS)
TASK_DELETED = Event(name="tasks.task_deleted", title=_("Task deleted"), parts=_TASK)
TASKS_CHANGED = Event(name="tasks.tasks_changed", title=_("Several tasks changed"), parts=_PARTS)
TASK_DUE_SOON = Event(name="tasks.due_soon", title=_("Task due soon"), parts=_PARTS)
"""Told three days before a task is due; the history does not keep it."""

TASK_EVENTS = (
    TASK_MADE,
    TASK_CHANGED,
    TASK_STATE_CHANGED,
    TASK_ASSIGNED,
    TASK_DELETED,
    TASKS_CHANGED,
    TASK_DUE_SOON,
)
