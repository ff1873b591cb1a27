"""A form that is sent twice acts once (quality.md, rule 5)."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
import time_machine

from crm_core.listing.accounts import list_accounts
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS
from crm_core.store.tables import OnceRow
from crm_core.testing.builders import an_account, an_employee, as_owner
from plugins.notes.rows import NoteRow
from tests.conftest import PASSWORD
from tests.web.browsing import form_of, sign_in
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

NEW = "/f/acme/clients/new"
ANNA = {"type": "individual", "first_name": "Anna", "last_name": "Visser"}
KEY = "_once"


@pytest.fixture
def names(store: Store, catalog: Catalog, owned_firm: Firm) -> Callable[[], list[str]]:
    """The names of the firm's accounts, when it is called."""

    def read() -> list[str]:
        with as_owner(store, catalog, owned_firm, write=False) as ctx:
            return [account.name for account in list_accounts(ctx).accounts]

    return read


def filled(client: FlaskClient) -> dict[str, str]:
    return {**form_of(client.get(NEW).text), **ANNA}


def test_the_same_form_sent_twice_acts_once_and_leads_to_the_same_place(
    client: FlaskClient, names: Callable[[], list[str]]
) -> None:
    form = filled(client)
    first = client.post(NEW, data=form)
    second = client.post(NEW, data={**form, "first_name": "Changed"})
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert client.get(second.location).status_code == 200
    assert names() == ["Anna Visser"]


def test_two_at_once_act_once(
    app: Flask, client: FlaskClient, store: Store, names: Callable[[], list[str]]
) -> None:
    form = filled(client)
    cookie = client.get_cookie("__Host-crm")
    assert cookie is not None
    start = Barrier(4)
    answers: list[tuple[int, str | None]] = []

    def post() -> None:
        browser = app.test_client()
        browser.set_cookie("__Host-crm", cookie.value, secure=True, path="/")
        start.wait()
        answer = browser.post(NEW, data=form)
        answers.append((answer.status_code, answer.location))
        store.close()

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names() == ["Anna Visser"]
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert answers[0][0] == 303


def test_a_form_that_was_refused_may_be_sent_again_with_its_key(
    client: FlaskClient, names: Callable[[], list[str]]
) -> None:
    form = filled(client)
    refused = {**form, "type": "business"}
    assert client.post(NEW, data=refused).status_code == 422
    assert client.post(NEW, data=form).status_code == 303
    assert names() == ["Anna Visser"]


def test_another_persons_key_is_another_key(
    app: Flask,
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    names: Callable[[], list[str]],
) -> None:
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS, person_id=person)
    emil = app.test_client()
    sign_in(emil, "emil@firm.example")
    form = filled(client)
    first = client.post(NEW, data=form)
    second = emil.post(NEW, data={**filled(emil), KEY: form[KEY]})
    assert second.location not in (None, first.location)
    assert client.post(NEW, data=form).location == first.location
    assert len(names()) == 2


def test_another_routes_key_is_another_key(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx).public_id
    form = filled(client)
    first = client.post(NEW, data=form)
    write = f"/f/acme/accounts/{account}/notes/new"
    secrets = {**form_of(client.get(write).text), KEY: form[KEY]}
    client.post(write, data={**secrets, "text": "Once"})
    with as_owner(store, catalog, owned_firm) as ctx:
        assert [note.text for note in NoteRow.of(ctx)] == ["Once"]
    assert client.post(NEW, data=form).location == first.location


def test_keys_are_forgotten_after_a_day(
    app: Flask, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with time_machine.travel("2030-03-04 09:00", tick=False) as now:
        client = app.test_client()
        sign_in(client, "olga@firm.example")
        form = filled(client)
        client.post(NEW, data=form)
        for hours, kept in ((11, True), (11, True), (3, False)):
            now.shift(timedelta(hours=hours))
            client.post(NEW, data=filled(client))
            with as_owner(store, catalog, owned_firm) as ctx:
                keys = {row.key for row in OnceRow.of(ctx)}
            assert (form[KEY] in keys) is kept


def test_a_form_without_a_sound_key_is_refused(
    client: FlaskClient, names: Callable[[], list[str]]
) -> None:
    form = filled(client)
    for key in ("", "short", "Z" * 32, "0" * 33, "0" * 32 + "\n"):
        assert client.post(NEW, data={**form, KEY: key}).status_code == 400
    del form[KEY]
    assert client.post(NEW, data=form).status_code == 400
    assert names() == []
