"""Writing the tables of tasks; reading them is the store's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from crm_core import NotFound
from crm_core.store import new_public_id
from plugins.tasks.repeating import Repeat
from plugins.tasks.rows import AssigneeRow, SubtaskRow, TaskRow
from plugins.tasks.values import Task, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from crm_core import Context


def add_tasks(ctx: Context, tasks: Sequence[Task]) -> Mapping[str, int]:
    """Stores tasks with their assignees, and answers their keys by public id."""
    fields = (
        TaskRow.public_id,
        TaskRow.account_id,
        TaskRow.name,
        TaskRow.description,
        TaskRow.state,
        TaskRow.priority,
        TaskRow.starts,
        TaskRow.due,
        TaskRow.place,
        TaskRow.maker_id,
        TaskRow.created,
        TaskRow.repeats,
        TaskRow.first_due,
        TaskRow.next_on,
    )
    rows = (
        (
            task.public_id,
            task.account_id,
            task.name,
            task.description,
            task.state,
            task.priority,
            task.starts,
            task.due,
            place_of(task.state, task.due),
            task.maker_id,
            task.created,
            task.repeats,
            task.first_due,
            _next_on(task),
        )
        for task in tasks
    )
    keys = TaskRow.insert_all_named(ctx, fields, rows)
    _add_assignees(
        ctx, ((keys[task.public_id], member) for task in tasks for member in task.assignees)
    )
    return keys


def change_task(ctx: Context, task: Task, version: int, **values: Any) -> bool:
    """Changes a task if it still has this version; answers whether it did."""
    new = evolve(task, **values)
    place, next_on = place_of(new.state, new.due), _next_on(new)
    changed = (
        TaskRow.change(ctx, version=TaskRow.version + 1, place=place, next_on=next_on, **values)
        .where((TaskRow.id == task.id) & (TaskRow.version == version))
        .execute()
    )
    return bool(changed)


def end_series(ctx: Context, task: Task) -> None:
    """Lets the task not come again: another one follows it, or nobody wants it any more."""
    change_task(ctx, task, task.version, repeats=Repeat.NEVER, first_due=None)


def set_assignees(ctx: Context, task_id: int, members: Collection[int]) -> None:
    """Makes exactly these members the ones who have to do the task."""
    AssigneeRow.remove(ctx).where(AssigneeRow.task_id == task_id).execute()
    _add_assignees(ctx, ((task_id, member) for member in sorted(members)))


def set_subtasks(ctx: Context, task_id: int, lines: Sequence[str], done: Collection[str]) -> None:
    """Makes these lines the task's checklist; those among `done` are ticked."""
    SubtaskRow.remove(ctx).where(SubtaskRow.task_id == task_id).execute()
    SubtaskRow.insert_all(
        ctx,
        (
            SubtaskRow.public_id,
            SubtaskRow.task_id,
            SubtaskRow.position,
            SubtaskRow.text,
            SubtaskRow.done,
        ),
        (
            (new_public_id(), task_id, position, line, line in done)
            for position, line in enumerate(lines)
        ),
    )


def tick_subtask(ctx: Context, task: Task, public_id: str, *, done: bool) -> None:
    """Ticks a line of the task's checklist, or takes its tick away."""
    line = (SubtaskRow.task_id == task.id) & (SubtaskRow.public_id == public_id)
    if not SubtaskRow.change(ctx, done=done).where(line).execute():
        raise NotFound


def remove_task(ctx: Context, task: Task, version: int) -> bool:
    """Removes a task if it still has this version; answers whether it did."""
    removed = TaskRow.remove(ctx).where((TaskRow.id == task.id) & (TaskRow.version == version))
    return bool(removed.execute())


def _next_on(task: Task) -> date | None:
    return task.next[0] if task.next else None


def _add_assignees(ctx: Context, pairs: Iterable[tuple[int, int]]) -> None:
    AssigneeRow.insert_all(ctx, (AssigneeRow.task_id, AssigneeRow.member_id), pairs)
