"""Tasks: what the firm has to do for its clients and for itself. Clients never see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import (
    Dataset,
    Job,
    ListColumn,
    ListFilter,
    ListOf,
    Manifest,
    Menu,
    Place,
    Reaction,
    Route,
    Scope,
    Section,
    Tab,
    Table,
    When,
    hookimpl,
)
from plugins.tasks import cards, lists, several, views
from plugins.tasks.demo import make_demo_tasks
from plugins.tasks.events import TASK_DUE_SOON, TASK_EVENTS
from plugins.tasks.forms import DeleteTask, EditedTask, NewTask
from plugins.tasks.jobs import announce, make_next
from plugins.tasks.rights import MANAGE, READ, WRITE
from plugins.tasks.rows import AssigneeRow, SubtaskRow, TaskRow
from plugins.tasks.several import SeveralTasks
from plugins.tasks.telling import ASSIGNED, DUE_SOON, tell_due_soon
from plugins.tasks.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Event, NotificationType, Permission

MANIFEST = Manifest(
    name="tasks",
    title=_("Tasks"),
    description=_("What has to be done for a client: by whom, until when, and how far it is."),
    migrations="migrations",
)


@hookimpl
def permissions() -> Iterable[Permission]:
    return (READ, WRITE, MANAGE)


@hookimpl
def models() -> Iterable[Table]:
    return (Table(row=TaskRow), Table(row=AssigneeRow), Table(row=SubtaskRow))


@hookimpl
def datasets() -> Iterable[Dataset]:
    tables = ("tasks_task", "tasks_assignee", "tasks_subtask")
    return (Dataset(name="tasks", tables=tables, demo=make_demo_tasks),)


@hookimpl
def events() -> Iterable[Event]:
    return TASK_EVENTS


@hookimpl
def notification_types() -> Iterable[NotificationType]:
    return (ASSIGNED, DUE_SOON)


@hookimpl
def reactions() -> Iterable[Reaction]:
    soon = Reaction(
        name="tell",
        title=_("Tasks that are due soon"),
        to=(TASK_DUE_SOON,),
        when=When.AFTER,
        act=tell_due_soon,
    )
    return (soon,)


@hookimpl
def jobs() -> Iterable[Job]:
    day = timedelta(days=1)
    return (
        Job(name="next", title=_("Tasks that repeat"), every=day, act=make_next),
        Job(name="announce", title=_("Tasks that are due soon"), every=day, act=announce),
    )


@hookimpl
def sections() -> Iterable[Section]:
    return (
        Section(
            name="latest",
            title=_("Tasks"),
            place=Place.OVERVIEW,
            load=cards.latest,
            needs=READ,
            all_route="all",
            order=20,
        ),
        Section(
            name="mine",
            title=_("My tasks"),
            place=Place.HOME,
            load=cards.next_of_mine,
            needs=READ,
            all_route="mine",
            order=20,
        ),
    )


@hookimpl
def routes() -> Iterable[Route]:
    return (*_of_an_account(), *_of_the_firm(), *_of_a_task())


def _of_an_account() -> Iterable[Route]:
    return (
        Route(
            name="all",
            scope=Scope.ACCOUNT,
            needs=READ,
            view=views.all_tasks,
            query=("state", "assignee", "after", "before"),
            tab=Tab(title=_("Tasks"), order=20),
        ),
        Route(name="board", path="board", scope=Scope.ACCOUNT, needs=READ, view=views.board),
        Route(
            name="several",
            path="several",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            view=several.choose,
            form=SeveralTasks,
            submit=several.change,
        ),
        Route(
            name="new",
            path="new",
            scope=Scope.ACCOUNT,
            needs=WRITE,
            view=views.new_task,
            form=NewTask,
            submit=views.make,
        ),
    )


def _of_the_firm() -> Iterable[Route]:
    return (
        Route(
            name="mine",
            scope=Scope.FIRM,
            needs=READ,
            view=views.my_tasks,
            query=("state", "due", "account", "after", "before"),
            menu=Menu(title=_("My tasks"), order=20),
        ),
        Route(name="firm_board", path="board", scope=Scope.FIRM, needs=READ, view=views.firm_board),
        Route(
            name="several_of_mine",
            path="several",
            scope=Scope.FIRM,
            needs=WRITE,
            view=several.choose_mine,
            form=SeveralTasks,
            submit=several.change_mine,
        ),
        Route(
            name="new_own",
            path="new",
            scope=Scope.FIRM,
            needs=WRITE,
            view=views.new_own_task,
            form=NewTask,
            submit=views.make_own,
        ),
    )


def _of_a_task() -> Iterable[Route]:
    return (
        Route(name="task", path="<task>", scope=Scope.FIRM, needs=READ, view=views.one_task),
        Route(
            name="edit",
            path="<task>/edit",
            scope=Scope.FIRM,
            needs=WRITE,
            view=views.edit_task,
            form=EditedTask,
            submit=views.save,
        ),
        Route(
            name="state",
            path="<task>/state/<state>",
            scope=Scope.FIRM,
            needs=WRITE,
            submit=views.set_state,
            query=("seen", "back"),
        ),
        Route(
            name="tick",
            path="<task>/steps/<subtask>/<done>",
            scope=Scope.FIRM,
            needs=WRITE,
            submit=views.tick,
        ),
        Route(
            name="delete",
            path="<task>/delete",
            scope=Scope.FIRM,
            needs=WRITE,
            view=views.confirm_deletion,
            form=DeleteTask,
            submit=views.delete,
        ),
    )


@hookimpl
def list_columns() -> Iterable[ListColumn]:
    return (
        ListColumn(
            name="open",
            title=_("Open tasks"),
            of=ListOf.ACCOUNTS,
            needs=READ,
            load=lists.open_tasks,
            amount=True,
        ),
    )


@hookimpl
def list_filters() -> Iterable[ListFilter]:
    return (
        ListFilter(
            name="with",
            title=_("Tasks"),
            of=ListOf.ACCOUNTS,
            needs=READ,
            choices=lists.choices,
            find=lists.with_tasks,
        ),
    )
