"""What people do with tasks. Each asks for the right itself, whoever calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from crm_core import NotAllowed, Refused, Stale, audit, demand, may
from crm_core.store import new_public_id
from crm_core.team import colleagues_who_see
from plugins.tasks import saving, store
from plugins.tasks.events import (
    TASK_ASSIGNED,
    TASK_CHANGED,
    TASK_DELETED,
    TASK_MADE,
    TASK_STATE_CHANGED,
)
from plugins.tasks.forms import LONGEST_LINE, MOST_LINES
from plugins.tasks.rights import MANAGE, WRITE
from plugins.tasks.telling import tell_assigned
from plugins.tasks.values import STATES, Task, TaskState
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.tasks.forms import EditedTask, NewTask


def make_task(ctx: Context, account: Account | None, new: NewTask) -> str:
    """Stores a task of the viewer's, on the account or on none, and answers its public id."""
    demand(ctx, WRITE)
    assignees = _chosen(ctx, account.id if account else None, new, {})
    _refuse_long_checklist(new)
    _refuse_days(new)
    task = Task(
        id=0,
        public_id=new_public_id(),
        account_id=account.id if account else None,
        account=account.name if account else "",
        account_public_id=account.public_id if account else "",
        name=new.name,
        description=new.description,
        state=new.state,
        priority=new.priority,
        starts=new.starts,
        due=new.due,
        maker_id=ctx.viewer.member_id,
        created=ctx.now,
        version=1,
        assignees=assignees,
        repeats=new.repeats,
        first_due=new.due if new.repeats else None,
    )
    key = saving.add_tasks(ctx, [task])[task.public_id]
    saving.set_subtasks(ctx, key, new.lines, ())
    audit.record(ctx, TASK_MADE, account_id=task.account_id, after={"task": task.name})
    if assignees:
        after = {"task": task.name, "assignees": sorted(assignees.values())}
        audit.record(ctx, TASK_ASSIGNED, account_id=task.account_id, after=after)
        tell_assigned(ctx, task, assignees)
    return task.public_id


def change_task(ctx: Context, task: Task, edited: EditedTask) -> None:
    """Saves a task; `Stale` where somebody saved it since it was opened (ACC-15)."""
    demand_change(ctx, task)
    assignees = _chosen(ctx, task.account_id, edited, task.assignees)
    _refuse_long_checklist(edited)
    _refuse_days(edited)
    values: dict[str, Any] = {
        "name": edited.name,
        "description": edited.description,
        "state": edited.state,
        "priority": edited.priority,
        "starts": edited.starts,
        "due": edited.due,
        "repeats": edited.repeats,
    }
    first = _first_due(task, edited)
    if not saving.change_task(ctx, task, edited.version, first_due=first, **values):
        raise Stale(typed(ctx, task), task.version)
    done = {line.text for line in store.subtasks_of(ctx, task) if line.done}
    saving.set_subtasks(ctx, task.id, edited.lines, done)
    after = {name: value for name, value in values.items() if name != "description"}
    _record_change(ctx, task, after)
    if set(assignees) != set(task.assignees):
        saving.set_assignees(ctx, task.id, assignees)
        audit.record(
            ctx,
            TASK_ASSIGNED,
            account_id=task.account_id,
            before={"assignees": sorted(task.assignees.values())},
            after={"task": task.name, "assignees": sorted(assignees.values())},
        )
        named = evolve(task, name=edited.name)
        tell_assigned(ctx, named, set(assignees) - set(task.assignees))


def set_state(ctx: Context, task: Task, state: TaskState, seen: TaskState | None = None) -> None:
    """Changes how far a task is (TSK-2).

    `seen` is the state that the person saw: where somebody has changed it meanwhile, this refuses
    and says what it is now.
    """
    demand_change(ctx, task)
    if task.state is state:
        return
    if seen not in (None, task.state) or not saving.change_task(
        ctx, task, task.version, state=state
    ):
        raise Refused(
            _(
                "Somebody else has changed {task} meanwhile. It is now: {state}.",
                task=task.name,
                state=STATES[task.state][0],
            )
        )
    audit.record(
        ctx,
        TASK_STATE_CHANGED,
        account_id=task.account_id,
        before={"state": task.state},
        after={"task": task.name, "state": state},
    )


def tick(ctx: Context, task: Task, subtask: str, *, done: bool) -> None:
    """Ticks a line of the checklist, or takes its tick away. It does not count as a new version."""
    demand_change(ctx, task)
    saving.tick_subtask(ctx, task, subtask, done=done)


def delete_task(ctx: Context, task: Task, version: int) -> None:
    """Deletes a task for good; `Stale` where somebody saved it since it was shown."""
    demand_deletion(ctx, task)
    if not saving.remove_task(ctx, task, version):
        raise Stale({}, task.version)
    audit.record(ctx, TASK_DELETED, account_id=task.account_id, before={"task": task.name})


def may_change(ctx: Context, task: Task) -> bool:
    """Whether the viewer may change this task: their own, assigned to them, or by their right."""
    me = ctx.viewer.member_id
    own = (task.maker_id == me or me in task.assignees) and may(ctx, WRITE)
    return own or may(ctx, MANAGE)


def may_delete(ctx: Context, task: Task) -> bool:
    """Whether the viewer may delete this task: made by them, or with the right."""
    own = task.maker_id == ctx.viewer.member_id and may(ctx, WRITE)
    return own or may(ctx, MANAGE)


def demand_change(ctx: Context, task: Task) -> None:
    """Refuses with `NotAllowed` where the viewer may not change this task."""
    if not may_change(ctx, task):
        raise NotAllowed(_("Changing the task of others needs the right to manage tasks."))


def demand_deletion(ctx: Context, task: Task) -> None:
    """Refuses with `NotAllowed` where the viewer may not delete this task."""
    if not may_delete(ctx, task):
        raise NotAllowed(_("Deleting the task of others needs the right to manage tasks."))


def typed(ctx: Context, task: Task) -> Mapping[str, object]:
    """What a task says now, by the names of its form's fields."""
    return {
        "name": task.name,
        "description": task.description,
        "assignees": [str(member) for member in task.assignees],
        "state": task.state,
        "priority": task.priority,
        "starts": task.starts or "",
        "due": task.due or "",
        "repeats": task.repeats,
        "checklist": "\n".join(line.text for line in store.subtasks_of(ctx, task)),
    }


def _record_change(ctx: Context, task: Task, after: Mapping[str, Any]) -> None:
    before = {name: getattr(task, name) for name in after}
    texts = [{n: str(v or "") for n, v in values.items()} for values in (before, after)]
    audit.record_change(ctx, TASK_CHANGED, *texts, account_id=task.account_id)


def _chosen(
    ctx: Context, account_id: int | None, form: NewTask, now: Mapping[int, str]
) -> Mapping[int, str]:
    """The members that the form names; refuses those who cannot see the account."""
    offered = {str(key): (key, name) for key, name in assignable(ctx, account_id, now).items()}
    if not set(form.assignees) <= set(offered):
        raise Refused(_("Somebody of these may not see this client."), at="assignees")
    return dict(offered[key] for key in form.assignees)


def assignable(ctx: Context, account_id: int | None, now: Mapping[int, str]) -> Mapping[int, str]:
    """Who can be given a task of this account, and who has it now: names by the keys of members."""
    return {**colleagues_who_see(ctx, account_id), **now}


def _refuse_long_checklist(form: NewTask) -> None:
    lines: Collection[str] = form.lines
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Refused(
            _(
                "A checklist has at most {lines} steps of {longest} characters.",
                lines=MOST_LINES,
                longest=LONGEST_LINE,
            ),
            at="checklist",
        )


def _first_due(task: Task, edited: NewTask) -> date | None:
    """From when a series counts: anew where its rule or its day was changed."""
    if not edited.repeats:
        return None
    same = (task.repeats, task.due) == (edited.repeats, edited.due)
    return task.first_due if same else edited.due


def _refuse_days(form: NewTask) -> None:
    if form.repeats and form.due is None:
        raise Refused(_("A task that repeats needs a due date."), at="due")
    if form.starts and form.due and form.due < form.starts:
        raise Refused(_("The due date is before the start date."), at="due")
