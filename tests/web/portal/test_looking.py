"""Staff look at the portal as a given client sees it (POR-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.address_settings import save_settings
from crm_core.audit import history
from crm_core.testing.builders import an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.web.browsing import copy_of, element, elements, press
from tests.web.portal.visiting import ANNA, a_visitor, login
from web.portal import looking
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from web.bootstrap import Deployment


@pytest.fixture
def bakery(deployment: Deployment, owned_firm: Firm) -> Account:
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        return an_account(ctx, "Bakery", emails=(ANNA,))


def test_por_6_staff_see_what_the_client_sees_marked_and_read_only(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-6: every page says so, leads to such pages, takes nothing, and the history tells."""
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    own = anna.get(f"/p/acme/{bakery.public_id}/details").text
    entered = press(client, f"/f/acme/accounts/{bakery.public_id}/info", "/look")
    root = entered.location
    assert f"/f/acme/accounts/{bakery.public_id}/as/" in root
    home = client.get(root).text
    assert (
        f"({ANNA}) sees it. Nothing can be changed here." in element(home, class_="looked-at").text
    )
    links = {e.get("href") for e in elements(home, "nav") and elements(home, "a")}
    assert f"{root}/details" in links
    assert not [link for link in links if link.startswith("/p/")]
    seen = client.get(f"{root}/details").text
    facts = [e.text for e in elements(own, "dd")]
    assert [e.text for e in elements(seen, "dd")] == facts
    assert client.post(f"{root}/details").status_code == 405
    with as_owner(deployment.store, deployment.catalog, owned_firm, write=False) as ctx:
        entry = history(ctx, account_id=bakery.id).entries[0]
    assert (entry.event, entry.who) == ("portal.seen_as_client", "Olga Owner")
    assert entry.after["address"] == ANNA


def test_por_6_the_pages_open_to_who_pressed_the_button_alone_and_for_a_while(
    client: FlaskClient,
    deployment: Deployment,
    owned_firm: Firm,
    bakery: Account,
    browser_for: Callable[..., FlaskClient],
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """POR-6: without the button, for another address, without access or LOGIN: as never there."""
    email_id = login(deployment, owned_firm, bakery, ANNA)
    root = f"/f/acme/accounts/{bakery.public_id}/as/{email_id}"
    assert client.get(root).status_code == 404, "nobody pressed the button"
    press(client, f"/f/acme/accounts/{bakery.public_id}/info", "/look")
    assert client.get(root).status_code == 200
    for wrong in ("0", "x", f"{email_id}0", "9" * 30):
        assert client.get(f"/f/acme/accounts/{bakery.public_id}/as/{wrong}").status_code == 404
    thief = copy_of(app, client)
    assert thief.get(root).status_code == 200, "the same session in the same cookie"
    person = add_person(deployment.store, "emil@f.example", PASSWORD)
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    emil = browser_for("emil@f.example")
    assert emil.get(root).status_code == 404
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        save_settings(ctx, bakery, {"core.login": {email_id: False}})
    assert client.get(root).status_code == 404
    login(deployment, owned_firm, bakery, ANNA)
    assert client.get(root).status_code == 200
    monkeypatch.setattr(looking, "LASTS", -1)
    press(client, f"/f/acme/accounts/{bakery.public_id}/info", "/look")
    assert client.get(root).status_code == 404, "it was long ago"
