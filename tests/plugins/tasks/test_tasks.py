"""Making, changing and seeing tasks (2.2): in the actions, on the tab, on the Overview."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from crm_core.account_changes import archive_account, delete_account
from crm_core.accounts import account_of
from crm_core.audit import history
from crm_core.permissions import VIEW_ALL_ACCOUNTS
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.testing.builders import an_account
from plugins.tasks import actions
from plugins.tasks import store as tasks_store
from plugins.tasks.forms import EditedTask, NewTask
from plugins.tasks.rights import MANAGE
from plugins.tasks.rows import AssigneeRow, SubtaskRow, TaskRow
from plugins.tasks.values import TaskState
from tests.plugins.tasks.people import choose_state, names_on
from tests.web.browsing import elements, form_of, press, send

if TYPE_CHECKING:
    from tests.plugins.tasks.people import Practice

DAY = date(2030, 3, 6)
NOON = datetime(2030, 3, 6, 12, 0, tzinfo=UTC)
"""A Wednesday."""


def test_a_task_is_made_on_the_page_and_says_all_that_was_typed(practice: Practice) -> None:
    answer = send(
        practice.owner,
        f"{practice.tab}/new",
        name="VAT return",
        description="**Third** quarter",
        due="2030-03-09",
        checklist="Check\n\n  File ",
    )
    html = practice.owner.get(answer.headers["Location"]).text
    for said in ("VAT return", "<strong>Third</strong>", "Olga Owner", "Planned", "Check", "File"):
        assert said in html
    assert "Bakery" in html, "R3: it stands in the client's profile"


def test_o2_the_overview_shows_the_five_latest_planned_or_in_progress(practice: Practice) -> None:
    for number in range(7):
        practice.make(f"Planned {number}")
    practice.make("Running", state=TaskState.IN_PROGRESS)
    for state in TaskState:
        if state not in (TaskState.PLANNED, TaskState.IN_PROGRESS):
            practice.make(f"Not {state}", state=state)
    html = practice.owner.get(practice.overview).text
    assert names_on(html) == ["Running", "Planned 6", "Planned 5", "Planned 4", "Planned 3"]
    assert [e.get("class") for e in elements(html, "button", class_="tag")][:2] == [
        "tag info",
        "tag plain",
    ]


def test_o2_the_due_date_is_told_and_one_that_has_passed_is_marked(practice: Practice) -> None:
    practice.make("Late", due=DAY - timedelta(days=4))
    practice.make("Soon", due=DAY + timedelta(days=1))
    with time_machine.travel(NOON):
        client = practice.browser_for("olga@firm.example")
        html = client.get(practice.overview).text
    assert [e.text for e in elements(html, "b", class_="overdue")] == ["overdue since 2 Mar"]
    assert "due tomorrow" in html


def test_o2_without_tasks_it_says_what_to_do_next(practice: Practice) -> None:
    for page in (practice.overview, practice.tab):
        html = practice.owner.get(page).text
        (start,) = [e for e in elements(html, "a") if e.text == "Plan the first task"]
        assert start.get("href") == f"{practice.tab}/new"


@pytest.mark.parametrize("place", ["overview", "tab", "mine"])
def test_tsk_2_the_state_is_changed_in_place_and_leads_back(practice: Practice, place: str) -> None:
    with practice.as_owner() as ctx:
        me = str(ctx.viewer.member_id)
    task = practice.make("Call", assignees=(me,))
    page = getattr(practice, place)
    answer = choose_state(practice.owner, page, "Call", "Waiting for client")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert practice.now(task).state is TaskState.WAITING


@pytest.mark.parametrize("place", ["tab", "mine"])
def test_tsk_2_a_filtered_list_keeps_its_filters(practice: Practice, place: str) -> None:
    with practice.as_owner() as ctx:
        me = str(ctx.viewer.member_id)
    task = practice.make("Call", assignees=(me,))
    page = f"{getattr(practice, place)}?state=open"
    answer = choose_state(practice.owner, page, "Call", "Waiting for client")
    assert answer.headers["Location"] == page
    said = "mine%3Fstate%3Dopen%26x%3Dhttp%3A//evil.example"
    odd = f"{practice.page(task)}/state/planned?back={said}"
    secrets = form_of(practice.owner.get(page).text, "/sign-out")
    answer = practice.owner.post(odd, data=secrets)
    assert answer.headers["Location"] == f"{practice.mine}?state=open"


def test_tsk_2_a_state_that_somebody_changed_meanwhile_is_not_overwritten(
    practice: Practice,
) -> None:
    task = practice.make("Call")
    with practice.as_owner() as ctx:
        actions.set_state(ctx, task, TaskState.CANCELLED)
        now = tasks_store.task_of(ctx, task.public_id)
        with pytest.raises(Refused, match="It is now: Cancelled"):
            actions.set_state(ctx, now, TaskState.COMPLETED, TaskState.PLANNED)


def test_acc_15_who_saves_second_sees_both_versions(practice: Practice) -> None:
    task = practice.make("Call", checklist="One\nTwo")
    edit = f"{practice.page(task)}/edit"
    assert send(practice.owner, edit, name="Call today").status_code == 303
    answer = send(practice.owner, edit, name="Call tomorrow", version="1")
    assert answer.status_code == 409
    assert "Call today" in answer.text
    assert "Call tomorrow" in answer.text
    with practice.as_owner() as ctx:
        now = tasks_store.task_of(ctx, task.public_id)
        with pytest.raises(Stale):
            actions.change_task(ctx, now, EditedTask(name="X", version=1))


def test_a_subtask_is_ticked_in_place_and_keeps_its_tick_when_the_list_is_edited(
    practice: Practice,
) -> None:
    task = practice.make("File", checklist="One\nTwo")
    with practice.as_owner() as ctx:
        first = tasks_store.subtasks_of(ctx, task)[0]
    answer = press(practice.owner, practice.page(task), f"/steps/{first.public_id}/done")
    assert answer.headers["Location"] == practice.page(task)
    send(practice.owner, f"{practice.page(task)}/edit", checklist="Three\nOne")
    with practice.as_owner() as ctx:
        lines = tasks_store.subtasks_of(ctx, task)
    assert [(line.text, line.done) for line in lines] == [("Three", False), ("One", True)]
    assert choose_state(practice.owner, practice.page(task), "File", "Completed").status_code == 303


def test_dates_that_make_no_sense_are_refused_at_their_field(practice: Practice) -> None:
    answer = send(
        practice.owner, f"{practice.tab}/new", name="X", starts="2030-02-02", due="2030-02-01"
    )
    assert answer.status_code == 422
    assert "The due date is before the start date." in answer.text
    answer = send(practice.owner, f"{practice.tab}/new", name="X", due="2030-02-30")
    assert "This is not a date." in answer.text


def test_tsk_3_the_tab_lists_open_ones_by_due_date_then_closed_ones_page_by_page(
    practice: Practice,
) -> None:
    for number in range(60):
        practice.make(f"no. {number}", due=DAY + timedelta(days=60 - number))
    practice.make("undated")
    practice.make("done", state=TaskState.COMPLETED, due=DAY)
    read, path = [], practice.tab
    while path:
        html = practice.owner.get(path).text
        read += names_on(html)
        path = next((e.get("href") for e in elements(html, "a", rel="next")), "")
    assert read == [*(f"no. {number}" for number in reversed(range(60))), "undated", "done"]


def test_tsk_3_the_tab_is_filtered_by_state_and_assignee(practice: Practice) -> None:
    emil = practice.member(practice.employ("emil@firm.example"))
    practice.make("Emil's", assignees=(emil,))
    practice.make("Closed", state=TaskState.CANCELLED)

    def found(**said: str) -> list[str]:
        return names_on(practice.owner.get(practice.tab, query_string=said).text)

    assert found(state="open") == ["Emil's"]
    assert found(state="cancelled") == ["Closed"]
    assert found(assignee=emil) == ["Emil's"]
    assert found(assignee=emil, state="cancelled") == []
    assert found(assignee="nobody", state="nonsense") == ["Emil's", "Closed"]


def test_tsk_3_my_tasks_are_those_of_all_accounts_filtered_by_due_date_and_account(
    practice: Practice,
) -> None:
    with practice.as_owner() as ctx:
        me = (str(ctx.viewer.member_id),)
        mill = an_account(ctx, "Mill")
        actions.make_task(ctx, mill, NewTask(name="Mill's", assignees=me, due=DAY))
    practice.make("Late", assignees=me, due=DAY - timedelta(days=1))
    practice.make("Undated", assignees=me)
    practice.make("Done", assignees=me, state=TaskState.COMPLETED)
    practice.make("Next week", assignees=me, due=DAY + timedelta(days=5))
    practice.make("Nobody's")
    with time_machine.travel(NOON):
        client = practice.browser_for("olga@firm.example")

        def found(**said: str) -> list[str]:
            return names_on(client.get(practice.mine, query_string=said).text)

        assert found() == ["Late", "Mill's", "Next week", "Undated"]
        assert found(due="overdue") == ["Late"]
        assert found(due="week") == ["Mill's"]
        assert found(due="none") == ["Undated"]
        assert found(state="completed") == ["Done"]
        assert found(account=mill.public_id) == ["Mill's"]
        html = client.get(practice.mine).text
    entry = [e for e in elements(html, "a") if e.text == "My tasks"]
    assert [e.get("aria-current") for e in entry] == ["page"]


def test_tsk_3_the_board_has_a_column_for_each_state_and_moves_tasks(practice: Practice) -> None:
    task = practice.make("Call")
    for page in (f"{practice.tab}/board", f"{practice.mine}/board"):
        before = practice.now(task).state
        word, state = (
            ("In progress", TaskState.IN_PROGRESS)
            if before is TaskState.PLANNED
            else ("Completed", TaskState.COMPLETED)
        )
        answer = choose_state(practice.owner, page, "Call", word)
        assert answer.headers["Location"] == page
        assert practice.now(task).state is state
        html = practice.owner.get(page).text
        (column,) = [s for s in elements(html, "section") if s.text.startswith(word)]
        assert "Call" in column.text


def test_per_1_everybody_sees_and_makes_tasks_on_accounts_that_they_may_see(
    practice: Practice,
) -> None:
    task = practice.make("Of the owner")
    practice.employ("emil@firm.example")
    practice.employ("mia@firm.example", assigned=False)
    emil, mia = (practice.browser_for(f"{who}@firm.example") for who in ("emil", "mia"))
    assert names_on(emil.get(practice.tab).text) == ["Of the owner"]
    assert emil.get(practice.page(task)).status_code == 200
    assert send(emil, f"{practice.tab}/new", name="Of Emil").status_code == 303
    assert mia.get(practice.tab).status_code == 404
    assert mia.get(practice.page(task)).status_code == 404
    assert names_on(mia.get(f"{practice.mine}/board").text) == []


def test_per_1_a_task_without_account_is_seen_by_maker_assignees_owner_and_admins(
    practice: Practice,
) -> None:
    maker, assigned, other = (
        practice.employ(f"{who}@firm.example", VIEW_ALL_ACCOUNTS) for who in ("a", "b", "c")
    )
    member = practice.member(assigned)
    task = practice.make("Internal", by=maker, internal=True, assignees=(member,))
    for person in (maker, assigned):
        with practice.as_person(person) as ctx:
            assert tasks_store.task_of(ctx, task.public_id).name == "Internal"
    assert practice.now(task).name == "Internal"
    with practice.as_person(other) as ctx, pytest.raises(NotFound):
        tasks_store.task_of(ctx, task.public_id)


def test_per_4_the_task_of_others_is_changed_and_deleted_with_the_right_alone(
    practice: Practice,
) -> None:
    task = practice.make("Of the owner")
    plain = practice.employ("emil@firm.example")
    manager = practice.employ("mia@firm.example", MANAGE)
    emil = practice.browser_for("emil@firm.example")
    assert not elements(emil.get(practice.overview).text, "div", class_="state")
    assert emil.get(f"{practice.page(task)}/edit").status_code == 403
    assert emil.get(f"{practice.page(task)}/delete").status_code == 403
    with practice.as_person(plain) as ctx:
        seen = tasks_store.task_of(ctx, task.public_id)
        for act in (
            lambda: actions.set_state(ctx, seen, TaskState.COMPLETED),
            lambda: actions.change_task(ctx, seen, EditedTask(name="Mine", version=1)),
            lambda: actions.tick(ctx, seen, "0" * 32, done=True),
            lambda: actions.delete_task(ctx, seen, 1),
        ):
            with pytest.raises(NotAllowed):
                act()
    with practice.as_person(manager) as ctx:
        actions.delete_task(ctx, tasks_store.task_of(ctx, task.public_id), 1)


def test_who_is_assigned_changes_a_task_and_does_not_delete_it(practice: Practice) -> None:
    person = practice.employ("emil@firm.example")
    task = practice.make("For Emil", assignees=(practice.member(person),))
    with practice.as_person(person) as ctx:
        seen = tasks_store.task_of(ctx, task.public_id)
        actions.set_state(ctx, seen, TaskState.COMPLETED)
        with pytest.raises(NotAllowed):
            actions.delete_task(ctx, seen, 2)


def test_a_task_is_given_only_to_those_who_see_the_client(practice: Practice) -> None:
    other = practice.member(practice.employ("mia@firm.example", assigned=False))
    with pytest.raises(Refused, match="may not see this client"):
        practice.make("X", assignees=(other,))


def test_the_account_takes_its_tasks_along_when_it_is_deleted(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        me = (str(ctx.viewer.member_id),)
    practice.make("Gone", assignees=me, checklist="One")
    practice.make("Stays", internal=True, assignees=me)
    with practice.as_owner() as ctx:
        archive_account(ctx, practice.account)
        account = account_of(ctx, practice.account.public_id)
        delete_account(ctx, account, account.name)
    with practice.as_owner() as ctx:
        assert [row.name for row in TaskRow.of(ctx)] == ["Stays"]
        assert AssigneeRow.of(ctx).count() == 1
        assert SubtaskRow.of(ctx).count() == 0


def test_the_history_tells_what_was_done_and_no_description(practice: Practice) -> None:
    task = practice.make("Call", description="a secret")
    send(practice.owner, f"{practice.page(task)}/edit", name="Call again", description="another")
    choose_state(practice.owner, practice.page(task), "Call again", "Completed")
    send(practice.owner, f"{practice.page(task)}/delete")
    with practice.as_owner() as ctx:
        entries = history(ctx, account_id=practice.account.id).entries
    told = [entry.event for entry in entries if entry.event.startswith("tasks.")]
    assert told == [
        "tasks.task_deleted",
        "tasks.state_changed",
        "tasks.task_changed",
        "tasks.task_made",
    ]
    assert "secret" not in str(entries)


def test_lst_1_clients_are_found_by_their_tasks_and_the_list_counts_open_ones(
    practice: Practice,
) -> None:
    practice.make("Late", due=date(2020, 1, 1))
    practice.make("Closed", state=TaskState.COMPLETED, due=date(2020, 1, 1))
    with practice.as_owner() as ctx:
        an_account(ctx, "Mill")
        actions.make_task(ctx, None, NewTask(name="Late and internal", due=date(2020, 1, 1)))
    clients = f"/f/{practice.firm.slug}/clients"

    def found(chosen: str) -> list[str]:
        html = practice.owner.get(clients, query_string={"tasks.with": chosen}).text
        return [e.text for e in elements(html, "a") if e.text in ("Bakery", "Mill")]

    assert found("overdue") == ["Bakery"]
    assert found("none") == ["Mill"]
    html = practice.owner.get(clients, query_string={"column": "tasks.open"}).text
    cells = [e.text for e in elements(html, "td", class_="amount")]
    assert [text for text in cells if text] == ["1"]
