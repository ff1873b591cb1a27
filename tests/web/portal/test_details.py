"""Clients change their own data and the photo, and nothing of anybody else (POR-5)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign
from crm_core.audit import history
from crm_core.links import link_contact, linked_contacts
from crm_core.testing.builders import a_contact, an_account, as_owner
from tests.pictures import encoded, quarters
from tests.web.browsing import elements, form_of, press, send
from tests.web.portal.visiting import ANNA, a_visitor

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from web.bootstrap import Deployment


@pytest.fixture
def bakery(deployment: Deployment, owned_firm: Firm) -> Account:
    """An account with two contacts, Anna and Ben."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        account = an_account(ctx, "Bakery", emails=(ANNA,), phone="1")
        link_contact(ctx, account, a_contact(ctx, "Ben", "ben@client.example"))
    return account


@pytest.fixture
def anna(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> FlaskClient:
    return a_visitor(app, client, deployment, owned_firm, bakery, ANNA)


def contacts(deployment: Deployment, firm: Firm, account: Account) -> dict[str, str]:
    """The public ids of the account's contacts by their first names."""
    with as_owner(deployment.store, deployment.catalog, firm, write=False) as ctx:
        return {c.first_name: c.public_id for c in linked_contacts(ctx, account)}


def test_por_5_a_client_edits_own_data_and_the_history_says_who(
    anna: FlaskClient,
    client: FlaskClient,
    deployment: Deployment,
    owned_firm: Firm,
    bakery: Account,
) -> None:
    """POR-5: names, phone and address; the e-mail address is the firm's to change."""
    root = f"/p/acme/{bakery.public_id}/details"
    page = anna.get(root).text
    assert "Ben" not in page
    (edit,) = [e.get("href") for e in elements(page, "a") if e.text.startswith("Edit")]
    stale = form_of(anna.get(edit).text)
    changed = send(anna, edit, first_name="Anna", last_name="Visser", phone="2", city="Delft")
    assert changed.location == root
    again = anna.post(edit, data={**stale, "_once": "f" * 32, "phone": "3"})
    assert again.status_code == 409, "somebody saved it first"
    with as_owner(deployment.store, deployment.catalog, owned_firm, write=False) as ctx:
        (found,) = [c for c in linked_contacts(ctx, bakery) if c.first_name == "Anna"]
        assert (found.last_name, found.phone, found.emails) == ("Visser", "2", (ANNA,))
        entry = history(ctx, contact_id=found.id).entries[0]
    assert (entry.event, entry.who[:5]) == ("contacts.contact_changed", "Carla")
    assert entry.after["city"] == "Delft"
    assert "changed their own details" not in client.get("/f/acme/inbox").text, "no follower"


def test_por_5_those_who_follow_the_client_are_told(
    anna: FlaskClient,
    client: FlaskClient,
    deployment: Deployment,
    owned_firm: Firm,
    bakery: Account,
) -> None:
    """POR-5: one entry in the inbox, however often they save."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        assign(ctx, bakery.id, ctx.viewer.member_id)
    own = contacts(deployment, owned_firm, bakery)["Carla"]
    edit = f"/p/acme/{bakery.public_id}/details/{own}/edit"
    for phone in ("2", "3"):
        assert send(anna, edit, phone=phone).status_code == 303
    entries = elements(client.get("/f/acme/inbox").text, "li")
    assert len([e for e in entries if "changed their own details" in e.text]) == 1


def test_por_5_nobody_elses_data_can_be_reached(
    anna: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """POR-5: another contact of the same account is as one that never was."""
    ben = contacts(deployment, owned_firm, bakery)["Ben"]
    for name in (ben, "0" * 32):
        path = f"/p/acme/{bakery.public_id}/details/{name}/edit"
        assert anna.get(path).status_code == 404
        own = contacts(deployment, owned_firm, bakery)["Carla"]
        form = form_of(anna.get(f"/p/acme/{bakery.public_id}/details/{own}/edit").text)
        assert anna.post(path, data=form).status_code == 404


def test_por_5_a_client_uploads_and_removes_the_photo(
    anna: FlaskClient, client: FlaskClient, bakery: Account
) -> None:
    """POR-5, I2: staff see the photo that the client chose."""
    root = f"/p/acme/{bakery.public_id}"
    path = f"{root}/photo/edit"
    form = {**form_of(anna.get(path).text), "file": (BytesIO(encoded(quarters(40, 40))), "me.png")}
    assert anna.post(path, data=form).status_code == 303
    for browser, page in ((anna, root), (client, f"/f/acme/accounts/{bakery.public_id}")):
        (photo,) = elements(browser.get(page).text, "img", class_="photo")
        answer = browser.get(photo.get("src"))
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert press(anna, f"{root}/details", "/photo/remove").status_code == 303
    assert not elements(anna.get(root).text, "img", class_="photo")
