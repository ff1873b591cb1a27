"""Passkeys: adding, signing in with them alone or after the password, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crm_core.firm_settings import demand_second_factor
from crm_core.testing.builders import as_owner
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import copy_of, elements, form_of, is_signed_in, send, sign_in
from tests.web.signin.acting import Phone, lock_out, type_code
from tests.web.signin.soft_key import (
    ADD,
    ALONE,
    CODE,
    CONFIRM,
    ORIGIN,
    PRESENT,
    VERIFIED,
    SoftKey,
    add_key,
    asked_on,
    send_passkey,
    use_key,
)
from web.signin import brakes
from web.signin.people import add_person
from web.signin.rows import CredentialRow, PasskeyRow
from web.signin.security import on_sign_in
from web.signin.webauthn import Site

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from tests.web.signin.acting import Outbox

REFUSED = "This passkey was not accepted"


@pytest.fixture(autouse=True)
def at_its_address(app: Flask) -> None:
    """The configured address is another than the one that the tests ask at."""
    app.config["CRM_BASE_URL"] = ORIGIN


@pytest.fixture
def client(clock: time_machine.Traveller, client: FlaskClient) -> FlaskClient:
    """The owner's browser, signed in by the clock of the test."""
    return client


@pytest.fixture
def key(client: FlaskClient, clock: time_machine.Traveller) -> SoftKey:
    """A passkey of the owner, and a moment later."""
    made, answer = add_key(client)
    assert answer.status_code == 200, answer.text
    clock.shift(timedelta(seconds=1))
    return made


def rows(store: Store) -> list[Any]:
    with store.deployment_transaction(write=False):
        return list(PasskeyRow.of(store).order_by(PasskeyRow.id))


def test_a_passkey_alone_signs_in(
    app: Flask, stranger: FlaskClient, key: SoftKey, owner_person: int
) -> None:
    """POR-4: a passkey is both factors at once."""
    heard: list[Any] = []
    on_sign_in(app).append(lambda *said: heard.append(said))
    asked = asked_on(stranger, f"{ALONE}?next=/f/acme/clients")
    assert (asked["rpId"], asked["userVerification"]) == ("crm.firm.example", "required")
    assert not asked.get("allowCredentials")
    answer = send_passkey(stranger, f"{ALONE}?next=/f/acme/clients", key.prove(asked))
    assert answer.location == "/f/acme/clients"
    assert is_signed_in(stranger)
    assert stranger.get("/me/address").status_code == 200
    assert heard == [(owner_person, ADDRESS, "signed in", "passkey")]


def test_it_follows_the_password_and_meets_the_demand_of_a_firm(
    stranger: FlaskClient, key: SoftKey, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """POR-4: a firm can demand a second factor, and a passkey is one."""
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    assert sign_in(stranger, ADDRESS).location == CODE
    assert not is_signed_in(stranger)
    asked = asked_on(stranger, CODE)
    assert len(asked["allowCredentials"]) == 1
    assert send_passkey(stranger, CODE, key.prove(asked)).location == "/"
    assert stranger.get("/f/acme/home").status_code == 200


def test_recovery_codes_come_with_the_first_factor_and_go_with_the_last(
    app: Flask, client: FlaskClient, stranger: FlaskClient, outbox: Outbox
) -> None:
    _key, answer = add_key(client)
    codes = [code.text for code in elements(answer.text, "code")]
    assert len(codes) == 10
    sign_in(stranger, ADDRESS)
    assert "One of your recovery codes" in stranger.get(CODE).text
    assert type_code(stranger, codes[0]).status_code == 303
    # The app comes second: its page shows no new codes, and the old ones go on.
    page = client.get("/me/second-factor").text
    phone = Phone(elements(page, "code")[0].text.replace(" ", ""))
    set_up = client.post("/me/second-factor", data={**form_of(page), "code": phone.code(-30)})
    assert set_up.location == "/me"
    assert "9 recovery codes left" in client.get("/me").text
    send(client, "/me/second-factor/off")
    assert "9 recovery codes left" in client.get("/me").text
    path = next(
        e.get("href") for e in elements(client.get("/me/passkeys").text, "a", class_="quiet")
    )
    assert "Your password alone" in client.get(path).text
    assert send(client, path).location == "/me/passkeys"
    assert sign_in(app.test_client(), ADDRESS).location == "/"
    with app.extensions["crm_store"].deployment_transaction(write=False):
        assert CredentialRow.of(app.extensions["crm_store"]).get().recovery_codes == ""
    subjects = [mail["Subject"] for mail in outbox.mails(ADDRESS)]
    assert subjects[0] == "You have a new passkey"
    assert subjects[-1] == "A passkey was removed"


def test_it_proves_who_one_is_and_what_waited_is_sent_on(
    client: FlaskClient, key: SoftKey, clock: time_machine.Traveller
) -> None:
    secrets = form_of(client.get("/me/password").text)
    clock.shift(timedelta(minutes=16))
    assert client.post("/me/passkeys/options", data=secrets).location.startswith("/me/confirm?")
    assert client.get(ADD).location == f"/me/confirm?next={ADD}"
    asked = asked_on(client, f"{CONFIRM}?next={ADD}")
    carried = {"_carried": "x=y", "_carried_to": "/me/second-factor/codes"}
    sent_on = send_passkey(client, CONFIRM, key.prove(asked), **carried)
    assert (sent_on.status_code, sent_on.location) == (307, "/me/second-factor/codes")
    assert client.get(ADD).status_code == 200


def test_the_challenge_is_used_once_and_for_its_purpose(
    app: Flask, client: FlaskClient, stranger: FlaskClient, key: SoftKey, clock: Any
) -> None:
    asked = asked_on(stranger, ALONE)
    key.count = 99
    text, kept = key.prove(asked), copy_of(app, stranger)
    late, cookie = copy_of(app, stranger), copy_of(app, stranger)
    assert send_passkey(client, CONFIRM, text).status_code == 422
    assert send_passkey(stranger, ALONE, text).status_code == 303
    key.count = 499
    # The cookie of before, sent again: neither that answer nor a fresh one to its challenge.
    assert send_passkey(kept, ALONE, text).status_code == 422
    assert send_passkey(cookie, ALONE, key.prove(asked)).status_code == 422
    assert not is_signed_in(kept)
    clock.shift(timedelta(seconds=1))
    fresh = asked_on(late, ALONE)
    clock.shift(timedelta(minutes=5))
    assert send_passkey(late, ALONE, key.prove(fresh)).status_code == 422
    for_another = key.prove(asked_on(client, CONFIRM))
    assert send_passkey(client, ALONE, for_another).status_code == 422
    assert use_key(late, ALONE, key).status_code == 303


def test_a_copied_key_is_noticed(
    app: Flask, stranger: FlaskClient, key: SoftKey, clock: Any, store: Store
) -> None:
    key.count = 7
    assert use_key(stranger, ALONE, key).status_code == 303
    clock.shift(timedelta(seconds=1))
    key.count = 6
    thief = app.test_client()
    assert REFUSED in use_key(thief, ALONE, key).text
    assert rows(store)[0].sign_count == 8


def bent(name: str, value: Any) -> Any:
    """Makes a passkey say something else than it should."""

    def bend(key: SoftKey, asked: Any) -> str:
        setattr(key, name, value)
        return key.prove(asked)

    return bend


def altered(part: str) -> Any:
    """Changes a part of the answer after it was signed."""

    def alter(key: SoftKey, asked: Any) -> str:
        said = json.loads(key.prove(asked))
        text = said["response"][part]
        said["response"][part] = text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:]
        return json.dumps(said)

    return alter


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "lie",
    [
        bent("origin", "https://evil.example"),
        bent("origin", "http://crm.firm.example"),
        bent("origin", "http://localhost"),
        bent("host", "evil.example"),
        bent("flags", PRESENT),
        bent("flags", VERIFIED),
        bent("handle", b"somebody else"),
        bent("handle", None),
        bent("credential_id", b"unknown"),
        bent("private", SoftKey().private),
        lambda key, asked: key.prove({"challenge": "AAAA"}),
        altered("signature"),
        altered("authenticatorData"),
        altered("clientDataJSON"),
    ],
)
def test_no_lie_signs_in(stranger: FlaskClient, key: SoftKey, lie: Any) -> None:
    answer = send_passkey(stranger, ALONE, lie(key, asked_on(stranger, ALONE)))
    assert answer.status_code == 422
    assert REFUSED in answer.text
    assert not is_signed_in(stranger)


def test_the_passkey_of_somebody_else_proves_nothing(
    app: Flask, client: FlaskClient, key: SoftKey, store: Store, clock: Any, owner_person: int
) -> None:
    add_person(store, "eve@firm.example", PASSWORD)
    eve = app.test_client()
    sign_in(eve, "eve@firm.example")
    hers, _answer = add_key(eve)
    clock.shift(timedelta(seconds=1))
    stranger = app.test_client()
    sign_in(stranger, ADDRESS)
    asked = asked_on(stranger, CODE)
    hers.handle = key.handle
    assert send_passkey(stranger, CODE, hers.prove(asked)).status_code == 422
    hers.handle = None
    assert use_key(stranger, CODE, hers).status_code == 422
    assert use_key(client, CONFIRM, hers).status_code == 422
    mine, _hers = rows(store)
    for path in (f"/me/passkeys/{mine.public_id}/remove", "/me/passkeys/x/remove"):
        assert eve.get(path).status_code == 404
        data = {"csrf_token": form_of(eve.get("/me/address").text)["csrf_token"]}
        assert eve.post(path, data=data).status_code == 404
    # A key that is kept already is not kept for another person.
    again = SoftKey(credential_id=key.credential_id)
    assert send_passkey(eve, ADD, again.make(asked_on(eve, ADD)), name="x").status_code == 422
    assert len(rows(store)) == 2
    lock_out(store, owner_person)
    assert use_key(app.test_client(), ALONE, key).status_code == 422


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "bend",
    [
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"credential_id": b""},
        {"credential_id": b"x" * 1_024},
        {"public": {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32}},
        {"public": {1: 2}},
        *({"voucher": kind} for kind in ("packed", "tpm", "apple", "fido-u2f", "x")),
        *({"voucher": kind} for kind in ("android-key", "android-safetynet")),
    ],
)
def test_no_lie_makes_a_passkey(client: FlaskClient, store: Store, bend: Any) -> None:
    _key, answer = add_key(client, **bend)
    assert answer.status_code == 422
    assert "made no passkey" in answer.text
    assert not rows(store)
    made = SoftKey().make(asked_on(client, ADD))
    assert send_passkey(client, ADD, made, name="").status_code == 422
    assert send_passkey(client, ADD, made, name="x" * 61).status_code == 422
    assert send_passkey(client, ADD, made, name="Phone").status_code == 200


def mutations(text: str) -> list[str]:
    """What is not, or no longer, an answer."""
    whole = json.loads(text)
    found = ["", "null", "[]", "{}", "x", "[" * 9_000, "\x00", "x" * 30_000, "1e999", '"\\ud800"']
    junk: tuple[Any, ...] = (None, 7, [], {}, "", "é", "AAAA", "=", "A" * 4_000, "\ud800", [{}])
    for name in ("id", "rawId", "type", "response"):
        found += [json.dumps({**whole, name: value}) for value in junk]
    for part in whole["response"]:
        for value in junk:
            response = {**whole["response"], part: value}
            found.append(json.dumps({**whole, "response": response}))
    return found


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_malformed_is_refused_and_never_a_fault(
    client: FlaskClient,
    stranger: FlaskClient,
    key: SoftKey,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        brakes,
        "PASSKEY",
        brakes.Brake(kind="p", slowed_after=9_999, refused_after=9_999, network=9_999),
    )
    secrets = form_of(stranger.get(ALONE).text)
    met = 0
    for text in mutations(key.prove(asked_on(stranger, ALONE))):
        asked_on(stranger, ALONE)
        answer = stranger.post(ALONE, data={**secrets, "passkey": text})
        assert answer.status_code == 422, text[:200]
        met += 1
    for text in mutations(SoftKey().make(asked_on(client, ADD))):
        asked_on(client, ADD)
        assert send_passkey(client, ADD, text, name="x").status_code == 422, text[:200]
        met += 1
    assert met > 100
    assert len(rows(store)) == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_there_can_be_no_passkeys_none_are_offered(
    app: Flask, client: FlaskClient, stranger: FlaskClient
) -> None:
    app.config["CRM_BASE_URL"] = "http://127.0.0.1:8000"
    assert "passkey" not in stranger.get("/sign-in").text
    assert stranger.get(ALONE).status_code == 404
    token = form_of(stranger.get("/sign-in").text, "/sign-in")
    assert stranger.post(f"{ALONE}/options", data=token).status_code == 404
    assert client.get(ADD).location == "/me/passkeys"
    assert "need an address with a name" in client.get("/me/passkeys").text
    names = {
        "https://crm.firm.example": ("crm.firm.example", "https://crm.firm.example"),
        "https://CRM.firm.example:443": ("crm.firm.example", "https://crm.firm.example"),
        "http://localhost:8123": ("localhost", "http://localhost:8123"),
    }
    for url, wanted in names.items():
        site = Site.of(url)
        assert site is not None
        assert (site.name, site.origin) == wanted
    assert all(Site.of(url) is None for url in ("", "https://[::1]:1", "https://10.0.0.1"))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_guessing_is_braked_and_told(
    app: Flask, stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    on_sign_in(app).append(lambda *said: heard.append(said))
    monkeypatch.setattr(brakes, "PASSKEY", brakes.Brake(kind="p", slowed_after=9, refused_after=1))
    secrets = form_of(stranger.get(ALONE).text)
    answers = [stranger.post(ALONE, data={**secrets, "passkey": "x"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 429]
    assert heard == [(None, "", "wrong code", "passkey"), (None, "", "braked", "passkey")]
