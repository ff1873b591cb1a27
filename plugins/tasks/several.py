"""Changing several tasks at once (TSK-3): what is asked, the pages, and the change itself."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the form is read by its types
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import Choice, Input, NotFound, Page, Redirect, Refused, To, audit, counted_words_of
from crm_core.forms import ask, day_typed
from plugins.tasks import actions, saving, store
from plugins.tasks.events import TASKS_CHANGED
from plugins.tasks.telling import tell_assigned
from plugins.tasks.values import STATES, Task, TaskState
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from crm_core import Context, Form, Words
    from crm_core.accounts import Account

_n = counted_words_of("tasks")

OFFERED = 100
"""How many open tasks one can choose from, those that are due first."""


@frozen
class SeveralTasks:
    """Tasks, by public id, and what becomes of them; what is empty stays as it is."""

    state: str = ask(
        _("State"),
        default="",
        input=Input.CHOICE,
        choices=(
            Choice(value="", label=_("As it is")),
            *(Choice(value=s, label=word) for s, (word, _tone) in STATES.items()),
        ),
    )
    assignee: str = ask(
        _("Assigned to"),
        default="",
        input=Input.CHOICE,
        help=_("Who is chosen takes them over from everybody who has them now."),
    )
    due: date | None = ask(_("Due date"), default=None, input=Input.DATE, read=day_typed)
    tasks: tuple[str, ...] = ask(_("Tasks"), input=Input.SEVERAL, longest=10_000)


def choose(ctx: Context, account: Account, form: Form[SeveralTasks]) -> Page:
    """The page on which several tasks of the account are chosen and changed."""
    page = store.tasks_page(ctx, OFFERED, account_id=account.id, states=_OPEN)
    back = To("tasks.all", {"account": account.public_id})
    return _form_page(_offering(ctx, form, page.tasks, account.id), back)


def choose_mine(ctx: Context, form: Form[SeveralTasks]) -> Page:
    """The page on which several of one's own tasks, of all accounts, are chosen and changed."""
    page = store.tasks_page(ctx, OFFERED, assignee=ctx.viewer.member_id, states=_OPEN)
    return _form_page(_offering(ctx, form, page.tasks, None), To("tasks.mine"))


def change(ctx: Context, account: Account, value: SeveralTasks) -> Redirect:
    """Changes the chosen tasks and leads back to the account's."""
    notice = change_several(ctx, value, account)
    return Redirect(To("tasks.all", {"account": account.public_id}), notice)


def change_mine(ctx: Context, value: SeveralTasks) -> Redirect:
    """Changes the chosen tasks and leads back to one's own."""
    return Redirect(To("tasks.mine"), change_several(ctx, value, None))


def change_several(ctx: Context, value: SeveralTasks, account: Account | None) -> Words:
    """Changes all of these tasks, or none of them; answers what was done.

    Refuses where the viewer may not change one, or one cannot be as it should. The history has one
    entry for all.
    """
    tasks = [store.task_of(ctx, public_id) for public_id in dict.fromkeys(value.tasks)]
    if account and any(task.account_id != account.id for task in tasks):
        raise NotFound
    if not tasks:
        raise Refused(_("Choose at least one task."), at="tasks")
    after: dict[str, Any] = {}
    if value.state:
        if value.state not in set(TaskState):
            raise Refused(_("Choose one of the states."), at="state")
        after["state"] = TaskState(value.state)
    if value.due:
        after["due"] = value.due
    if not after and not value.assignee:
        raise Refused(_("Say what is to be changed: the state, who does it, or the due date."))
    accounts = {task.account_id for task in tasks} if value.assignee else set()
    names = {account_id: _names(ctx, account_id) for account_id in accounts}
    for task in tasks:
        actions.demand_change(ctx, task)
        _change(ctx, task, value, after)
        if value.assignee:
            _hand_over(ctx, task, value.assignee, names[task.account_id])
    told: dict[str, Any] = {name: str(said) for name, said in after.items()}
    if value.assignee:
        told["assignees"] = [names[tasks[0].account_id][value.assignee]]
    audit.record(
        ctx,
        TASKS_CHANGED,
        account_id=account.id if account else None,
        after={"count": len(tasks), **told},
    )
    return _n("{count} task is changed.", "{count} tasks are changed.", count=len(tasks))


def _change(ctx: Context, task: Task, value: SeveralTasks, after: dict[str, Any]) -> None:
    if value.due and task.starts and value.due < task.starts:
        raise Refused(
            _("{task} starts after this date: {day}.", task=task.name, day=str(task.starts)),
            at="due",
        )
    first = value.due if value.due and task.repeats else task.first_due
    if after and not saving.change_task(ctx, task, task.version, first_due=first, **after):
        raise Refused(_("Somebody else has just changed {task}. Try again.", task=task.name))


def _hand_over(ctx: Context, task: Task, assignee: str, offered: Mapping[str, str]) -> None:
    if assignee not in offered:
        raise Refused(
            _("Who is chosen may not see the client of {task}.", task=task.name), at="assignee"
        )
    saving.set_assignees(ctx, task.id, [int(assignee)])
    tell_assigned(ctx, task, {int(assignee)} - set(task.assignees))


_OPEN = [state for state in TaskState if state.open]


def _names(ctx: Context, account_id: int | None) -> dict[str, str]:
    offered = actions.assignable(ctx, account_id, {})
    return {str(member): name for member, name in offered.items()}


def _offering(
    ctx: Context, form: Form[SeveralTasks], tasks: Sequence[Task], account_id: int | None
) -> Form[SeveralTasks]:
    colleagues = actions.assignable(ctx, account_id, {}).items()
    changeable = [task for task in tasks if actions.may_change(ctx, task)]
    return form.offering(
        tasks=[Choice(value=task.public_id, label=_label(task)) for task in changeable],
        assignee=[
            Choice(value="", label=_("As it is")),
            *(Choice(value=str(member), label=name) for member, name in colleagues),
        ],
    )


def _label(task: Task) -> str:
    return f"{task.name} ({task.account})" if task.account else task.name


def _form_page(form: Form[SeveralTasks], back: To) -> Page:
    values = {"form": form, "back": back, "most": OFFERED}
    return Page("tasks/several.html", _("Change several tasks"), values)
