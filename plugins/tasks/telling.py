"""What colleagues are told of tasks: that one is theirs, and that its day comes near (TSK-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Audience, MailWish, NotFound, NotificationType, To, notify
from crm_core.accounts import account_of
from plugins.tasks import store
from plugins.tasks.values import DAYS_AHEAD
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Collection

    from crm_core import Context, Happened, Words
    from plugins.tasks.values import Task

ASSIGNED = NotificationType(
    name="tasks.assigned",
    title=_("Task assigned to you"),
    help=_("A colleague gave you a task."),
    audience=Audience.STAFF,
    mail=MailWish.AT_ONCE,
    order=20,
)
DUE_SOON = NotificationType(
    name="tasks.due_soon",
    title=_("Task due soon"),
    help=_("A task of yours is due within {days} days.", days=DAYS_AHEAD),
    audience=Audience.STAFF,
    order=21,
)


def tell_assigned(ctx: Context, task: Task, members: Collection[int]) -> None:
    """Tells these members that the task is theirs now."""
    what = _("{who} gave you a task: {task}", who=ctx.viewer.name, task=task.name)
    _tell(ctx, ASSIGNED, task, what, members)


def tell_due_soon(ctx: Context, happened: Happened) -> None:
    """Tells those who have the task that its day comes near, unless it is done by now."""
    try:
        task = store.task_of(ctx, happened.after["task"])
    except NotFound:
        return
    if task.state.open and task.due is not None and str(task.due) == happened.after["due"]:
        what = _("Due {day}: {task}", day=task.due, task=task.name)
        _tell(ctx, DUE_SOON, task, what, task.assignees)


def _tell(
    ctx: Context, kind: NotificationType, task: Task, what: Words, members: Collection[int]
) -> None:
    account = account_of(ctx, task.account_public_id) if task.account_public_id else None
    to = To("tasks.task", {"task": task.public_id})
    notify.tell_staff(ctx, kind, account, what, to, task.public_id, members=members)
