"""Who signed in to the portal, when and from where, and whom signing in failed (2.10, O10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.firms import firm_named
from crm_core.modules import switch_module
from crm_core.testing.builders import an_account, an_employee, as_owner, with_login
from tests.conftest import PASSWORD
from tests.web.browsing import element, elements, sign_in
from tests.web.portal.visiting import ANNA, BEN, a_visitor, login
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.firms import Firm
    from web.bootstrap import Deployment

FIREFOX = {"User-Agent": "Firefox on a train"}


@pytest.fixture
def bakery(deployment: Deployment, owned_firm: Firm) -> Account:
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        return an_account(ctx, "Bakery", emails=(ANNA,))


def lines(page: str) -> list[str]:
    """The rows of the page's first table."""
    body = elements(page, "tbody")
    return [row.text for row in elements(page, "tr") if body and row.inside(body[0])]


def switch(deployment: Deployment) -> None:
    """Switches the module off, or on again."""
    with as_owner(
        deployment.store, deployment.catalog, firm_named(deployment.store, "acme")
    ) as ctx:
        switch_module(ctx, "login_activity")


def card(client: FlaskClient, account: Account) -> str:
    """The section on the Overview."""
    page = client.get(f"/f/acme/accounts/{account.public_id}").text
    (found,) = [e for e in elements(page, "section") if e.text.startswith("Login activity")]
    return found.text


def test_o10_the_section_says_when_each_client_last_signed_in(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """O10: nobody, pending, never, then the moment; once for each session."""
    assert "Nobody can sign in to the portal" in card(client, bakery)
    login(deployment, owned_firm, bakery, ANNA)
    assert "Pending activation" in card(client, bakery)
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    assert "Never signed in" in card(client, bakery), "nothing was opened yet"
    portal, tab = f"/p/acme/{bakery.public_id}", f"/f/acme/accounts/{bakery.public_id}"
    for _time in range(2):
        assert anna.get(portal, headers=FIREFOX).status_code == 200
    assert ANNA in card(client, bakery)
    assert "today" in card(client, bakery)
    (line,) = lines(client.get(f"{tab}/login_activity").text)
    assert "Signed in" in line
    assert "Firefox on a train" in line
    again = app.test_client()
    sign_in(again, ANNA)
    again.head(portal)
    assert len(lines(client.get(f"{tab}/login_activity").text)) == 1, "HEAD writes nothing"
    again.get(portal)
    page = client.get(f"{tab}/login_activity").text
    assert len(lines(page)) == 2
    assert "Accepted" in page


def test_failed_attempts_are_listed_for_clients_of_the_firm_alone(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """2.10: failed ones too; what somebody else missed does not show."""
    a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    stranger = app.test_client()
    for address in (ANNA, "ANNA@client.example", "nobody@else.example"):
        assert sign_in(stranger, address, "not the password").status_code == 200
    page = client.get(f"/f/acme/accounts/{bakery.public_id}/login_activity").text
    wrong = [line for line in lines(page) if "Wrong password" in line]
    assert len(wrong) == 2
    assert "nobody@else.example" not in page


def test_the_list_shows_and_filters_who_signed_in(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """LST-1: the column of the last sign-in; never, pending, offline."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        mill = an_account(ctx, "Mill", emails=(BEN,))
        an_account(ctx, "Offline")
        with_login(ctx, mill)
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    anna.get(f"/p/acme/{bakery.public_id}")

    def listed(state: str) -> list[str]:
        page = client.get(f"/f/acme/clients?login_activity.state={state}").text
        return [
            e.text
            for e in elements(page, "a")
            if e.parent and "Client" not in e.text and e.get("href").startswith("/f/acme/accounts/")
        ]

    assert listed("never") == ["Mill", "Offline"]
    assert listed("pending") == ["Mill"]
    assert listed("offline") == ["Offline"]
    shown = client.get("/f/acme/clients?column=login_activity.last").text
    assert "today" in element(shown, "tbody").text


def test_owner_and_admins_see_the_sign_ins_of_the_team(
    client: FlaskClient,
    deployment: Deployment,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    """2.10: colleagues too, for those who manage the team; not those of clients."""
    person = add_person(deployment.store, "emil@firm.example", PASSWORD)
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    emil = browser_for("emil@firm.example")
    assert emil.get("/f/acme/home", headers=FIREFOX).status_code == 200
    assert emil.get("/f/acme/login_activity/team").status_code == 403
    page = client.get("/f/acme/login_activity/team").text
    assert [line.split(" ")[0] for line in lines(page)] == ["Olga", "Emil"]
    assert "Firefox on a train" in page


def test_switched_off_it_notes_nothing_and_what_it_knew_returns(
    app: Flask, client: FlaskClient, deployment: Deployment, owned_firm: Firm, bakery: Account
) -> None:
    """A module that is off does not react; the sign-in works all the same."""
    anna = a_visitor(app, client, deployment, owned_firm, bakery, ANNA)
    switch(deployment)
    assert anna.get(f"/p/acme/{bakery.public_id}").status_code == 200
    switch(deployment)
    assert "Never signed in" in card(client, bakery)
