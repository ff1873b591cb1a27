"""Reading and writing the tables of tasks; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve
from peewee import JOIN, fn

from crm_core import VIEW_ALL_ACCOUNTS, Keys, NotFound, Role, may
from crm_core.accounts import visible_accounts
from crm_core.listing.paging import Order, page_of
from crm_core.store import AccountRow, MemberRow, compiled
from plugins.tasks.repeating import Repeat
from plugins.tasks.rows import AssigneeRow, SubtaskRow, TaskRow
from plugins.tasks.values import (
    CLOSED,
    CURRENT,
    Priority,
    Subtask,
    Task,
    TasksPage,
    TaskState,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from crm_core import Context
    from crm_core.store import Scoped

ORDER = Order(column=TaskRow.place, key=TaskRow.id)


def latest_tasks(ctx: Context, account_id: int, count: int) -> Sequence[Task]:
    """The tasks last made for the account that are planned or in progress. One query."""
    rows = _latest(ctx, account_id, count)
    names: dict[int, dict[int, str]] = {row.id: {} for row in rows}
    for row in rows:
        if row.member_id is not None:
            names[row.id][row.member_id] = row.member
    firsts = {row.id: row for row in reversed(rows)}
    return [_task(firsts[key], assignees) for key, assignees in names.items()]


@compiled
def _latest(asked: Scoped, account_id: Any, count: Any) -> Any:
    current = (TaskRow.account_id == account_id) & TaskRow.state.in_(CURRENT)
    newest = TaskRow.of(asked, TaskRow.id).where(current).order_by(TaskRow.id.desc()).limit(count)
    return (
        _with_account(asked, AssigneeRow.member_id, MemberRow.name.alias("member"))
        .join(
            AssigneeRow,
            JOIN.LEFT_OUTER,
            on=(AssigneeRow.firm_id == TaskRow.firm_id) & (AssigneeRow.task_id == TaskRow.id),
        )
        .join(
            MemberRow,
            JOIN.LEFT_OUTER,
            on=(MemberRow.firm_id == AssigneeRow.firm_id) & (MemberRow.id == AssigneeRow.member_id),
        )
        .where(TaskRow.id.in_(newest))
        .order_by(TaskRow.id.desc(), MemberRow.name, MemberRow.id)
    )


def next_of_member(ctx: Context, member_id: int, count: int) -> Sequence[Task]:
    """The open tasks that a member has and may see, by due date; they are its assignee alone.

    One query.
    """
    mine = (TaskRow.place < CLOSED) & TaskRow.id.in_(_assigned(ctx, member_id))
    rows = _seen(ctx, _with_account(ctx)).where(mine).order_by(TaskRow.place, TaskRow.id)
    me = {member_id: ctx.viewer.name}
    return [_task(row, me) for row in rows.limit(count).objects()]


def tasks_page(
    ctx: Context,
    size: int,
    *,
    account_id: int | None = None,
    assignee: int | None = None,
    states: Collection[TaskState] = (),
    due: tuple[int, int] | None = None,
    after: str = "",
    before: str = "",
) -> TasksPage:
    """One page of the tasks that the viewer may see, open ones first by due date. Three queries.

    `due` are the places between which they stand: see `values.place_of`.
    """
    query = _seen(ctx, _with_account(ctx))
    if account_id is not None:
        query = query.where(TaskRow.account_id == account_id)
    if assignee is not None:
        query = query.where(TaskRow.id.in_(_assigned(ctx, assignee)))
    if states:
        query = query.where(TaskRow.state.in_(list(states)))
    if due is not None:
        query = query.where(TaskRow.place.between(*due))
    neighbour = _neighbour(ctx, after or before)
    page = page_of(
        query.objects(),
        ORDER,
        size,
        after=None if before else neighbour,
        before=neighbour if before else None,
    )
    tasks = _with_assignees(ctx, [_task(row) for row in page.rows])
    return TasksPage(
        tasks=tasks,
        before=tasks[0].public_id if tasks and page.earlier else "",
        after=tasks[-1].public_id if tasks and page.later else "",
    )


def task_of(ctx: Context, public_id: str) -> Task:
    """The task with this public id, if the viewer may see it; otherwise `NotFound`."""
    row = _seen(ctx, _with_account(ctx)).where(TaskRow.public_id == public_id).objects().first()
    if row is None:
        raise NotFound
    return _with_assignees(ctx, [_task(row)])[0]


def subtasks_of(ctx: Context, task: Task) -> Sequence[Subtask]:
    """The task's checklist, in its order."""
    rows = SubtaskRow.of(ctx).where(SubtaskRow.task_id == task.id).order_by(SubtaskRow.position)
    return [Subtask(public_id=row.public_id, text=row.text, done=row.done) for row in rows]


def tasks_to_follow(ctx: Context, today: date) -> Sequence[Task]:
    """The latest task of each series whose next one is to be made by today. Two queries.

    Those of archived accounts wait until the account is back.
    """
    query = _with_account(ctx).where(
        (TaskRow.next_on <= today) & (TaskRow.account_id.is_null() | AccountRow.archived.is_null())
    )
    return _with_assignees(ctx, [_task(row) for row in query.order_by(TaskRow.id).objects()])


def tasks_due(ctx: Context, first: date, last: date) -> Sequence[Task]:
    """The firm's open tasks that are due between these days and that somebody has. Two queries."""
    between = TaskRow.place.between(first.toordinal(), last.toordinal())
    rows = _with_account(ctx).where(between).order_by(TaskRow.place, TaskRow.id).objects()
    return [task for task in _with_assignees(ctx, [_task(row) for row in rows]) if task.assignees]


def open_counts(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many open tasks each of these accounts has; those without are left out. One query."""
    counted = fn.COUNT(TaskRow.id).alias("tasks")
    rows = TaskRow.of(ctx, TaskRow.account_id, counted).where(
        TaskRow.account_id.in_(list(account_ids)) & (TaskRow.place < CLOSED)
    )
    return {row.account_id: row.tasks for row in rows.group_by(TaskRow.account_id)}


def with_tasks_before(ctx: Context, place: int, *, others: bool = False) -> Keys:
    """The accounts with an open task that stands before this place; or with `others` all others."""
    found = TaskRow.of(ctx, TaskRow.account_id).where(
        (TaskRow.place < place) & TaskRow.account_id.is_null(False)
    )
    return Keys(query=found, others=others)


def accounts_of_assignee(ctx: Context, member_id: int, most: int) -> Mapping[str, str]:
    """The names of the accounts on which a member has open tasks, by public id. One query."""
    rows = (
        _seen(ctx, TaskRow.of(ctx, AccountRow.public_id, AccountRow.name, AccountRow.sort_name))
        .join(AccountRow, on=_same_account())
        .where((TaskRow.place < CLOSED) & TaskRow.id.in_(_assigned(ctx, member_id)))
        .distinct()
        .order_by(AccountRow.sort_name)
        .limit(most)
    )
    return {row.public_id: row.name for row in rows.objects()}


def assignees_on(ctx: Context, account_id: int) -> Mapping[int, str]:
    """Who has, or had, something to do for the account: names by the keys of members. One query."""
    tasks = TaskRow.of(ctx, TaskRow.id).where(TaskRow.account_id == account_id)
    assigned = AssigneeRow.of(ctx, AssigneeRow.member_id).where(AssigneeRow.task_id.in_(tasks))
    rows = MemberRow.of(ctx, MemberRow.id, MemberRow.name).where(MemberRow.id.in_(assigned))
    return {row.id: row.name for row in rows.order_by(MemberRow.name, MemberRow.id)}


def _with_account(asked: Scoped, *more: Any) -> Any:
    return TaskRow.of(
        asked,
        TaskRow,
        AccountRow.name.alias("account"),
        AccountRow.public_id.alias("account_public_id"),
        *more,
    ).join_from(TaskRow, AccountRow, JOIN.LEFT_OUTER, on=_same_account())


def _same_account() -> Any:
    return (AccountRow.firm_id == TaskRow.firm_id) & (AccountRow.id == TaskRow.account_id)


def _assigned(ctx: Context, member_id: int) -> Any:
    return AssigneeRow.of(ctx, AssigneeRow.task_id).where(AssigneeRow.member_id == member_id)


def _seen(ctx: Context, query: Any) -> Any:
    """The query, less the tasks that the viewer may not see.

    Those without an account are seen by owner, admins, their maker and their assignees.
    """
    me = ctx.viewer.member_id
    conditions = []
    if ctx.viewer.role is Role.EMPLOYEE:
        mine = (TaskRow.maker_id == me) | TaskRow.id.in_(_assigned(ctx, me))
        conditions.append(TaskRow.account_id.is_null(False) | mine)
    if not may(ctx, VIEW_ALL_ACCOUNTS):
        seen = visible_accounts(ctx, AccountRow.id)
        conditions.append(TaskRow.account_id.is_null() | TaskRow.account_id.in_(seen))
    return query.where(*conditions) if conditions else query


def _neighbour(ctx: Context, public_id: str) -> Any:
    if not public_id:
        return None
    return TaskRow.of(ctx, TaskRow.place, TaskRow.id).where(TaskRow.public_id == public_id).first()


def _with_assignees(ctx: Context, tasks: Sequence[Task]) -> Sequence[Task]:
    rows = (
        AssigneeRow.of(ctx, AssigneeRow.task_id, AssigneeRow.member_id, MemberRow.name)
        .join(
            MemberRow,
            on=(MemberRow.firm_id == AssigneeRow.firm_id) & (MemberRow.id == AssigneeRow.member_id),
        )
        .where(AssigneeRow.task_id.in_([task.id for task in tasks]))
        .order_by(MemberRow.name, MemberRow.id)
        .objects()
    )
    names: dict[int, dict[int, str]] = {task.id: {} for task in tasks}
    for row in rows:
        names[row.task_id][row.member_id] = row.name
    return [evolve(task, assignees=names[task.id]) for task in tasks]


def _task(row: Any, assignees: Mapping[int, str] | None = None) -> Task:
    return Task(
        id=row.id,
        public_id=row.public_id,
        account_id=row.account_id,
        account=row.account or "",
        account_public_id=row.account_public_id or "",
        name=row.name,
        description=row.description,
        state=TaskState(row.state),
        priority=Priority(row.priority),
        starts=row.starts,
        due=row.due,
        maker_id=row.maker_id,
        created=row.created,
        version=row.version,
        repeats=Repeat(row.repeats),
        first_due=row.first_due,
        assignees=assignees or {},
    )
