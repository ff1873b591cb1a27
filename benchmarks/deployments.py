"""A deployment to measure: the demonstration firm, and a client that is signed in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.contexts import context_for_owner
from crm_core.demo.clients import demo_clients
from crm_core.demo.filling import fill_firm
from crm_core.testing.builders import a_firm
from web.app import create_app
from web.bootstrap import Deployment, assemble, migrate_deployment, ready
from web.settings import Settings
from web.signin.people import add_person

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm

ADDRESS = "olga@firm.example"
PASSWORD = "correct horse battery"


@frozen
class Demo:
    """A deployment with a firm of 200 clients, and one of its accounts."""

    deployment: Deployment
    firm: Firm
    account: Account


def demo_deployment(folder: Path) -> Demo:
    """Makes the demonstration firm in a new SQLite database."""
    deployment = assemble(Settings(folder=folder, database_url="", owner_url="", base_url=""))
    migrate_deployment(deployment)
    ready(deployment)
    store = deployment.store
    firm = a_firm(store, "bench", add_person(store, ADDRESS, PASSWORD))
    with store.firm_transaction(firm.id, write=True):
        ctx = context_for_owner(store, deployment.catalog, firm)
        accounts = fill_firm(ctx, demo_clients())
    return Demo(deployment, firm, accounts[0].account)


def signed_in(demo: Demo) -> FlaskClient:
    """A client of the application in which the owner is signed in."""
    return client_of(demo.deployment, ADDRESS)


def client_of(deployment: Deployment, address: str, app: Flask | None = None) -> FlaskClient:
    """A client of the application in which somebody is signed in, whose password is PASSWORD."""
    client = (app or create_app(deployment)).test_client()
    token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": address, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=form).status_code == 302
    return client
