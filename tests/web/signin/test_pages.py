"""What every page of signing in keeps: who may open it, no forgery, no script, little weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import element, elements, form_of, send, sign_in
from tests.web.signin.acting import Outbox, forgot, set_up_factor

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

LEAST_OWN, LEAST_PAGES = 11, 14
LARGEST = 5_000
"""Bytes of a page; the one with the QR code has about 12,000 more."""


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Pages are no business of the database."""
    return str(request.param)


def own_routes(app: Flask) -> list[tuple[str, str]]:
    """Every method and address under /me."""
    return [
        (method, rule.rule.replace("<passkey>", "x"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("me.")
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def pages(client: FlaskClient, stranger: FlaskClient, outbox: Outbox) -> dict[str, str]:
    """Every page, by its address."""
    forgot(stranger)
    send(client, "/me/address", address="new@firm.example")
    outside = [
        "/sign-in",
        "/sign-in/forgotten",
        "/sign-in/link",
        outbox.path(ADDRESS),
        outbox.path("new@firm.example"),
        "/sign-in/reset/x",
    ]
    own = [
        "/me/passkeys",
        "/me",
        "/me/password",
        "/me/address",
        "/me/sessions",
        "/me/confirm?again=1",
    ]
    found = {path: stranger.get(path).text for path in outside}
    found |= {path: client.get(path).text for path in (*own, "/me/second-factor")}
    set_up_factor(client)
    factor = ["/me?with", "/me/second-factor?with", "/me/second-factor/codes", "/me/confirm?with"]
    found |= {path: client.get(path).text for path in (*factor, "/me/second-factor/off")}
    sign_in(stranger, ADDRESS)
    return found | {"/sign-in/code": stranger.get("/sign-in/code").text}


def test_own_pages_want_somebody_who_is_signed_in(app: Flask, stranger: FlaskClient) -> None:
    secrets = form_of(stranger.get("/sign-in").text, "/sign-in")
    routes = own_routes(app)
    for method, path in routes:
        answer = stranger.open(path, method=method, data=secrets)
        wanted = f"/sign-in?next={path}" if method == "GET" else "/sign-in"
        assert answer.location == wanted, (method, path)
    assert len(routes) >= LEAST_OWN


def test_no_page_takes_a_forged_form(
    app: Flask, client: FlaskClient, stranger: FlaskClient, outbox: Outbox
) -> None:
    forgot(stranger)
    paths = [path for method, path in own_routes(app) if method == "POST"]
    paths += ["/sign-in/code", "/sign-in/forgotten", outbox.path(ADDRESS)]
    paths += ["/sign-in/link", "/sign-in/passkey", "/sign-in/passkey/options"]
    before = len(outbox.mails())
    for path in paths:
        for more in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
            data = {"password": PASSWORD, "current": PASSWORD, "address": ADDRESS, **more}
            assert client.post(path, data=data).status_code == 400, path
    assert len(outbox.mails()) == before
    assert len(paths) >= 10


def test_pages_run_nothing_and_load_nothing_from_elsewhere(
    client: FlaskClient, stranger: FlaskClient, outbox: Outbox
) -> None:
    found = pages(client, stranger, outbox)
    for path, html in found.items():
        assert element(html, "h1").text, path
        for part in elements(html):
            assert part.tag not in ("script", "style", "iframe", "base", "object", "img"), path
            assert not [a for a in part.attributes if a.startswith("on") or a == "style"], path
            assert not part.get("href").startswith(("http", "//", "data:")), path
    assert len(found) >= LEAST_PAGES


def test_pages_are_small(client: FlaskClient, stranger: FlaskClient, outbox: Outbox) -> None:
    found = pages(client, stranger, outbox)
    sizes = {path: len(html.encode()) for path, html in found.items()}
    print(max(sizes.values()), sorted(sizes.values()))
    qr = sizes.pop("/me/second-factor")
    assert max(sizes.values()) < LARGEST
    assert qr < LARGEST + 25_000


def test_every_field_says_what_it_is_and_what_may_fill_it_in(
    client: FlaskClient, stranger: FlaskClient, outbox: Outbox
) -> None:
    wanted = {
        "current": "current-password",
        "code": "one-time-code",
    }
    met = set()
    for path, html in pages(client, stranger, outbox).items():
        labels = {label.get("for") for label in elements(html, "label")}
        for field in elements(html, "input"):
            name = field.get("name")
            if field.get("type") == "hidden":
                continue
            assert field.get("id") in labels, (path, name)
            assert field.get("autocomplete") == wanted.get(name, field.get("autocomplete")), path
            met.add((name, field.get("autocomplete")))
    assert ("password", "new-password") in met
    assert ("password", "current-password") in met
    assert ("code", "one-time-code") in met


def test_reading_writes_nothing(client: FlaskClient, stranger: FlaskClient) -> None:
    for path in ("/sign-in", "/sign-in/forgotten", "/sign-in/code", "/sign-in/reset/x"):
        stranger.head(path)
    for path in ("/me", "/me/sessions", "/me/second-factor", "/me/password"):
        assert client.head(path).status_code == 200
    assert "Off" in client.get("/me").text


def test_the_sidebar_leads_to_ones_own_pages(client: FlaskClient) -> None:
    page = client.get("/f/acme/clients").text
    assert element(page, "a", href="/me").text == "Your sign-in"
