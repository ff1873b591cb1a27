"""Tasks that come again by a calendar rule, and those that are announced (TSK-1, TSK-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from attrs import evolve

from crm_core.account_changes import archive_account, bring_account_back
from crm_core.accounts import account_of
from crm_core.loading import Source
from crm_core.modules import switch_module
from crm_core.refusals import Refused
from crm_core.testing.builders import an_account, as_owner
from crm_core.words import words_of
from crm_core.work import Happened, Reaction, When
from crm_core.working import Worker
from plugins.tasks import actions, plugin, store
from plugins.tasks.events import TASK_DUE_SOON
from plugins.tasks.forms import EditedTask, NewTask
from plugins.tasks.repeating import Repeat, due_after, rule_of
from plugins.tasks.values import Task, TaskState
from tests.plugins.tasks.people import names_on
from tests.web.browsing import send
from tests.web.plugins import Trial, a_plugin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.tasks.people import Practice
    from web.settings import Settings

_ = words_of("tests")
START = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)


def night(practice: Practice, day: date) -> None:
    """What the worker does in the night that begins this day, in the firm's zone."""
    with time_machine.travel(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), tick=False):
        worker = Worker(store=practice.store, catalog=practice.catalog)
        worker.plan()
        worker.work()


def owner_of_the(practice: Practice) -> str:
    """How the form calls the owner."""
    with practice.as_owner() as ctx:
        return str(ctx.viewer.member_id)


def all_tasks(practice: Practice) -> list[Task]:
    """The account's tasks, open ones by due date."""
    with practice.as_owner() as ctx:
        page = store.tasks_page(ctx, 100, account_id=practice.account.id)
        return list(page.tasks)


def dues(practice: Practice) -> list[str]:
    """The due dates of the account's tasks."""
    return sorted(str(task.due) for task in all_tasks(practice))


def test_tsk_1_the_next_one_is_made_on_schedule_even_if_the_last_is_open(
    practice: Practice,
) -> None:
    with time_machine.travel(START, tick=False):
        first = practice.make(
            "VAT",
            due=date(2030, 1, 31),
            repeats=Repeat.MONTHLY,
            checklist="Check\nFile",
            assignees=(owner_of_the(practice),),
            description="All of it",
        )
    with practice.as_owner() as ctx:
        actions.tick(ctx, first, store.subtasks_of(ctx, first)[0].public_id, done=True)
        actions.set_state(ctx, first, TaskState.IN_PROGRESS)
    night(practice, date(2030, 1, 30))
    assert dues(practice) == ["2030-01-31"]
    night(practice, date(2030, 1, 31))
    assert dues(practice) == ["2030-01-31", "2030-02-28"]
    night(practice, date(2030, 2, 1))
    assert len(all_tasks(practice)) == 2, "it comes once"
    second = all_tasks(practice)[1]
    with practice.as_owner() as ctx:
        steps = store.subtasks_of(ctx, second)
    assert [(step.text, step.done) for step in steps] == [("Check", False), ("File", False)]
    assert (second.state, second.description) == (TaskState.PLANNED, "All of it")
    assert list(second.assignees.values()) == ["Olga Owner"]
    assert second.first_due == date(2030, 1, 31), "so that March is due on its 31st again"
    assert all_tasks(practice)[0].repeats is Repeat.NEVER
    night(practice, date(2030, 2, 28))
    assert dues(practice)[-1] == "2030-03-31"


def test_tsk_1_it_is_made_on_its_start_day_where_it_has_one(practice: Practice) -> None:
    practice.make("VAT", starts=date(2030, 1, 21), due=date(2030, 1, 31), repeats=Repeat.MONTHLY)
    night(practice, date(2030, 2, 17))
    assert len(all_tasks(practice)) == 1
    night(practice, date(2030, 2, 18))
    assert [str(t.starts) for t in all_tasks(practice)] == ["2030-01-21", "2030-02-18"]


def test_tsk_1_what_nobody_made_for_a_while_is_made_up_for(practice: Practice) -> None:
    practice.make("VAT", due=date(2030, 1, 31), repeats=Repeat.QUARTERLY)
    night(practice, date(2030, 8, 1))
    assert dues(practice) == ["2030-01-31", "2030-04-30", "2030-07-31", "2030-10-31"]


@pytest.mark.parametrize(
    ("repeats", "first", "expected"),
    [
        (Repeat.DAILY, "2030-03-01", ["2030-03-02", "2030-03-03"]),
        (Repeat.WEEKDAYS, "2030-03-01", ["2030-03-04", "2030-03-05"]),
        (Repeat.WEEKLY, "2030-03-01", ["2030-03-08", "2030-03-15"]),
        (Repeat.FORTNIGHTLY, "2030-03-01", ["2030-03-15", "2030-03-29"]),
        (Repeat.MONTHLY, "2031-12-30", ["2032-01-30", "2032-02-29", "2032-03-30"]),
        (Repeat.MONTH_END, "2030-01-31", ["2030-02-28", "2030-03-31"]),
        (Repeat.MONTH_END, "2030-01-10", ["2030-01-31", "2030-02-28"]),
        (Repeat.QUARTERLY, "2030-11-30", ["2031-02-28", "2031-05-30"]),
        (Repeat.YEARLY, "2032-02-29", ["2033-02-28", "2034-02-28", "2035-02-28", "2036-02-29"]),
        (Repeat.YEARLY, "2030-04-01", ["2031-04-01", "2032-04-01"]),
    ],
)
def test_tsk_1_rules_are_those_of_the_calendar(
    repeats: Repeat, first: str, expected: list[str]
) -> None:
    found, due = [], date.fromisoformat(first)
    for _time in expected:
        following = due_after(repeats, date.fromisoformat(first), due)
        assert following is not None
        due = following
        found.append(str(due))
    assert found == expected
    assert rule_of(repeats, date.fromisoformat(first)).startswith("FREQ=")


def test_tsk_1_the_page_says_when_it_comes_again_and_an_edit_ends_it(practice: Practice) -> None:
    answer = send(
        practice.owner, f"{practice.tab}/new", name="VAT", due="2030-01-31", repeats="monthly"
    )
    page = practice.owner.get(answer.headers["Location"]).text
    assert "Every month" in page
    assert "28 Feb 2030" in page.replace("\u202f", " ")
    (task,) = all_tasks(practice)
    with practice.as_owner() as ctx:
        typed = {**actions.typed(ctx, task), "due": task.due, "starts": None, "assignees": ()}
        edited = EditedTask(**{**typed, "repeats": Repeat.NEVER}, version=task.version)  # type: ignore[arg-type]
        actions.change_task(ctx, task, edited)
    assert "Every month" not in practice.owner.get(practice.page(task)).text
    night(practice, date(2031, 1, 1))
    assert len(all_tasks(practice)) == 1


def test_tsk_1_what_repeats_needs_a_due_date(practice: Practice) -> None:
    with practice.as_owner() as ctx, pytest.raises(Refused, match="needs a due date") as refused:
        actions.make_task(ctx, practice.account, NewTask(name="VAT", repeats=Repeat.DAILY))
    assert refused.value.at == "due"


def test_tsk_1_nothing_comes_for_an_archived_client_or_while_the_module_is_off(
    practice: Practice,
) -> None:
    practice.make("VAT", due=date(2030, 1, 31), repeats=Repeat.MONTHLY)
    with practice.as_owner() as ctx:
        archive_account(ctx, practice.account)
    night(practice, date(2030, 2, 1))
    assert len(all_tasks(practice)) == 1
    with practice.as_owner() as ctx:
        bring_account_back(ctx, account_of(ctx, practice.account.public_id))
        switch_module(ctx, "tasks")
    night(practice, date(2030, 2, 2))
    assert len(all_tasks(practice)) == 1
    practice.firm = evolve(practice.firm, switched_off=frozenset({"tasks"}))
    with practice.as_owner() as ctx:
        switch_module(ctx, "tasks")
    night(practice, date(2030, 2, 3))
    assert dues(practice) == ["2030-01-31", "2030-02-28"]


def test_tsk_1_a_series_ends_with_its_latest_task(practice: Practice) -> None:
    task = practice.make("VAT", due=date(2030, 1, 31), repeats=Repeat.MONTHLY)
    assert "does not come again" in practice.owner.get(f"{practice.page(task)}/delete").text
    with practice.as_owner() as ctx:
        actions.delete_task(ctx, task, task.version)
    night(practice, date(2030, 2, 3))
    assert names_on(practice.owner.get(practice.tab).text) == []


def test_tsk_2_assignees_are_told_three_days_before_once_for_each_date(
    settings: Settings, tmp_path: Path
) -> None:
    told: list[Happened] = []
    ears = a_plugin(
        tmp_path,
        "ears",
        reactions=(
            Reaction(
                name="hears",
                title=_("Hears"),
                to=(TASK_DUE_SOON,),
                when=When.AFTER,
                act=lambda _ctx, happened: told.append(happened),
            ),
        ),
    )
    trial = Trial.of(settings, Source(name="tasks", module=plugin), ears)
    store, catalog = trial.deployment.store, trial.deployment.catalog
    with as_owner(store, catalog, trial.firm) as ctx:
        me = ctx.viewer.member_id
        mine = (str(me),)
        account = an_account(ctx, "Butcher")
        for new in (
            NewTask(name="soon", due=date(2030, 2, 4), assignees=mine),
            NewTask(name="later", due=date(2030, 2, 5), assignees=mine),
            NewTask(name="nobody's", due=date(2030, 2, 4)),
            NewTask(name="done", due=date(2030, 2, 4), assignees=mine, state=TaskState.COMPLETED),
        ):
            actions.make_task(ctx, account, new)
    worker = Worker(store=store, catalog=catalog)
    seen = []
    for day in range(4):
        with time_machine.travel(START + timedelta(days=day), tick=False):
            worker.plan()
            worker.work()
        seen.append([happened.after["due"] for happened in told])
    assert seen == [[], ["2030-02-04"], *[["2030-02-04", "2030-02-05"]] * 2]
    assert {member for happened in told for member in happened.after["members"]} == {me}
    trial.deployment.store.close()
