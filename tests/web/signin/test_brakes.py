"""Guessing: slowed, then refused, by address and by network, and nobody else is locked out."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.conftest import ADDRESS, LONG_ON_POSTGRES, PASSWORD
from tests.web.browsing import form_of, is_signed_in, send, sign_in
from tests.web.signin.acting import confirm, forgot, guess, set_up_factor, type_code
from tests.web.signin.acting import without_secrets as bare
from web.signin import brakes
from web.signin.brakes import network_of
from web.signin.rows import AttemptRow

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.store.database import Store
    from tests.web.signin.acting import Outbox

MONDAY = datetime(2030, 3, 4, 9, 0, tzinfo=UTC)
NEW = "another horse entirely"


def from_network(app: Flask, remote: str) -> FlaskClient:
    """A browser at this network address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = remote
    return client


def attempts(store: Store) -> int:
    with store.deployment_transaction(write=False):
        return int(AttemptRow.of(store).count())


def test_a_hundred_wrong_passwords_for_one_address(
    app: Flask, client: FlaskClient, store: Store, outbox: Outbox
) -> None:
    attacker = from_network(app, "203.0.113.7")
    before = attempts(store)
    statuses = guess(attacker, 100)
    assert statuses == [200] * 15 + [429] * 85
    assert attempts(store) == before + 15
    # Whoever was signed in stays so; the right password gets the answer of a wrong one.
    assert is_signed_in(client)
    elsewhere = from_network(app, "198.51.100.1")
    right, wrong = (sign_in(elsewhere, ADDRESS, text) for text in (PASSWORD, "wrong horse"))
    assert (right.status_code, right.headers["Retry-After"]) == (429, "900")
    assert "too many attempts" in right.text
    assert bare(right.text) == bare(wrong.text)
    assert not is_signed_in(elsewhere)
    # The reset link lets the right person in at once, while the guessing goes on.
    forgot(elsewhere)
    send(elsewhere, outbox.path(ADDRESS), password=NEW)
    guess(attacker, 3)
    sign_in(elsewhere, ADDRESS, NEW)
    assert is_signed_in(elsewhere)


def test_a_used_link_gives_a_browser_no_endless_guesses(
    stranger: FlaskClient, outbox: Outbox
) -> None:
    forgot(stranger)
    send(stranger, outbox.path(ADDRESS), password=NEW)
    assert guess(stranger, 12) == [200] * 10 + [429] * 2


def test_an_address_that_nobody_has_is_braked_alike(stranger: FlaskClient) -> None:
    statuses = guess(stranger, 17, "nobody@firm.example")
    braked = sign_in(stranger, "nobody@firm.example", "wrong horse")
    assert statuses == [200] * 15 + [429] * 2
    guess(stranger, 15)
    other = sign_in(stranger, ADDRESS, "wrong horse")
    assert bare(other.text) == bare(braked.text).replace("nobody@firm.example", ADDRESS)


def test_it_is_over_after_a_quarter_of_an_hour(stranger: FlaskClient) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        guess(stranger, 20)
        now.shift(timedelta(minutes=14, seconds=59))
        assert sign_in(stranger, ADDRESS).status_code == 429
        now.shift(timedelta(seconds=1))
        assert sign_in(stranger, ADDRESS).status_code == 302


def test_capitals_do_not_make_another_address(stranger: FlaskClient) -> None:
    guess(stranger, 15)
    assert guess(stranger, 1, f" {ADDRESS.upper()}") == [429]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_eleventh_is_slowed(stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(brakes, "SLOWED", 1.0)
    monkeypatch.setattr(time, "sleep", waits.append)
    guess(stranger, 10)
    assert not waits
    guess(stranger, 5)
    assert waits == [1.0] * 5
    guess(stranger, 5)
    assert len(waits) == 5


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_few_wait_at_once(stranger: FlaskClient) -> None:
    guess(stranger, 10)
    taken = [brakes._waiting.acquire(blocking=False) for _ in range(2)]
    try:
        assert guess(stranger, 1) == [429]
    finally:
        for _ in filter(None, taken):
            brakes._waiting.release()


@LONG_ON_POSTGRES
def test_a_thousand_addresses_from_one_network(app: Flask, owner_person: int, store: Store) -> None:
    attacker = from_network(app, "203.0.113.7")
    secrets = form_of(attacker.get("/sign-in").text, "/sign-in")
    statuses = [
        attacker.post(
            "/sign-in",
            data={**secrets, "email": f"p{n}@firm.example", "password": "wrong horse"},
        ).status_code
        for n in range(1_000)
    ]
    assert statuses == [200] * 100 + [429] * 900
    assert attempts(store) == 100
    assert sign_in(attacker, ADDRESS).status_code == 429
    neighbour = from_network(app, "203.0.113.8")
    sign_in(neighbour, ADDRESS)
    assert is_signed_in(neighbour)


def test_what_forwarded_headers_say_makes_no_other_network(
    app: Flask, store: Store, owner_person: int
) -> None:
    attacker = from_network(app, "203.0.113.7")
    secrets = form_of(attacker.get("/sign-in").text, "/sign-in")
    for n in range(3):
        attacker.post(
            "/sign-in",
            data={**secrets, "email": f"p{n}@firm.example", "password": "wrong horse"},
            headers={"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"},
        )
    with store.deployment_transaction(write=False):
        assert {row.network for row in AttemptRow.of(store)} == {"203.0.113.7/32"}


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_what_a_network_is(remote: str, network: str) -> None:
    assert network_of(remote) == network


def test_codes_cannot_be_guessed(client: FlaskClient, app: Flask) -> None:
    factor = set_up_factor(client)
    thief = from_network(app, "203.0.113.7")
    sign_in(thief, ADDRESS)
    statuses = [type_code(thief, f"{n:06}").status_code for n in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    right, wrong = type_code(thief, factor.phone.code()), type_code(thief, "000000")
    assert right.status_code == 429
    assert bare(right.text).replace(factor.phone.code(), "000000") == bare(wrong.text)
    assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_step_up_cannot_be_guessed(client: FlaskClient) -> None:
    statuses = [confirm(client, f"wrong horse {n}").status_code for n in range(17)]
    assert statuses == [422] * 15 + [429] * 2
    assert confirm(client).status_code == 429
    change = {"current": PASSWORD, "password": NEW}
    assert send(client, "/me/password", **change).status_code == 429
    assert is_signed_in(client)


def test_nobody_is_flooded_with_mails(stranger: FlaskClient, outbox: Outbox) -> None:
    known = [forgot(stranger) for _ in range(7)]
    unknown = [forgot(stranger, "nobody@firm.example") for _ in range(7)]
    assert [answer.status_code for answer in known] == [200] * 5 + [429] * 2
    assert [answer.status_code for answer in unknown] == [200] * 5 + [429] * 2
    assert bare(known[6].text) == bare(unknown[6].text).replace("nobody@firm.example", ADDRESS)
    assert len(outbox.mails()) == 5


def test_links_cannot_be_guessed(app: Flask, stranger: FlaskClient, outbox: Outbox) -> None:
    forgot(stranger)
    attacker = from_network(app, "203.0.113.7")
    statuses = [attacker.get(f"/sign-in/reset/{n:043}").status_code for n in range(22)]
    assert statuses == [404] * 20 + [429] * 2
    assert attacker.get(outbox.path(ADDRESS)).status_code == 429
    assert stranger.get(outbox.path(ADDRESS)).status_code == 200


def test_old_attempts_are_forgotten_when_new_ones_are_written(
    stranger: FlaskClient, store: Store
) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        guess(stranger, 5)
        now.shift(timedelta(hours=24))
        guess(stranger, 1)
        assert attempts(store) == 6
        now.shift(timedelta(seconds=1))
        guess(stranger, 1)
        assert attempts(store) == 2


def test_the_rows_do_not_tell_an_address(stranger: FlaskClient, store: Store) -> None:
    guess(stranger, 1)
    with store.deployment_transaction(write=False):
        (row,) = AttemptRow.of(store)
    assert ADDRESS not in str(row.__data__)
    assert not row.succeeded
    sign_in(stranger, ADDRESS)
    with store.deployment_transaction(write=False):
        assert [row.succeeded for row in AttemptRow.of(store).order_by(AttemptRow.id)] == [
            False,
            True,
        ]
