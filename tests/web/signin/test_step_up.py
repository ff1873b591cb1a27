"""Proving again who one is, and a firm that demands a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm_core.firm_settings import demand_second_factor
from crm_core.refusals import NotAllowed
from crm_core.testing.builders import a_firm, an_employee, as_owner, as_person
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import elements, form_of, send, sign_in
from tests.web.signin.acting import confirm, set_up_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    import time_machine
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

INVITE = "/f/acme/settings/team/invite"
COLLEAGUE = {"name": "Iris", "address": "iris@firm.example", "role": "employee"}


@pytest.fixture
def client(clock: time_machine.Traveller, client: FlaskClient) -> FlaskClient:
    """The owner's browser, signed in by the clock of the test."""
    return client


@pytest.fixture
def later(clock: time_machine.Traveller, client: FlaskClient) -> FlaskClient:
    """The owner's browser, a quarter of an hour after signing in."""
    clock.shift(timedelta(minutes=15))
    return client


def test_a_quarter_of_an_hour_after_signing_in_it_is_open(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    clock.shift(timedelta(minutes=14, seconds=59))
    assert client.get(INVITE).status_code == 200


def test_then_it_asks_first_and_leads_back(later: FlaskClient) -> None:
    asked = later.get(f"{INVITE}?x=1")
    assert asked.status_code == 303
    assert asked.location == f"/me/confirm?next={INVITE}?x%3D1"
    page = later.get(asked.location)
    assert "What you sent was not saved" not in page.text
    answer = later.post(asked.location, data={**form_of(page.text), "password": PASSWORD})
    assert answer.location == f"{INVITE}?x=1"
    assert later.get(INVITE).status_code == 200


def test_other_pages_stay_open(later: FlaskClient) -> None:
    assert later.get("/f/acme/clients").status_code == 200
    assert later.get("/me").status_code == 200
    assert later.get("/me/sessions").status_code == 200


def test_what_was_sent_too_late_is_not_lost_silently(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    secrets = form_of(client.get(INVITE).text)
    clock.shift(timedelta(minutes=15))
    answer = client.post(INVITE, data={**secrets, **COLLEAGUE})
    assert answer.status_code == 303
    assert answer.location == f"/me/confirm?next={INVITE}&again=1"
    assert "What you sent was not saved" in client.get(answer.location).text
    assert "Iris" not in client.get("/f/acme/settings/team").text
    confirm(client)
    sent = client.post(INVITE, data={**secrets, **COLLEAGUE})
    assert sent.location != answer.location
    assert "Iris" in client.get("/f/acme/settings/team").text


def test_a_wrong_password_opens_nothing(later: FlaskClient) -> None:
    answer = confirm(later, "wrong horse battery")
    assert answer.status_code == 422
    assert "This is not your password" in answer.text
    assert later.get(INVITE).status_code == 303


def test_with_a_second_factor_it_wants_the_code_too(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    factor = set_up_factor(client)
    clock.shift(timedelta(minutes=15))
    assert confirm(client, code="").status_code == 422
    assert confirm(client, code="000000").status_code == 422
    assert client.get(INVITE).status_code == 303
    assert confirm(client, code=factor.phone.code()).status_code == 303
    assert client.get(INVITE).status_code == 200
    clock.shift(timedelta(minutes=15))
    assert confirm(client, code=factor.codes[0]).status_code == 303


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil", ""])
def test_it_leads_nowhere_outside(later: FlaskClient, elsewhere: str) -> None:
    path = "/me/confirm"
    secrets = form_of(later.get(path).text)
    answer = later.post(
        path, query_string={"next": elsewhere}, data={**secrets, "password": PASSWORD}
    )
    assert answer.location == "/"


def test_who_may_not_is_told_that_and_not_asked_for_a_password(
    later: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
    clock: time_machine.Traveller,
) -> None:
    emil = employee(store, catalog, owned_firm, browser_for)
    clock.shift(timedelta(minutes=15))
    assert emil.get(INVITE).status_code == 403


def test_a_firm_that_demands_a_factor_opens_to_nobody_without(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, owner_person: int
) -> None:
    a_firm(store, "other", owner_person)
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    for path in ("/f/acme/clients", "/f/acme/settings/team"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, f"/me/second-factor?next={path}")
    secrets = form_of(client.get("/f/other/clients/new").text)
    sent = client.post("/f/acme/clients/new", data={**secrets, "type": "business"})
    assert sent.location == "/me/second-factor?next=/f/acme/clients/new"
    for path in ("/f/other/clients", "/me", "/me/password", "/"):
        assert client.get(path).status_code == 200, path


def test_setting_one_up_opens_it_and_leads_back(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    way = client.get("/f/acme/clients").location
    page = client.get(way).text
    from tests.web.browsing import element
    from tests.web.signin.acting import Phone

    code = Phone(element(page, "code").text.replace(" ", "")).code()
    done = client.post(way, data={**form_of(page), "code": code})
    assert [a.get("href") for a in elements(done.text, "a", class_="primary")] == [
        "/f/acme/clients"
    ]
    assert client.get("/f/acme/clients").status_code == 200


def test_a_stranger_to_the_firm_learns_nothing_of_its_demand(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    from web.signin.people import add_person

    add_person(store, "eve@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    assert browser_for("eve@firm.example").get("/f/acme/clients").status_code == 404


def test_the_demand_needs_the_right_and_stands_in_the_history(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, owner_person: int
) -> None:
    from crm_core.testing.builders import a_person

    emil = a_person(store)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=emil)
    with pytest.raises(NotAllowed), as_person(store, catalog, owned_firm, emil) as ctx:
        demand_second_factor(ctx, demanded=True)
    for demanded in (True, True, False):
        with as_owner(store, catalog, owned_firm) as ctx:
            demand_second_factor(ctx, demanded=demanded)
    page = client.get("/f/acme/settings/history").text
    assert page.count("Firm settings changed") == 2


def employee(
    store: Store, catalog: Catalog, firm: Firm, browser_for: Callable[..., FlaskClient]
) -> FlaskClient:
    """The browser of a member without any right."""
    from web.signin.people import add_person

    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, firm) as ctx:
        an_employee(ctx, person_id=person)
    return browser_for("emil@firm.example")


def test_signing_in_is_such_a_proof(later: FlaskClient) -> None:
    send(later, "/me/confirm", password=PASSWORD)
    secrets = form_of(later.get("/f/acme/clients").text, "/sign-out")
    later.post("/sign-out", data=secrets)
    sign_in(later, ADDRESS)
    assert later.get(INVITE).status_code == 200
