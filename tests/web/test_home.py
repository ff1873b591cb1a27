"""The home page, and the page on which its cards and those of the Overview are arranged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.firms import firm_named
from crm_core.modules import switch_module
from crm_core.testing.builders import an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.web.browsing import elements, form_of, press
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

HOME = "/f/acme/home"
OF_HOME = "/f/acme/arrange/home"
OF_OVERVIEW = "/f/acme/arrange/overview"


def cards(client: FlaskClient, path: str) -> list[str]:
    """The headings of a page's cards, in order."""
    return [e.text for e in elements(client.get(path).text, "h2", class_="") if e.get("id")]


@pytest.fixture
def overview(store: Store, catalog: Catalog, owned_firm: Firm) -> str:
    """The address of a client's Overview."""
    with as_owner(store, catalog, owned_firm) as ctx:
        return f"/f/acme/accounts/{an_account(ctx, 'Bakery').public_id}"


@pytest.fixture
def employee(
    store: Store, catalog: Catalog, owned_firm: Firm, browser_for: Callable[..., FlaskClient]
) -> FlaskClient:
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    return browser_for("emil@firm.example")


def test_one_begins_at_the_home_page(client: FlaskClient, overview: str) -> None:
    for door in ("/", "/f/acme/"):
        answer = client.get(door)
        assert (answer.status_code, answer.location) == (302, HOME)
    assert cards(client, HOME) == ["My tasks", "Latest notes", "New clients"]
    page = client.get(HOME).text
    assert [e.get("href") for e in elements(page, "a") if e.text == "Bakery"] == [overview]
    current = [e.text for e in elements(page, "a") if e.get("aria-current") == "page"]
    assert current == ["Home"]


def test_an_empty_firm_is_told_what_to_do_next(client: FlaskClient, employee: FlaskClient) -> None:
    page = client.get(HOME).text
    for sentence in ("Nothing is waiting for you.", "The firm has no client yet."):
        assert sentence in page
    assert "Add the first client" in page
    theirs = employee.get(HOME).text
    assert "You do not see a client yet." in theirs
    assert "Add the first client" not in theirs


def test_a_module_that_is_off_has_no_card(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, firm_named(store, owned_firm.slug)) as ctx:
        switch_module(ctx, "notes")
    assert cards(client, HOME) == ["My tasks", "New clients"]
    assert "Latest notes" not in client.get(OF_HOME).text


def test_cards_are_moved_left_out_and_shown_again(client: FlaskClient) -> None:
    press(client, OF_HOME, "/shell.newest_clients/up")
    assert cards(client, HOME) == ["My tasks", "New clients", "Latest notes"]
    answer = press(client, OF_HOME, "/tasks.mine/hide")
    assert (answer.status_code, answer.location) == (303, OF_HOME)
    assert cards(client, HOME) == ["New clients", "Latest notes"]
    assert "Left out" in client.get(OF_HOME).text
    press(client, OF_HOME, "/tasks.mine/show")
    assert cards(client, HOME) == ["My tasks", "New clients", "Latest notes"]
    press(client, OF_HOME, "/follow")
    assert cards(client, HOME) == ["My tasks", "Latest notes", "New clients"]


def test_the_first_card_has_no_way_up_and_the_last_none_down(client: FlaskClient) -> None:
    actions = [e.get("action") for e in elements(client.get(OF_HOME).text, "form")]
    moves = [a.removeprefix(f"{OF_HOME}/") for a in actions if a.startswith(OF_HOME)]
    assert [m for m in moves if m.endswith(("/up", "/down"))] == [
        "tasks.mine/down",
        "notes.of_clients/up",
        "notes.of_clients/down",
        "shell.newest_clients/up",
    ]


def test_a_page_without_cards_says_so_and_leads_to_where_they_are_shown_again(
    client: FlaskClient,
) -> None:
    for name in ("tasks.mine", "notes.of_clients", "shell.newest_clients"):
        press(client, OF_HOME, f"/{name}/hide")
    page = client.get(HOME).text
    assert "No module of this firm shows anything here" in page
    assert [e.get("href") for e in elements(page, "a") if e.text == "Arrange these cards"]
    assert "You have left out every card." in client.get(OF_HOME).text


def test_the_overview_is_arranged_and_one_comes_back_to_the_client(
    client: FlaskClient, overview: str
) -> None:
    page = client.get(overview).text
    assert cards(client, overview) == [
        *("Documents", "Tasks", "Approvals", "Signatures", "Login activity", "Notes")
    ]
    arrange = next(e.get("href") for e in elements(page, "a") if e.text == "Arrange these cards")
    down = f"/tasks.latest/down?account={overview.rpartition('/')[2]}"
    assert press(client, arrange, down).location == arrange
    assert cards(client, overview) == [
        *("Documents", "Approvals", "Tasks", "Signatures", "Login activity", "Notes")
    ]
    back = [e.get("href") for e in elements(client.get(arrange).text, "a") if e.text == "Done"]
    assert back == [overview]


def test_the_firms_arrangement_is_that_of_whoever_has_none(
    client: FlaskClient, employee: FlaskClient
) -> None:
    press(client, OF_HOME, "/tasks.mine/hide")
    assert "My tasks" in cards(employee, HOME)
    press(client, OF_HOME, "/for-all")
    assert cards(employee, HOME) == ["Latest notes", "New clients"]
    history = client.get("/f/acme/settings/history").text
    assert "Cards arranged for everybody" in history


def test_an_employee_arranges_their_own_page_alone(
    client: FlaskClient, employee: FlaskClient
) -> None:
    press(employee, OF_HOME, "/tasks.mine/hide")
    assert cards(employee, HOME) == ["Latest notes", "New clients"]
    assert "My tasks" in cards(client, HOME)
    page = employee.get(OF_HOME).text
    assert "/for-all" not in page
    forced = employee.post(f"{OF_HOME}/for-all", data=form_of(page, "/follow"))
    assert forced.status_code == 403


@pytest.mark.parametrize("path", ["nowhere", "info", "home/nothing.here/up", "home/tasks.mine/x"])
def test_what_is_no_card_and_no_page_is_not_there(client: FlaskClient, path: str) -> None:
    address = f"/f/acme/arrange/{path}"
    if path.count("/"):
        data = form_of(client.get(OF_HOME).text, "/tasks.mine/hide")
        assert client.post(address, data=data).status_code == 404
    else:
        assert client.get(address).status_code == 404


def test_a_foreign_client_is_no_way_back(client: FlaskClient) -> None:
    assert client.get(f"{OF_OVERVIEW}?account={'0' * 32}").status_code == 404
    assert client.get(OF_OVERVIEW).status_code == 200


def test_tsk_2_a_task_is_done_from_the_home_page(client: FlaskClient) -> None:
    """TSK-2: the state is changed in place, and one stays on the home page."""
    page = client.get("/f/acme/tasks/new").text
    me = next(e.get("value") for e in elements(page, "input", name="assignees"))
    filled = {**form_of(page), "name": "Call the bank", "assignees": me}
    assert client.post("/f/acme/tasks/new", data=filled).status_code == 303
    assert "Call the bank" in client.get(HOME).text
    page = client.get(HOME).text
    done = next(e.get("formaction") for e in elements(page, "button") if e.text == "Completed")
    answer = client.post(done, data=form_of(page, "back=home"))
    assert answer.location == HOME
    assert "Nothing is waiting for you." in client.get(HOME).text
