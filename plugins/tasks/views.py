"""The pages of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from crm_core import (
    Choice,
    NotFound,
    Page,
    Redirect,
    To,
    may,
)
from crm_core.accounts import account_of
from plugins.tasks import actions, store
from plugins.tasks.cards import state_of, steps_of
from plugins.tasks.repeating import REPEATS
from plugins.tasks.rights import WRITE
from plugins.tasks.values import NO_DAY, PRIORITIES, STATES, Task, TaskState
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context, Form, Words
    from crm_core.accounts import Account
    from plugins.tasks.forms import DeleteTask, EditedTask, NewTask

PAGE = 50
ON_BOARD = 20
MOST_ACCOUNTS = 200

FILTERS = ("state", "due", "account", "assignee", "after", "before")
"""What the address of a list of tasks may say."""

OPEN = "open"
"""What the filter of states calls all that is still to be done."""


def all_tasks(
    ctx: Context, account: Account, state: str, assignee: str, after: str, before: str
) -> Page:
    """The *View all* tab: the account's tasks, open ones first by due date (TSK-3)."""
    team = store.assignees_on(ctx, account.id)
    page = store.tasks_page(
        ctx,
        PAGE,
        account_id=account.id,
        assignee=int(assignee) if assignee in {str(key) for key in team} else None,
        states=_states(state),
        after=after,
        before=before,
    )
    said = {"state": state, "assignee": assignee}
    here = _address("all", **said, after=after, before=before)
    values = {
        **_listed(ctx, page.tasks, here),
        "before": page.before,
        "after": page.after,
        "said": said,
        "colleagues": team,
        "states": STATES,
        "may_write": may(ctx, WRITE),
    }
    return Page("tasks/all.html", _("Tasks"), values)


def my_tasks(ctx: Context, state: str, due: str, account: str, after: str, before: str) -> Page:
    """What the viewer has to do, across all accounts; what is still open unless they ask."""
    me = ctx.viewer.member_id
    accounts = store.accounts_of_assignee(ctx, me, MOST_ACCOUNTS)
    page = store.tasks_page(
        ctx,
        PAGE,
        account_id=account_of(ctx, account).id if account in accounts else None,
        assignee=me,
        states=_states(state or OPEN),
        due=_span(ctx, due),
        after=after,
        before=before,
    )
    said = {"state": state, "due": due, "account": account}
    here = _address("mine", **said, after=after, before=before)
    values = {
        **_listed(ctx, page.tasks, here),
        "before": page.before,
        "after": page.after,
        "said": said,
        "accounts": accounts,
        "states": STATES,
        "may_write": may(ctx, WRITE),
    }
    return Page("tasks/mine.html", _("My tasks"), values)


def board(ctx: Context, account: Account) -> Page:
    """The account's tasks in a column for each state (TSK-3)."""
    return Page("tasks/board.html", _("Board of tasks"), _columns(ctx, account.id, "board"))


def firm_board(ctx: Context) -> Page:
    """All tasks that the viewer may see, in a column for each state (TSK-3)."""
    return Page("tasks/board.html", _("Board of tasks"), _columns(ctx, None, "firm_board"))


def new_task(ctx: Context, account: Account, form: Form[NewTask]) -> Page:
    """The page with the form for a new task on the account."""
    return _task_form(ctx, _offering(ctx, form, account.id), _("New task"))


def make(ctx: Context, account: Account, value: NewTask) -> Redirect:
    """Makes the task and shows it."""
    return _to_task(actions.make_task(ctx, account, value), _("The task is made."))


def new_own_task(ctx: Context, form: Form[NewTask]) -> Page:
    """The page with the form for a task that is on no account."""
    return _task_form(ctx, _offering(ctx, form, None), _("New task without a client"))


def make_own(ctx: Context, value: NewTask) -> Redirect:
    """Makes the task and shows it."""
    return _to_task(actions.make_task(ctx, None, value), _("The task is made."))


def one_task(ctx: Context, task: str) -> Page:
    """A task with all that it says, and its checklist."""
    found = store.task_of(ctx, task)
    values = {
        "task": found,
        "state": state_of(found),
        "steps": steps_of(ctx, found, "task"),
        "priority": PRIORITIES[found.priority],
        "repeats": REPEATS[found.repeats],
        "subtasks": store.subtasks_of(ctx, found),
        "overdue": found.is_overdue(ctx.today),
        "may_change": actions.may_change(ctx, found),
        "may_delete": actions.may_delete(ctx, found),
    }
    return Page("tasks/task.html", found.name, values, _account(ctx, found))


def edit_task(ctx: Context, task: str, form: Form[EditedTask]) -> Page:
    """The page with the form that changes a task."""
    found = store.task_of(ctx, task)
    actions.demand_change(ctx, found)
    filled = form.starting_from(version=found.version, **actions.typed(ctx, found))
    offered = actions.assignable(ctx, found.account_id, found.assignees)
    return _task_form(ctx, filled.offering(assignees=_choices(offered)), _("Edit task"), found)


def save(ctx: Context, task: str, value: EditedTask) -> Redirect:
    """Saves the changed task."""
    actions.change_task(ctx, store.task_of(ctx, task), value)
    return _to_task(task, _("The task is saved."))


def set_state(ctx: Context, task: str, state: str, seen: str, back: str) -> Redirect:
    """Changes the task's state and leads back to the page that showed it (TSK-2)."""
    if state not in set(TaskState):
        raise NotFound
    found = store.task_of(ctx, task)
    known = TaskState(seen) if seen in set(TaskState) else None
    actions.set_state(ctx, found, TaskState(state), known)
    notice = _("{task} is now: {state}.", task=found.name, state=STATES[TaskState(state)][0])
    return Redirect(_back(found, back), notice)


def tick(ctx: Context, task: str, subtask: str, done: str) -> Redirect:
    """Ticks a step of the checklist, or takes its tick away."""
    if done not in ("done", "open"):
        raise NotFound
    actions.tick(ctx, store.task_of(ctx, task), subtask, done=done == "done")
    return Redirect(To("tasks.task", {"task": task}))


def confirm_deletion(ctx: Context, task: str, form: Form[DeleteTask]) -> Page:
    """The page that asks before a task is deleted."""
    found = store.task_of(ctx, task)
    actions.demand_deletion(ctx, found)
    filled = form.starting_from(version=found.version)
    values = {"form": filled, "task": found}
    return Page("tasks/delete.html", _("Delete task"), values, _account(ctx, found))


def delete(ctx: Context, task: str, value: DeleteTask) -> Redirect:
    """Deletes the task."""
    found = store.task_of(ctx, task)
    actions.delete_task(ctx, found, value.version)
    return Redirect(_back(found, "all"), _("The task is deleted."))


def _states(said: str) -> Sequence[TaskState]:
    if said == OPEN:
        return [state for state in TaskState if state.open]
    return [TaskState(said)] if said in set(TaskState) else []


def _span(ctx: Context, said: str) -> tuple[int, int] | None:
    today = ctx.today.toordinal()
    spans = {
        "overdue": (0, today - 1),
        "week": (today, today + 6 - ctx.today.weekday()),
        "none": (NO_DAY, NO_DAY),
    }
    return spans.get(said)


def _listed(ctx: Context, tasks: Sequence[Task], back: str) -> dict[str, object]:
    return {"tasks": [(task, state_of(task), steps_of(ctx, task, back)) for task in tasks]}


def _columns(ctx: Context, account_id: int | None, back: str) -> dict[str, object]:
    columns = []
    for state, (word, _tone) in STATES.items():
        page = store.tasks_page(ctx, ON_BOARD, account_id=account_id, states=[state])
        listed = _listed(ctx, page.tasks, back)["tasks"]
        columns.append({"state": state, "word": word, "tasks": listed, "more": bool(page.after)})
    return {"columns": columns, "most": ON_BOARD, "may_write": may(ctx, WRITE)}


def _offering(ctx: Context, form: Form[NewTask], account_id: int | None) -> Form[NewTask]:
    offered = actions.assignable(ctx, account_id, {})
    filled = form.starting_from(
        state=TaskState.PLANNED, priority="normal", assignees=[str(ctx.viewer.member_id)]
    )
    return filled.offering(assignees=_choices(offered))


def _choices(members: Mapping[int, str]) -> Sequence[Choice]:
    return [Choice(value=str(key), label=name) for key, name in members.items()]


def _task_form(
    ctx: Context, form: Form[NewTask] | Form[EditedTask], title: Words, task: Task | None = None
) -> Page:
    values = {"form": form, "task": task}
    return Page("tasks/form.html", title, values, _account(ctx, task) if task else None)


def _account(ctx: Context, task: Task) -> Account | None:
    return account_of(ctx, task.account_public_id) if task.account_id is not None else None


def _to_task(public_id: str, notice: Words) -> Redirect:
    return Redirect(To("tasks.task", {"task": public_id}), notice)


def _address(page: str, **said: str) -> str:
    """What a step says of the list that shows it: which one, and what its filters say."""
    query = urlencode({name: text for name, text in said.items() if text})
    return f"{page}?{query}" if query else page


def _back(task: Task, address: str) -> To:
    """The page that showed the task, or where that is not known the task itself."""
    page, _mark, query = address.partition("?")
    said = {name: text for name, text in parse_qsl(query) if name in FILTERS}
    if page == "overview" and task.account_id is not None:
        return To("shell.overview", {"account": task.account_public_id})
    if page in ("all", "board") and task.account_id is not None:
        return To(f"tasks.{page}", {**said, "account": task.account_public_id})
    if page == "home":
        return To("shell.home")
    if page in ("mine", "firm_board"):
        return To(f"tasks.{page}", said)
    return To("tasks.mine") if page == "all" else To("tasks.task", {"task": task.public_id})
