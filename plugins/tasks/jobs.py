"""What tasks do by the clock: those that repeat come again, and due dates are announced."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve

from crm_core import Happened, audit
from crm_core.bus import tell
from crm_core.store import new_public_id
from plugins.tasks import actions, saving, store
from plugins.tasks.events import TASK_DUE_SOON, TASK_MADE
from plugins.tasks.values import DAYS_AHEAD, Task, TaskState

if TYPE_CHECKING:
    from crm_core import Context

MOST_ROUNDS = 60
"""How many of one series are made in one go, where nobody made them for a long time."""


def make_next(ctx: Context) -> None:
    """Makes the next task of each series whose day has come, even if the last is open (TSK-1)."""
    for _round in range(MOST_ROUNDS):
        last = store.tasks_to_follow(ctx, ctx.today)
        for task in last:
            _follow(ctx, task)
        if not last:
            return


def announce(ctx: Context) -> None:
    """Tells of each open task with assignees that is due within three days, once for its date."""
    for task in store.tasks_due(ctx, ctx.today, ctx.today + timedelta(days=DAYS_AHEAD)):
        happened = Happened(
            event=TASK_DUE_SOON.name,
            key=f"{task.public_id}@{task.due}",
            account_id=task.account_id,
            after={"task": task.public_id, "due": str(task.due), "members": [*task.assignees]},
        )
        tell(ctx, TASK_DUE_SOON, happened)


def _follow(ctx: Context, task: Task) -> None:
    """Makes the task that follows this one; from then on it is that one which repeats."""
    assert task.next is not None
    assert task.due is not None
    _made_on, due = task.next
    offered = actions.assignable(ctx, task.account_id, {})
    following = evolve(
        task,
        id=0,
        public_id=new_public_id(),
        state=TaskState.PLANNED,
        starts=due - (task.due - task.starts) if task.starts else None,
        due=due,
        created=ctx.now,
        version=1,
        assignees={member: name for member, name in task.assignees.items() if member in offered},
    )
    key = saving.add_tasks(ctx, [following])[following.public_id]
    saving.set_subtasks(ctx, key, [line.text for line in store.subtasks_of(ctx, task)], ())
    saving.end_series(ctx, task)
    audit.record(ctx, TASK_MADE, account_id=task.account_id, after={"task": task.name})
