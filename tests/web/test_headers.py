"""The headers of every class of response (quality.md, rule 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.testing.builders import an_account, as_owner
from tests.web.browsing import Element, elements, form_of, send

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """Headers are no business of the database."""
    return str(request.param)


@pytest.fixture
def account(store: Store, catalog: Catalog, owned_firm: Firm) -> str:
    with as_owner(store, catalog, owned_firm) as ctx:
        return an_account(ctx).public_id


def answers(app: Flask, client: FlaskClient, account: str) -> dict[str, TestResponse]:
    """One response of each class."""
    stranger = app.test_client()
    profile = f"/f/acme/accounts/{account}"
    secrets = form_of(client.get("/f/acme/clients/new").text)
    found = {
        "a page": client.get(profile),
        "heads": client.head(profile),
        "a list": client.get("/f/acme/clients"),
        "settings": client.get("/f/acme/settings/team"),
        "the sign-in page": stranger.get("/sign-in"),
        "led to the sign-in page": stranger.get(profile),
        "led on": client.get("/"),
        "a form that was refused": client.post("/f/acme/clients/new", data=secrets),
        "a form that was done": send(client, f"{profile}/notes/new", text="Hello"),
        "without a token": client.post("/f/acme/clients/new"),
        "not there": client.get("/f/acme/accounts/nothing"),
        "no such address": client.get("/nothing"),
        "no such file": stranger.get("/static/nothing.css"),
        "not this way": client.get(f"{profile}/notes/x/pin"),
        "too large": client.post("/theme", data={"back": "x" * (2 * 1024 * 1024 + 1)}),
        "health": stranger.get("/health"),
        "options": client.options("/f/acme/clients"),
        "a slash too many": client.get("/f/acme"),
    }
    app.view_functions["health"] = lambda: 1 / 0
    found["a fault"] = stranger.get("/health")
    return found


def test_every_response_of_ours_is_private_and_runs_nothing(
    app: Flask, client: FlaskClient, account: str
) -> None:
    found = answers(app, client, account)
    statuses = {answer.status_code for answer in found.values()}
    assert statuses == {200, 302, 303, 308, 400, 404, 405, 413, 422, 500}
    for name, answer in found.items():
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store", name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert headers["Strict-Transport-Security"].startswith("max-age="), name
        assert "Server" not in headers, name
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'", name
        assert policy["frame-ancestors"] == "'none'", name
        assert policy["form-action"] == "'self'", name
        assert policy["base-uri"] == "'none'", name
        assert policy["script-src"] == policy["style-src"] == "'self'", name
        assert "unsafe" not in headers["Content-Security-Policy"], name


def test_no_page_of_ours_needs_what_the_policy_forbids(
    app: Flask, client: FlaskClient, account: str
) -> None:
    for name, answer in answers(app, client, account).items():
        for found in elements(answer.text):
            assert found.tag not in ("style", "iframe", "base", "object"), name
            assert found.tag != "script" or is_a_file_of_ours(found), name
            assert not [a for a in found.attributes if a.startswith("on") or a == "style"], name


def is_a_file_of_ours(script: Element) -> bool:
    """Whether a script comes from our own files and holds nothing itself."""
    return script.get("src").startswith("/static/") and not script.text


def test_static_files_are_public_but_read_as_what_they_are(app: Flask) -> None:
    answer = app.test_client().get("/static/crm.css", buffered=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers
