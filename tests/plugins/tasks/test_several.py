"""Several tasks changed at once (TSK-3): all of them, or none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from crm_core.audit import history
from crm_core.refusals import NotAllowed, NotFound, Refused
from crm_core.testing.builders import an_account
from plugins.tasks.several import SeveralTasks, change_several
from plugins.tasks.values import TaskState
from tests.web.browsing import elements, send

if TYPE_CHECKING:
    from tests.plugins.tasks.people import Practice


def test_tsk_3_several_are_changed_on_a_page_and_told_once(practice: Practice) -> None:
    first, second, other = (practice.make(name) for name in ("first", "second", "other"))
    assert f"{practice.tab}/several" in practice.owner.get(practice.tab).text
    with practice.as_owner() as ctx:
        me = str(ctx.viewer.member_id)
    answer = send(
        practice.owner,
        f"{practice.tab}/several",
        tasks=[first.public_id, second.public_id],
        state="waiting",
        assignee=me,
        due="2030-03-09",
    )
    page = practice.owner.get(answer.headers["Location"]).text
    assert "2 tasks are changed." in page
    for task in (first, second):
        now = practice.now(task)
        assert (now.state, now.due) == (TaskState.WAITING, date(2030, 3, 9))
        assert list(now.assignees.values()) == ["Olga Owner"]
    assert practice.now(other) == other
    with practice.as_owner() as ctx:
        (entry,) = (e for e in history(ctx).entries if e.event == "tasks.tasks_changed")
    assert entry.after["count"] == 2


def test_tsk_3_ones_own_are_changed_across_clients(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        me = str(ctx.viewer.member_id)
    mine = practice.make("mine", assignees=(me,))
    internal = practice.make("internal", assignees=(me,), internal=True)
    practice.make("not mine")
    html = practice.owner.get(f"{practice.mine}/several").text
    boxes = [e.get("value") for e in elements(html, "input") if e.get("name") == "tasks"]
    assert boxes == [mine.public_id, internal.public_id]
    send(practice.owner, f"{practice.mine}/several", tasks=boxes, state="completed")
    assert {practice.now(t).state for t in (mine, internal)} == {TaskState.COMPLETED}
    assert "There is nothing to choose from." in practice.owner.get(f"{practice.mine}/several").text


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({}, "Say what is to be changed"),
        ({"tasks": (), "state": "waiting"}, "Choose at least one"),
        ({"state": "sleeping"}, "one of the states"),
        ({"assignee": "999"}, "may not see the client"),
        ({"due": date(2030, 1, 1)}, "starts after this date"),
    ],
)
def test_tsk_3_what_makes_no_sense_is_refused(
    practice: Practice, wish: dict[str, object], said: str
) -> None:
    task = practice.make("VAT", starts=date(2030, 3, 1))
    value = SeveralTasks(**{"tasks": (task.public_id,), **wish})  # type: ignore[arg-type]
    with practice.as_owner() as ctx, pytest.raises(Refused, match=said):
        change_several(ctx, value, practice.account)
    assert practice.now(task) == task


def test_tsk_3_nothing_is_changed_where_one_of_them_may_not_be(practice: Practice) -> None:
    employee = practice.employ("emil@firm.example")
    own = practice.make("own", by=employee)
    others = practice.make("a colleague's")
    wish = SeveralTasks(tasks=(own.public_id, others.public_id), state="completed")
    with pytest.raises(NotAllowed), practice.as_person(employee) as ctx:
        change_several(ctx, wish, practice.account)
    assert practice.now(own).state is TaskState.PLANNED


def test_tsk_3_a_client_has_its_own_tasks_changed_alone(practice: Practice) -> None:
    task = practice.make("VAT")
    with practice.as_owner() as ctx:
        other = an_account(ctx, "Butcher")
        with pytest.raises(NotFound):
            wish = SeveralTasks(tasks=(task.public_id,), state="completed")
            change_several(ctx, wish, other)
    assert practice.now(task) == task
