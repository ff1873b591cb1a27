"""Signing in and out: who gets in, what they learn who do not, and when a session ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from crm_core.testing.builders import a_firm
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import copy_of, form_of, is_signed_in, press, sign_in
from web.signin.people import set_password
from web.signin.rows import CredentialRow, SessionRow

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.firms import Firm
    from crm_core.store.database import Store

MONDAY = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def stranger(app: Flask, owned_firm: Firm) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


def seen(store: Store) -> datetime:
    with store.deployment_transaction(write=False):
        return SessionRow.of(store, SessionRow.seen).get().seen


def without_secrets(html: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


def test_the_right_password_leads_to_the_home_page(stranger: FlaskClient) -> None:
    assert sign_in(stranger, ADDRESS).location == "/"
    assert stranger.get("/").location == "/f/acme/home"


def test_capitals_in_the_address_do_not_matter(stranger: FlaskClient) -> None:
    assert sign_in(stranger, ADDRESS.upper()).status_code == 302


def test_a_wrong_password_says_so_and_keeps_the_address(stranger: FlaskClient) -> None:
    answer = sign_in(stranger, ADDRESS, "wrong horse battery")
    assert "do not belong together" in answer.text
    assert f'value="{ADDRESS}"' in answer.text
    assert "wrong horse" not in answer.text
    assert not is_signed_in(stranger)


def test_nobody_learns_whether_an_address_is_known(stranger: FlaskClient, store: Store) -> None:
    wrong = sign_in(stranger, ADDRESS, "wrong horse battery")
    unknown = sign_in(stranger, "nobody@firm.example", "wrong horse battery")
    with store.deployment_transaction(write=True):
        CredentialRow.change(store, active=False).execute()
    inactive = sign_in(stranger, ADDRESS, "wrong horse battery")
    for answer, address in ((unknown, "nobody@firm.example"), (inactive, ADDRESS)):
        assert answer.status_code == wrong.status_code
        assert without_secrets(answer.text).replace(address, ADDRESS) == without_secrets(wrong.text)


def test_who_is_not_active_does_not_get_in(stranger: FlaskClient, store: Store) -> None:
    with store.deployment_transaction(write=True):
        CredentialRow.change(store, active=False).execute()
    sign_in(stranger, ADDRESS)
    assert not is_signed_in(stranger)


def test_who_is_made_inactive_is_out_at_once(client: FlaskClient, store: Store) -> None:
    with store.deployment_transaction(write=True):
        CredentialRow.change(store, active=False).execute()
    assert not is_signed_in(client)


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(
    app: Flask, client: FlaskClient
) -> None:
    thief = copy_of(app, client)
    assert is_signed_in(thief)
    assert press(client, "/f/acme/clients", "/sign-out").location == "/sign-in"
    assert not is_signed_in(client)
    assert not is_signed_in(thief)


def test_a_session_ends_after_twelve_hours_without_a_request(stranger: FlaskClient) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        sign_in(stranger, ADDRESS)
        now.shift(timedelta(hours=11, minutes=59))
        assert is_signed_in(stranger)
        now.shift(timedelta(hours=11, minutes=59))
        assert is_signed_in(stranger)
        now.shift(timedelta(hours=12))
        assert not is_signed_in(stranger)


def test_a_session_ends_after_seven_days_however_busy(stranger: FlaskClient) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        sign_in(stranger, ADDRESS)
        for _half_day in range(14):
            assert is_signed_in(stranger)
            now.shift(timedelta(hours=12) - timedelta(seconds=1))
        assert is_signed_in(stranger)
        now.shift(timedelta(seconds=14))
        assert not is_signed_in(stranger)


def test_when_somebody_was_seen_is_written_once_a_minute(
    stranger: FlaskClient, store: Store
) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        sign_in(stranger, ADDRESS)
        now.shift(timedelta(seconds=60))
        assert is_signed_in(stranger)
        assert seen(store) == MONDAY
        now.shift(timedelta(seconds=1))
        assert is_signed_in(stranger)
        assert seen(store) == MONDAY + timedelta(seconds=61)


def test_another_password_ends_every_session(
    app: Flask, client: FlaskClient, store: Store, owner_person: int
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, ADDRESS)
    set_password(store, owner_person, "another horse entirely")
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    sign_in(elsewhere, ADDRESS, PASSWORD)
    assert not is_signed_in(elsewhere)
    sign_in(elsewhere, ADDRESS, "another horse entirely")
    assert is_signed_in(elsewhere)


def test_the_cookie_is_for_this_host_over_https_and_not_for_scripts(stranger: FlaskClient) -> None:
    cookie = sign_in(stranger, ADDRESS).headers["Set-Cookie"]
    assert cookie.startswith("__Host-crm=")
    for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert f"; {flag}" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example/",
        "https://evil.example/",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "/\t/evil.example",
        "///evil.example",
        "https://localhost@evil.example/",
        "https://localhost.evil.example/",
    ],
)
def test_signing_in_never_leads_to_another_host(stranger: FlaskClient, elsewhere: str) -> None:
    secrets = form_of(stranger.get("/sign-in", query_string={"next": elsewhere}).text, "/sign-in")
    answer = stranger.post("/sign-in", data={**secrets, "email": ADDRESS, "password": PASSWORD})
    assert answer.location == "/"
    again = stranger.get("/sign-in", query_string={"next": elsewhere})
    assert "evil" not in again.headers.get("Location", "")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(stranger: FlaskClient) -> None:
    asked = stranger.get("/f/acme/clients/new")
    secrets = form_of(stranger.get(asked.location).text, "/sign-in")
    answer = stranger.post("/sign-in", data={**secrets, "email": ADDRESS, "password": PASSWORD})
    assert answer.location == "/f/acme/clients/new"


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(
    app: Flask, stranger: FlaskClient, store: Store
) -> None:
    sign_in(stranger, ADDRESS)
    before = copy_of(app, stranger)
    with stranger.session_transaction() as session:
        first = session["token"]
    secrets = form_of(stranger.get("/f/acme/clients").text, "/sign-out")
    stranger.post("/sign-in", data={**secrets, "email": ADDRESS, "password": PASSWORD})
    press(stranger, "/f/acme/clients", "/sign-out")
    sign_in(stranger, ADDRESS)
    with stranger.session_transaction() as session:
        assert session["token"] != first
    assert not is_signed_in(before)


def test_the_database_does_not_know_the_token(client: FlaskClient, store: Store) -> None:
    with client.session_transaction() as session:
        token = session["token"]
    with store.deployment_transaction(write=False):
        row = SessionRow.of(store).get()
    assert token not in (row.token_hash, str(row.id))
    assert len(row.token_hash) == 64


def test_a_token_in_a_header_or_an_address_opens_nothing(
    stranger: FlaskClient, client: FlaskClient, store: Store
) -> None:
    with client.session_transaction() as session:
        token = session["token"]
    with store.deployment_transaction(write=False):
        uniquifier = CredentialRow.of(store).get().uniquifier
    for secret in (token, uniquifier):
        for header in ("Authentication-Token", "Authorization", "Cookie"):
            answer = stranger.get("/f/acme/clients", headers={header: secret})
            assert answer.location.startswith("/sign-in")
        answer = stranger.get("/f/acme/clients", query_string={"auth_token": secret})
        assert answer.location.startswith("/sign-in")
    answer = stranger.get("/f/acme/clients", auth=(ADDRESS, PASSWORD))
    assert answer.location.startswith("/sign-in")


def test_a_forged_cookie_opens_nothing(app: Flask, stranger: FlaskClient) -> None:
    for text in ("", "e30.x.y", "eyJ0b2tlbiI6IngifQ.aaaaaa.bbbb", "\u00e9", "x" * 3000):
        stranger.set_cookie("__Host-crm", text, secure=True, path="/")
        assert not is_signed_in(stranger)


@pytest.mark.parametrize("text", ["\x00", "a\x00@firm.example", "x" * 100_000, "\ud800", "'\"><b>"])
def test_nothing_that_is_typed_breaks_the_sign_in_page(stranger: FlaskClient, text: str) -> None:
    typed = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for address, password in ((typed, PASSWORD), (ADDRESS, typed), (typed, typed)):
        answer = sign_in(stranger, address, password)
        assert answer.status_code in (200, 400), answer.text[:500]
        assert "<b>" not in answer.text
        assert not is_signed_in(stranger)


@pytest.mark.parametrize(
    ("address", "warns"),
    [
        ("http://crm.firm.example", True),
        ("http://192.168.1.5:8000", True),
        ("http://localhost.firm.example", True),
        ("https://crm.firm.example", False),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_the_sign_in_page_warns_where_the_browser_would_drop_the_cookie(
    stranger: FlaskClient, address: str, warns: bool
) -> None:
    page = stranger.get("/sign-in", base_url=address).text
    assert ("not encrypted" in page) is warns


def test_a_form_without_its_token_does_not_sign_in(stranger: FlaskClient) -> None:
    for more in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
        answer = stranger.post("/sign-in", data={"email": ADDRESS, "password": PASSWORD, **more})
        assert answer.status_code == 400
    assert not is_signed_in(stranger)


def test_a_person_without_a_firm_is_told_so_and_can_sign_out(
    stranger: FlaskClient, store: Store
) -> None:
    from web.signin.people import add_person

    add_person(store, "new@firm.example", PASSWORD)
    sign_in(stranger, "new@firm.example")
    assert "no firm" in stranger.get("/").text.casefold()
    assert press(stranger, "/", "/sign-out").location == "/sign-in"


def test_who_is_in_two_firms_has_one_session_for_both(
    stranger: FlaskClient, store: Store, owner_person: int
) -> None:
    a_firm(store, "other", owner_person)
    sign_in(stranger, ADDRESS)
    for firm in ("acme", "other"):
        assert stranger.get(f"/f/{firm}/clients").status_code == 200
