"""The second factor: setting it up, signing in with it, recovery codes, switching it off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import element, elements, form_of, is_signed_in, send, sign_in
from tests.web.signin.acting import Phone, set_up_factor, type_code
from web.signin.people import set_password
from web.signin.rows import CredentialRow, SessionRow

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.store.database import Store
    from tests.web.signin.acting import Factor, Outbox


@pytest.fixture
def client(clock: time_machine.Traveller, client: FlaskClient) -> FlaskClient:
    """The owner's browser, signed in by the clock of the test."""
    return client


@pytest.fixture
def factor(clock: time_machine.Traveller, client: FlaskClient) -> Factor:
    return set_up_factor(client)


def test_the_password_alone_is_no_session(stranger: FlaskClient, factor: Factor) -> None:
    assert sign_in(stranger, ADDRESS).location == "/sign-in/code"
    assert not is_signed_in(stranger)
    assert stranger.get("/f/acme/clients").location.startswith("/sign-in?")
    with stranger.session_transaction() as session:
        assert "token" not in session
        assert "_user_id" not in session


def test_a_code_signs_in_and_leads_where_one_wanted_to_go(
    stranger: FlaskClient, factor: Factor
) -> None:
    asked = stranger.get("/f/acme/clients/new")
    secrets = form_of(stranger.get(asked.location).text, "/sign-in")
    stranger.post("/sign-in", data={**secrets, "email": ADDRESS, "password": PASSWORD})
    assert type_code(stranger, factor.phone.code()).location == "/f/acme/clients/new"
    assert is_signed_in(stranger)


def test_a_code_is_taken_once(
    app: Flask, stranger: FlaskClient, factor: Factor, clock: time_machine.Traveller
) -> None:
    code = factor.phone.code()
    sign_in(stranger, ADDRESS)
    type_code(stranger, code)
    thief = app.test_client()
    sign_in(thief, ADDRESS)
    assert "Each code works once" in type_code(thief, code).text
    assert not is_signed_in(thief)
    clock.shift(timedelta(seconds=30))
    assert "Each code works once" in type_code(thief, code).text
    assert type_code(thief, factor.phone.code()).status_code == 303


@pytest.mark.parametrize(
    ("later", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_off(
    stranger: FlaskClient, factor: Factor, clock: time_machine.Traveller, later: int, taken: bool
) -> None:
    clock.shift(timedelta(minutes=5))
    sign_in(stranger, ADDRESS)
    type_code(stranger, factor.phone.code(later))
    assert is_signed_in(stranger) is taken


def test_a_recovery_code_signs_in_once(app: Flask, stranger: FlaskClient, factor: Factor) -> None:
    code = factor.codes[3]
    sign_in(stranger, ADDRESS)
    assert type_code(stranger, f" {code.upper().replace('-', ' ')} ").status_code == 303
    assert "9 recovery codes left" in stranger.get("/me").text
    thief = app.test_client()
    sign_in(thief, ADDRESS)
    assert type_code(thief, code).status_code == 422
    assert type_code(thief, factor.codes[4]).status_code == 303


@pytest.mark.parametrize(
    "code", ["", "000000", "12345", "١٢٣٤٥٦", "\x00", "x" * 5_000, "<b>", "aaaa-aaaa-aaaa-aaaa"]
)
def test_nothing_else_that_is_typed_signs_in(
    stranger: FlaskClient, factor: Factor, code: str
) -> None:
    sign_in(stranger, ADDRESS)
    answer = type_code(stranger, code)
    assert answer.status_code == 422
    assert "<b>" not in answer.text
    assert not is_signed_in(stranger)


def test_another_persons_code_does_not_fit(
    app: Flask, stranger: FlaskClient, factor: Factor, store: Store
) -> None:
    from web.signin.people import add_person

    add_person(store, "other@firm.example", PASSWORD)
    other = app.test_client()
    sign_in(other, "other@firm.example")
    theirs = set_up_factor(other)
    sign_in(stranger, ADDRESS)
    assert type_code(stranger, theirs.phone.code()).status_code == 422
    assert type_code(stranger, theirs.codes[0]).status_code == 422


def test_a_sealed_secret_does_not_open_in_another_row(
    app: Flask, stranger: FlaskClient, factor: Factor, store: Store
) -> None:
    from web.signin.people import add_person

    other = add_person(store, "other@firm.example", PASSWORD)
    with store.deployment_transaction(write=True):
        mine = CredentialRow.of(store).where(CredentialRow.totp_secret.is_null(False)).get()
        assert factor.phone.secret not in mine.totp_secret
        assert not any(code in mine.recovery_codes for code in factor.codes)
        CredentialRow.change(store, totp_secret=mine.totp_secret).where(
            CredentialRow.person_id == other
        ).execute()
    sign_in(stranger, "other@firm.example")
    assert type_code(stranger, factor.phone.code()).status_code == 422


def test_the_way_between_password_and_code_is_short(
    stranger: FlaskClient, factor: Factor, clock: time_machine.Traveller
) -> None:
    sign_in(stranger, ADDRESS)
    clock.shift(timedelta(minutes=9, seconds=59))
    assert stranger.get("/sign-in/code").status_code == 200
    clock.shift(timedelta(seconds=1))
    assert stranger.get("/sign-in/code").location == "/sign-in"
    secrets = form_of(stranger.get("/sign-in").text, "/sign-in")
    typed = {**secrets, "code": factor.phone.code()}
    assert stranger.post("/sign-in/code", data=typed).location == "/sign-in"
    assert not is_signed_in(stranger)


def test_it_holds_in_this_browser_alone_and_for_this_password(
    app: Flask, stranger: FlaskClient, factor: Factor, store: Store, owner_person: int
) -> None:
    sign_in(stranger, ADDRESS)
    assert app.test_client().get("/sign-in/code").location == "/sign-in"
    set_password(store, owner_person, "another horse entirely")
    assert stranger.get("/sign-in/code").location == "/sign-in"


def test_setting_up_wants_a_code_of_this_secret(client: FlaskClient, store: Store) -> None:
    page = client.get("/me/second-factor").text
    assert element(page, "code").text == element(client.get("/me/second-factor").text, "code").text
    wrong = client.post("/me/second-factor", data={**form_of(page), "code": "000000"})
    assert wrong.status_code == 422
    with store.deployment_transaction(write=False):
        assert CredentialRow.of(store).get().totp_secret is None
    assert not elements(page, "img")
    (drawing,) = elements(page, "svg")
    assert drawing.get("role") == "img"


def test_a_secret_that_waits_too_long_is_replaced(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    first = element(client.get("/me/second-factor").text, "code").text
    clock.shift(timedelta(minutes=61))
    send(client, "/me/confirm", password=PASSWORD)
    page = client.get("/me/second-factor").text
    assert element(page, "code").text != first
    stale = Phone(first.replace(" ", "")).code()
    answer = client.post("/me/second-factor", data={**form_of(page), "code": stale})
    assert answer.status_code == 422


def test_new_recovery_codes_replace_the_old(
    app: Flask, client: FlaskClient, factor: Factor, outbox: Outbox
) -> None:
    page = send(client, "/me/second-factor/codes").text
    fresh = [code.text for code in elements(page, "code")]
    assert len(set(fresh)) == 10
    assert not set(fresh) & set(factor.codes)
    assert not set(fresh) & {code.text for code in elements(client.get("/me").text, "code")}
    thief = app.test_client()
    sign_in(thief, ADDRESS)
    assert type_code(thief, factor.codes[0]).status_code == 422
    assert type_code(thief, fresh[0]).status_code == 303


def test_switched_off_the_password_is_enough_again(
    client: FlaskClient, stranger: FlaskClient, factor: Factor, outbox: Outbox
) -> None:
    assert send(client, "/me/second-factor/off").location == "/me"
    assert sign_in(stranger, ADDRESS).location == "/"
    subjects = [mail["Subject"] for mail in outbox.mails(ADDRESS)]
    assert subjects == ["Your second factor is on", "Your second factor is off"]


@pytest.mark.parametrize(
    "path", ["/me/second-factor", "/me/second-factor/codes", "/me/second-factor/off"]
)
def test_none_of_it_is_done_from_a_desk_that_was_left_open(
    client: FlaskClient, factor: Factor, clock: time_machine.Traveller, path: str
) -> None:
    secrets = form_of(client.get("/me/password").text)
    clock.shift(timedelta(minutes=15))
    assert client.get(path).location.startswith("/me/confirm?next=")
    assert client.post(path, data=secrets).location.startswith("/me/confirm?next=")
    assert "10 recovery codes left" in client.get("/me").text


def test_the_session_begins_with_the_code(
    stranger: FlaskClient, factor: Factor, store: Store
) -> None:
    with store.deployment_transaction(write=False):
        before = SessionRow.of(store).count()
    sign_in(stranger, ADDRESS)
    type_code(stranger, "000000")
    with store.deployment_transaction(write=False):
        assert SessionRow.of(store).count() == before
    type_code(stranger, factor.phone.code())
    with store.deployment_transaction(write=False):
        assert SessionRow.of(store).count() == before + 1
