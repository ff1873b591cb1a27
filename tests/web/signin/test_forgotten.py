"""A forgotten password: a link by mail, once, for an hour, and nobody learns who has an account."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import form_of, is_signed_in, send, sign_in
from tests.web.signin.acting import Outbox, forgot, lock_out, set_up_factor, without_secrets
from web.signin.rows import SignInLinkRow

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.store.database import Store

NEW = "another horse entirely"
MONDAY = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)


def test_the_link_leads_to_a_new_password(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    answer = send(stranger, outbox.path(ADDRESS), password=NEW)
    assert answer.location == "/sign-in"
    assert "Your password is new" in stranger.get("/sign-in").text
    sign_in(stranger, ADDRESS, PASSWORD)
    assert not is_signed_in(stranger)
    sign_in(stranger, ADDRESS, NEW)
    assert is_signed_in(stranger)
    assert outbox.mails(ADDRESS)[-1]["Subject"] == "Your password was changed"


def test_it_ends_every_session(client: FlaskClient, app: Flask, outbox: Outbox) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, ADDRESS)
    stranger = app.test_client()
    forgot(stranger)
    send(stranger, outbox.path(ADDRESS), password=NEW)
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_the_sign_in_page_leads_there(stranger: FlaskClient) -> None:
    assert 'href="/sign-in/forgotten"' in stranger.get("/sign-in").text


def test_nobody_learns_whether_an_address_is_known(
    stranger: FlaskClient, outbox: Outbox, store: Store, owner_person: int
) -> None:
    known = forgot(stranger)
    unknown = forgot(stranger, "nobody@firm.example")
    lock_out(store, owner_person)
    inactive = forgot(stranger)
    for answer, address in ((unknown, "nobody@firm.example"), (inactive, ADDRESS)):
        assert answer.status_code == known.status_code == 200
        assert without_secrets(answer.text).replace(address, ADDRESS) == without_secrets(known.text)
    assert len(outbox.mails()) == 1
    assert len(list(outbox.folder.iterdir())) == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_it_takes_about_as_long_for_an_unknown_address(
    stranger: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.signin import brakes

    monkeypatch.setattr(brakes, "RESET", brakes.Brake(kind="r", slowed_after=99, refused_after=99))
    secrets = form_of(stranger.get("/sign-in/forgotten").text)
    took: dict[str, list[float]] = {ADDRESS: [], "nobody@firm.example": []}
    for _round in range(15):
        for address, times in took.items():
            start = time.perf_counter()
            stranger.post("/sign-in/forgotten", data={**secrets, "address": address})
            times.append(time.perf_counter() - start)
    known, unknown = (median(times) for times in took.values())
    print(f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
    assert abs(known - unknown) < 0.5 * max(known, unknown)


def test_opening_the_link_uses_nothing_up(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    for _scan in range(5):
        stranger.head(outbox.path(ADDRESS))
        assert stranger.get(outbox.path(ADDRESS)).status_code == 200
    assert send(stranger, outbox.path(ADDRESS), password=NEW).location == "/sign-in"


def test_it_works_once(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    path = outbox.path(ADDRESS)
    secrets = form_of(stranger.get(path).text)
    assert stranger.post(path, data={**secrets, "password": NEW}).status_code == 303
    again = stranger.post(path, data={**secrets, "password": "a thief's password"})
    assert again.status_code == 404
    assert stranger.get(path).status_code == 404
    sign_in(stranger, ADDRESS, NEW)
    assert is_signed_in(stranger)


def test_it_works_for_an_hour(stranger: FlaskClient, outbox: Outbox) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        forgot(stranger)
        path = outbox.path(ADDRESS)
        secrets = form_of(stranger.get(path).text)
        now.shift(timedelta(minutes=59, seconds=59))
        assert stranger.get(path).status_code == 200
        now.shift(timedelta(seconds=1))
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, data={**secrets, "password": NEW}).status_code == 404


def test_a_newer_link_replaces_an_older_one(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    first = outbox.path(ADDRESS)
    forgot(stranger)
    assert stranger.get(first).status_code == 404
    assert stranger.get(outbox.path(ADDRESS)).status_code == 200


def test_a_link_dies_with_the_password_and_with_the_person(
    stranger: FlaskClient, outbox: Outbox, store: Store, owner_person: int
) -> None:
    from web.signin.people import set_password

    forgot(stranger)
    set_password(store, owner_person, NEW)
    assert stranger.get(outbox.path(ADDRESS)).status_code == 404
    forgot(stranger)
    lock_out(store, owner_person)
    assert stranger.get(outbox.path(ADDRESS)).status_code == 404


def test_a_forged_or_foreign_link_is_answered_like_an_old_one(
    stranger: FlaskClient, client: FlaskClient, outbox: Outbox
) -> None:
    send(client, "/me/address", address="new@firm.example")
    foreign = outbox.path("new@firm.example").replace("/address/", "/reset/")
    forgot(stranger)
    good = outbox.path(ADDRESS)
    bad = [good[:-1] + ("A" if good[-1] != "A" else "B"), f"{good}x", foreign, f"{good}%00"]
    answers = {without_secrets(stranger.get(path).text) for path in bad[:3]}
    assert len(answers) == 1
    assert all(stranger.get(path).status_code == 404 for path in bad)
    turned = good.replace("/reset/", "/address/")
    assert stranger.get(turned).status_code == 404
    assert stranger.get(good).status_code == 200


def test_the_database_does_not_know_the_token(
    stranger: FlaskClient, outbox: Outbox, store: Store
) -> None:
    forgot(stranger)
    token = outbox.path(ADDRESS).rpartition("/")[2]
    assert len(token) == 43
    with store.deployment_transaction(write=False):
        row = SignInLinkRow.of(store).get()
    assert token not in (row.token_hash, row.address)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Please fill in"),
        ("short", "at least 10 characters"),
        (ADDRESS, "everybody knows it"),
        (ADDRESS.upper(), "everybody knows it"),
        ("Password123", "easily guessed"),
        ("qwertyuiop", "easily guessed"),
        ("x" * 1_001, "At most 1,000 characters"),
        ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 900, "at most 1,000 characters"),
    ],
)
def test_a_bad_password_is_refused_and_the_link_stays_good(
    stranger: FlaskClient, outbox: Outbox, password: str, sentence: str
) -> None:
    forgot(stranger)
    refused = send(stranger, outbox.path(ADDRESS), password=password)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert send(stranger, outbox.path(ADDRESS), password=NEW).status_code == 303


def test_however_the_keyboard_composes_letters(stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    send(
        stranger, outbox.path(ADDRESS), password="p\N{LATIN SMALL LETTER A WITH DIAERESIS}sswort!!"
    )
    sign_in(stranger, ADDRESS, "pa\N{COMBINING DIAERESIS}sswort!!")
    assert is_signed_in(stranger)


def test_a_reset_does_not_get_around_the_second_factor(
    client: FlaskClient, stranger: FlaskClient, outbox: Outbox
) -> None:
    set_up_factor(client)
    forgot(stranger)
    send(stranger, outbox.path(ADDRESS), password=NEW)
    assert sign_in(stranger, ADDRESS, NEW).location == "/sign-in/code"
    assert not is_signed_in(stranger)
