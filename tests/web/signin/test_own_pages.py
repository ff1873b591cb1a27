"""A person's own pages: password, address, sessions; and that they are theirs alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import copy_of, elements, form_of, is_signed_in, send, sign_in
from tests.web.signin.acting import Outbox, plain_text, without_secrets
from web.signin.pages.moments import browser_name
from web.signin.people import add_person
from web.signin.rows import CredentialRow

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.store.database import Store

NEW = "another horse entirely"
NEW_ADDRESS = "olga@new.example"
MONDAY = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_a_new_password_keeps_this_session_under_a_new_token(
    app: Flask, client: FlaskClient, outbox: Outbox
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, ADDRESS)
    thief = copy_of(app, client)
    assert send(client, "/me/password", current=PASSWORD, password=NEW).location == "/me"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(thief)
    sign_in(elsewhere, ADDRESS, NEW)
    assert is_signed_in(elsewhere)
    assert [mail["Subject"] for mail in outbox.mails(ADDRESS)] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("current", "password", "sentence"),
    [
        ("wrong horse battery", NEW, "This is not your password"),
        ("", NEW, "Please fill in"),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, ADDRESS, "everybody knows it"),
        (PASSWORD, "1234567890", "easily guessed"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(
    app: Flask, client: FlaskClient, current: str, password: str, sentence: str
) -> None:
    answer = send(client, "/me/password", current=current, password=password)
    assert answer.status_code == 422
    assert sentence in answer.text
    typed = elements(answer.text, "input", type="password")
    assert [field.get("value") for field in typed] == ["", ""]
    sign_in(elsewhere := app.test_client(), ADDRESS)
    assert is_signed_in(elsewhere)


def test_the_address_changes_when_the_new_one_is_confirmed(
    app: Flask, client: FlaskClient, outbox: Outbox
) -> None:
    send(client, "/me/address", address=NEW_ADDRESS)
    assert NEW_ADDRESS in plain_text(outbox.mails(ADDRESS)[-1])
    path = outbox.path(NEW_ADDRESS)
    stranger = app.test_client()
    assert stranger.get(path).status_code == 200
    sign_in(stranger, ADDRESS)
    assert is_signed_in(stranger)
    assert send(stranger, path).location == "/sign-in"
    assert not is_signed_in(client)
    assert not is_signed_in(stranger)
    sign_in(stranger, ADDRESS)
    assert not is_signed_in(stranger)
    sign_in(stranger, NEW_ADDRESS)
    assert is_signed_in(stranger)
    assert outbox.mails(ADDRESS)[-1]["Subject"] == "Your sign-in address was changed"
    assert stranger.get(path).status_code == 404


def test_nobody_learns_whether_an_address_is_taken(
    client: FlaskClient, store: Store, outbox: Outbox
) -> None:
    taken_address = "anna@firm.example"
    anna = add_person(store, taken_address, PASSWORD)
    free = send(client, "/me/address", address=NEW_ADDRESS)
    taken = send(client, "/me/address", address=taken_address)
    assert taken.status_code == free.status_code == 200
    assert without_secrets(taken.text).replace(taken_address, NEW_ADDRESS) == without_secrets(
        free.text
    )
    assert not outbox.mails(taken_address)
    with store.deployment_transaction(write=False):
        row = CredentialRow.of(store).where(CredentialRow.person_id == anna).get()
    assert row.address == taken_address


def test_an_address_that_was_taken_meanwhile_is_refused(
    client: FlaskClient, store: Store, outbox: Outbox
) -> None:
    send(client, "/me/address", address=NEW_ADDRESS)
    secrets = form_of(client.get(outbox.path(NEW_ADDRESS)).text)
    add_person(store, NEW_ADDRESS, PASSWORD)
    assert client.post(outbox.path(NEW_ADDRESS), data=secrets).status_code == 404
    assert is_signed_in(client)


def test_a_new_password_kills_the_link_for_the_address(client: FlaskClient, outbox: Outbox) -> None:
    send(client, "/me/address", address=NEW_ADDRESS)
    send(client, "/me/password", current=PASSWORD, password=NEW)
    assert client.get(outbox.path(NEW_ADDRESS)).status_code == 404


def test_the_address_is_not_changed_from_a_desk_that_was_left_open(
    app: Flask, store: Store
) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        add_person(store, ADDRESS, PASSWORD)
        client = app.test_client()
        sign_in(client, ADDRESS)
        secrets = form_of(client.get("/me/address").text)
        now.shift(timedelta(minutes=15))
        assert client.get("/me/address").location == "/me/confirm?next=/me/address"
        sent = client.post("/me/address", data={**secrets, "address": NEW_ADDRESS})
        assert sent.location == "/me/confirm?next=/me/address&again=1"


def test_the_sessions_say_where_and_which_is_this_one(app: Flask, client: FlaskClient) -> None:
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    elsewhere.environ_base["HTTP_USER_AGENT"] = FIREFOX
    sign_in(elsewhere, ADDRESS)
    rows = elements(client.get("/me/sessions").text, "li")
    assert [("This one" in row.text) for row in rows] == [False, True]
    assert "Firefox on Linux" in rows[0].text
    assert "203.0.113.7" in rows[0].text
    assert "Europe/Amsterdam" in client.get("/me/sessions").text


def test_ending_one_session_ends_that_one_at_once(app: Flask, client: FlaskClient) -> None:
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, ADDRESS)
    # The latest stands first.
    assert press_end(client, 0).location == "/me/sessions"
    assert [is_signed_in(browser) for browser in browsers] == [True, True, False]
    press_all_others(client)
    assert [is_signed_in(browser) for browser in (*browsers, client)] == [
        False,
        False,
        False,
        True,
    ]
    press_end(client, 0)
    assert not is_signed_in(client)


def test_nobody_ends_the_session_of_somebody_else(
    app: Flask, client: FlaskClient, store: Store
) -> None:
    add_person(store, "eve@firm.example", PASSWORD)
    eve = app.test_client()
    sign_in(eve, "eve@firm.example")
    theirs = elements(client.get("/me/sessions").text, "input", name="session")[0].get("value")
    mine = form_of(eve.get("/me/sessions").text, "/sessions/end")
    for name in (theirs, "", "1", "\x00", "x" * 1_000):
        answer = eve.post("/me/sessions/end", data={**mine, "session": name})
        assert answer.status_code == 404
    assert is_signed_in(client)
    assert is_signed_in(eve)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18 Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "curl/8.5"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_called_by_their_names(agent: str, name: str) -> None:
    assert str(browser_name(agent)) == name


def press_end(client: FlaskClient, row: int) -> TestResponse:
    page = client.get("/me/sessions").text
    name = elements(page, "input", name="session")[row].get("value")
    token = elements(page, "input", name="csrf_token")[0].get("value")
    return client.post("/me/sessions/end", data={"csrf_token": token, "session": name})


def press_all_others(client: FlaskClient) -> None:
    client.post(
        "/me/sessions/end-others",
        data=form_of(client.get("/me/sessions").text, "/end-others"),
    )
