"""Signing in with a link in a mail, and who is told of attempts to sign in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import element, elements, form_of, is_signed_in, send, sign_in
from tests.web.signin.acting import lock_out, set_up_factor, type_code, without_secrets
from web.signin import brakes
from web.signin.people import set_password
from web.signin.security import on_sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.store.database import Store
    from tests.web.signin.acting import Outbox

MONDAY = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)
TARGET = "/f/acme/clients/new"


def ask(client: FlaskClient, address: str = ADDRESS, path: str = "/sign-in/link") -> TestResponse:
    """Asks for a link."""
    return send(client, path, address=address)


def test_the_link_signs_in_where_one_wanted_to_go(stranger: FlaskClient, outbox: Outbox) -> None:
    """POR-4: sign-in by e-mailed one-time link."""
    sign_in(stranger, ADDRESS, "wrong horse battery")
    page = stranger.get(stranger.get(TARGET).location).text
    leads = [e.get("href") for e in elements(page, "a") if "/sign-in/link" in e.get("href")]
    asking = stranger.get(leads[0]).text
    assert element(asking, "input", name="address").get("value") == ADDRESS
    assert ask(stranger, path=leads[0]).status_code == 200
    path = outbox.path(ADDRESS)
    for _scan in range(3):
        stranger.head(path)
        assert ADDRESS in stranger.get(path).text
    assert not is_signed_in(stranger)
    secrets = form_of(stranger.get(path).text)
    assert stranger.post(path, data=secrets).location == TARGET
    assert is_signed_in(stranger)
    assert stranger.post(path, data=secrets).status_code == stranger.get(path).status_code == 404
    assert "typed" not in _session(stranger)


def test_it_leads_nowhere_but_inside(stranger: FlaskClient, outbox: Outbox) -> None:
    ask(stranger, path="/sign-in/link?next=//evil.example")
    assert "evil" not in outbox.link(ADDRESS)
    assert send(stranger, f"{outbox.path(ADDRESS)}?next=//evil.example").location == "/"


def test_it_lasts_a_quarter_of_an_hour_and_dies_with_the_password(
    stranger: FlaskClient, outbox: Outbox, store: Store, owner_person: int
) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        ask(stranger)
        now.shift(timedelta(minutes=14, seconds=59))
        assert stranger.get(outbox.path(ADDRESS)).status_code == 200
        now.shift(timedelta(seconds=1))
        assert stranger.get(outbox.path(ADDRESS)).status_code == 404
    ask(stranger)
    good = outbox.path(ADDRESS)
    for bad in (f"{good}x", good.replace("/link/", "/reset/"), good[:-1]):
        assert stranger.get(bad).status_code == 404
    secrets = form_of(stranger.get(good).text)
    set_password(store, owner_person, "another horse entirely")
    assert stranger.post(good, data=secrets).status_code == 404
    ask(stranger)
    lock_out(store, owner_person)
    assert stranger.get(outbox.path(ADDRESS)).status_code == 404


def test_a_second_factor_is_asked_after_the_link(
    client: FlaskClient, stranger: FlaskClient, outbox: Outbox
) -> None:
    factor = set_up_factor(client)
    ask(stranger, path=f"/sign-in/link?next={TARGET}")
    assert send(stranger, outbox.path(ADDRESS)).location == "/sign-in/code"
    assert not is_signed_in(stranger)
    assert type_code(stranger, factor.codes[0]).location == TARGET


def test_nobody_learns_whether_an_address_is_known(
    stranger: FlaskClient, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = "nobody@firm.example"
    known, unknown = ask(stranger), ask(stranger, nobody)
    assert known.status_code == unknown.status_code == 200
    assert without_secrets(unknown.text).replace(nobody, ADDRESS) == without_secrets(known.text)
    assert len(outbox.mails()) == 1
    for address in (ADDRESS, nobody):
        answers = [ask(stranger, address).status_code for _ in range(5)]
        assert answers == [200] * 4 + [429]
    monkeypatch.setattr(brakes, "LINK", brakes.Brake(kind="l", slowed_after=0, refused_after=0))
    assert stranger.get(outbox.path(ADDRESS)).status_code == 429


def test_whoever_listens_is_told_of_every_attempt(
    app: Flask, client: FlaskClient, stranger: FlaskClient, outbox: Outbox, owner_person: int
) -> None:
    heard: list[tuple[object, ...]] = []

    def broken(*_said: object) -> None:
        raise ZeroDivisionError

    on_sign_in(app).extend([broken, lambda *said: heard.append(said)])
    sign_in(stranger, ADDRESS, PASSWORD)
    sign_in(app.test_client(), ADDRESS, "wrong horse battery")
    sign_in(app.test_client(), "nobody@firm.example", "wrong horse battery")
    browser = app.test_client()
    ask(browser)
    path = outbox.path(ADDRESS)
    secrets = form_of(browser.get(path).text)
    browser.post(path, data=secrets)
    browser.post(path, data=secrets)
    factor = set_up_factor(client)
    careful = app.test_client()
    sign_in(careful, ADDRESS)
    type_code(careful, "000000")
    type_code(careful, factor.codes[0])
    assert [tuple(map(str, said)) for said in heard] == [
        (str(owner_person), ADDRESS, "signed in", "password"),
        (str(owner_person), ADDRESS, "wrong password", "password"),
        ("None", "nobody@firm.example", "wrong password", "password"),
        (str(owner_person), ADDRESS, "signed in", "link"),
        ("None", "", "wrong code", "link"),
        (str(owner_person), ADDRESS, "wrong code", "code"),
        (str(owner_person), ADDRESS, "signed in", "code"),
    ]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_they_are_told_of_the_brakes(
    app: Flask, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[object, ...]] = []
    on_sign_in(app).append(lambda *said: heard.append(said))
    monkeypatch.setattr(brakes, "PASSWORD", brakes.Brake(kind="p", slowed_after=0, refused_after=0))
    assert sign_in(stranger, ADDRESS).status_code == 429
    assert heard == [(None, ADDRESS, "braked", "password")]


def _session(client: FlaskClient) -> dict[str, object]:
    with client.session_transaction() as session:
        return dict(session)
