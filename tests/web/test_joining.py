"""From an invitation to the team, and out of it again, through the pages."""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core.team import list_members
from crm_core.testing.builders import as_owner
from tests.web.browsing import form_of, send
from tests.web.servers import hand_over
from tests.web.signin.acting import plain_text
from web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.bootstrap import Deployment
    from web.settings import Settings

ADDRESS, PASSWORD = "iris@person.example", "correct horse battery"
TEAM = "/f/acme/settings/team"


@pytest.fixture
def app(deployment: Deployment) -> Flask:
    settings = evolve(deployment.settings, base_url="https://crm.firm.example")
    return create_app(evolve(deployment, settings=settings))


@pytest.fixture
def link(client: FlaskClient, store: Store, settings: Settings) -> str:
    """The path of the link in the mail that invites Iris."""
    answer = send(client, f"{TEAM}/invite", name="Iris", address=ADDRESS, role="employee")
    assert answer.status_code == 303
    assert hand_over(store, settings) == 1
    (mail,) = (settings.folder / "outbox").iterdir()
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Subject"]) == (ADDRESS, "Acme invites you")
    found = re.search(r"https://crm\.firm\.example(/join/acme/\S+)", plain_text(message))
    assert found, "the link begins with the configured address"
    assert found.group(0) in client.get(TEAM).text
    return found.group(1)


def join(app: Flask, link: str, browser: FlaskClient | None = None) -> int:
    """Somebody new opens the link and joins."""
    stranger = browser or app.test_client()
    form = {**form_of(stranger.get(link).text), "name": "Iris de Wit", "password": PASSWORD}
    return stranger.post(link, data=form).status_code


def test_who_is_invited_chooses_a_password_joins_once_and_signs_in(
    app: Flask, link: str, browser_for: Callable[..., FlaskClient]
) -> None:
    browser = app.test_client()
    assert join(app, link, browser) == 303
    assert browser.get("/f/acme/clients").status_code == 200
    assert app.test_client().get(link).status_code == 404
    assert browser_for(ADDRESS).get("/f/acme/clients").status_code == 200


def test_a_short_password_is_refused_and_the_link_still_works(app: Flask, link: str) -> None:
    stranger = app.test_client()
    form = {**form_of(stranger.get(link).text), "name": "Iris", "password": "abcdefg"}
    answer = stranger.post(link, data=form)
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text
    assert "abcdefg" not in answer.text
    assert join(app, link) == 303


def test_somebody_else_who_is_signed_in_cannot_use_the_link(client: FlaskClient, link: str) -> None:
    page = client.get(link).text
    assert "signed in with another address" in page
    assert 'name="password"' not in page


def test_who_is_deactivated_lands_at_the_sign_in_page_at_once(
    app: Flask,
    client: FlaskClient,
    link: str,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    join(app, link)
    iris = browser_for(ADDRESS)
    assert iris.get("/f/acme/clients").status_code == 200
    with as_owner(store, catalog, owned_firm, write=False) as ctx:
        member = next(m for m in list_members(ctx) if m.address == ADDRESS)
    assert send(client, f"{TEAM}/{member.public_id}/deactivate", sure="1").status_code == 303
    answer = iris.get("/f/acme/clients")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in")
