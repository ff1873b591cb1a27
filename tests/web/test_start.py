"""Where one arrives: at the home page of the one firm, or at a choice of firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.permissions import Role
from crm_core.store.tables import MemberRow
from crm_core.testing.builders import a_firm, an_employee, as_owner
from tests.web.browsing import element, elements

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store


def test_the_start_leads_to_the_home_page_of_the_one_firm(client: FlaskClient) -> None:
    assert client.get("/").location == "/f/acme/home"


def test_who_is_in_two_firms_chooses(
    client: FlaskClient, store: Store, catalog: Catalog, owner_person: int
) -> None:
    a_firm(store, "foreign")
    with as_owner(store, catalog, a_firm(store, "other")) as ctx:
        an_employee(ctx, person_id=owner_person)
    html = client.get("/").text
    assert element(html, "h1").text == "Your firms"
    rows = [e for e in elements(html, "a") if e.get("href").startswith("/f/")]
    assert [(e.text, e.get("href")) for e in rows] == [
        ("Acme", "/f/acme/home"),
        ("Other", "/f/other/home"),
    ]


def test_a_firm_that_one_left_is_no_longer_offered(
    client: FlaskClient, store: Store, catalog: Catalog, owner_person: int
) -> None:
    other = a_firm(store, "other")
    with as_owner(store, catalog, other) as ctx:
        an_employee(ctx, person_id=owner_person)
    with as_owner(store, catalog, other) as ctx:
        MemberRow.change(ctx, active=False).where(MemberRow.role == Role.EMPLOYEE).execute()
    assert client.get("/").location == "/f/acme/home"


def test_a_firms_address_alone_leads_to_its_home_page(client: FlaskClient) -> None:
    answer = client.get("/f/acme/")
    assert answer.location == "/f/acme/home"
    assert client.get("/f/acme", follow_redirects=True).status_code == 200


def test_a_stranger_is_led_to_the_sign_in_page_from_everywhere(
    app: Flask, owned_firm: Firm
) -> None:
    stranger = app.test_client()
    assert stranger.get("/").location == "/sign-in"
    answer = stranger.get("/f/acme/", follow_redirects=True)
    assert element(answer.text, "h1").text == "Sign in"


def test_health_answers_anybody_and_asks_the_database(app: Flask) -> None:
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.text) == (200, "ok\n")
