"""The cards of tasks on the Overview and on the home page, and what a task's line offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Fragment, Item, State, Step, To, item_list, may
from plugins.tasks import actions, store
from plugins.tasks.rights import WRITE
from plugins.tasks.values import STATES, Task
from plugins.tasks.words import _

if TYPE_CHECKING:
    from crm_core import Context
    from crm_core.accounts import Account

SHOWN = 5


def latest(ctx: Context, account: Account) -> Fragment:
    """The five tasks last made that are planned or in progress (O2)."""
    items = [
        Item(
            what=task.name,
            to=To("tasks.task", {"task": task.public_id}),
            who=", ".join(task.assignees.values()),
            due=task.due,
            state=state_of(task),
            steps=steps_of(ctx, task, "overview"),
        )
        for task in store.latest_tasks(ctx, account.id, SHOWN)
    ]
    here = {"account": account.public_id}
    start = (To("tasks.new", here), _("Plan the first task")) if may(ctx, WRITE) else None
    return item_list(items, empty=_("Nothing is planned for this client."), start=start)


def next_of_mine(ctx: Context) -> Fragment:
    """What the viewer has to do next, by due date."""
    items = [
        Item(
            what=task.name,
            to=To("tasks.task", {"task": task.public_id}),
            who=task.account,
            due=task.due,
            state=state_of(task),
            steps=steps_of(ctx, task, "home"),
        )
        for task in store.next_of_member(ctx, ctx.viewer.member_id, SHOWN)
    ]
    start = (To("tasks.new_own"), _("Plan a task")) if may(ctx, WRITE) else None
    return item_list(items, empty=_("Nothing is waiting for you."), start=start)


def state_of(task: Task) -> State:
    """How far the task is, in a word and a colour."""
    word, tone = STATES[task.state]
    return State(word=word, tone=tone)


def steps_of(ctx: Context, task: Task, back: str) -> tuple[Step, ...]:
    """What the viewer may change the task's state to; `back` is the page that shows it."""
    if not actions.may_change(ctx, task):
        return ()
    here = {"task": task.public_id, "seen": task.state.value, "back": back}
    return tuple(
        Step(word=word, to=To("tasks.state", {**here, "state": state.value}))
        for state, (word, _tone) in STATES.items()
        if state is not task.state
    )
