"""What colleagues are told of tasks: given to them, and due within three days (TSK-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine

from crm_core.inbox import inbox_page, mark_read
from crm_core.working import Worker
from plugins.tasks import actions, several
from plugins.tasks.forms import EditedTask
from plugins.tasks.several import SeveralTasks
from plugins.tasks.values import TaskState

if TYPE_CHECKING:
    from tests.plugins.tasks.people import Practice

START = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)


def told(practice: Practice, person: int) -> list[str]:
    """What this person has not read; then they have."""
    with practice.as_person(person) as ctx:
        entries = inbox_page(ctx, 50, unread=True).entries
        for entry in entries:
            assert entry.to is not None
            mark_read(ctx, entry.public_id)
        return [str(entry.what) for entry in entries]


def test_tsk_2_whoever_is_given_a_task_is_told_and_nobody_else(practice: Practice) -> None:
    anna, bob = practice.employ("anna@x.example"), practice.employ("bob@x.example")
    to_anna, to_bob = ((practice.member(person),) for person in (anna, bob))
    task = practice.make("VAT", assignees=to_anna)
    practice.make("Own", by=anna, assignees=to_anna)
    practice.make("Meeting", internal=True, assignees=to_anna)
    given = "Olga Owner gave you a task: {}"
    assert told(practice, anna) == [given.format("Meeting"), given.format("VAT")]
    with practice.as_owner() as ctx:
        both = EditedTask(name="VAT return", assignees=(*to_anna, *to_bob), version=1)
        actions.change_task(ctx, task, both)
    assert (told(practice, anna), told(practice, bob)) == ([], [given.format("VAT return")])
    handed = SeveralTasks(assignee=to_bob[0], tasks=(practice.make("Tax").public_id,))
    with practice.as_owner() as ctx:
        several.change_several(ctx, handed, practice.account)
    assert (told(practice, anna), told(practice, bob)) == ([], [given.format("Tax")])


def test_tsk_2_those_who_have_a_task_are_told_three_days_before_once_for_its_date(
    practice: Practice,
) -> None:
    anna = practice.employ("anna@x.example")
    with time_machine.travel(START, tick=False):
        mine = (practice.member(anna),)
        soon = practice.make("Soon", due=date(2030, 2, 4), assignees=mine)
        practice.make("Later", due=date(2030, 2, 5), assignees=mine)
        done = practice.make("Done", due=date(2030, 2, 4), assignees=mine)
        told(practice, anna)
    worker = Worker(store=practice.store, catalog=practice.catalog)
    found = []
    for day in range(4):
        with time_machine.travel(START + timedelta(days=day), tick=False):
            worker.plan()
            if day == 1:
                with practice.as_owner() as ctx:
                    actions.set_state(ctx, done, TaskState.COMPLETED)
            worker.work()
            found.append(told(practice, anna))
    assert found == [[], ["Due 2030-02-04: Soon"], ["Due 2030-02-05: Later"], []]
    assert practice.now(soon).state is TaskState.PLANNED
