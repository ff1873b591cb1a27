"""The list of clients (R2): whom it shows, in which order, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.accounts import AccountType, NewAccount, create_accounts
from crm_core.contacts import NewContact
from crm_core.listing import paging
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_ACCOUNTS
from crm_core.testing.builders import a_firm, an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.web.browsing import element, elements
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

CLIENTS = "/f/acme/clients"


def names_on(html: str) -> list[str]:
    """The names in the table."""
    every = elements(html)
    rows = [e for e in every if e.tag == "tbody"]
    return [e.text for e in every if e.tag == "a" and e.inside(rows[0])] if rows else []


def many(ctx: Context, count: int) -> None:
    create_accounts(
        ctx,
        [
            NewAccount(
                type=AccountType.INDIVIDUAL, contact=NewContact(first_name=f"Client {number:03}")
            )
            for number in range(count)
        ],
    )


def test_r2_a_click_on_the_name_opens_the_profile(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """R2."""
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx, "Bakery")
    html = client.get(CLIENTS).text
    (row,) = [e for e in elements(html, "a") if e.text == "Bakery"]
    assert row.get("href") == f"/f/acme/accounts/{account.public_id}"
    assert account.number in html
    assert "Bakery" in client.get(row.get("href")).text


def test_names_are_in_order_whatever_their_capitals_and_accents(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        for name in ("zebra", "Étoile", "apple", "Fox", "École"):
            an_account(ctx, name)
    assert names_on(client.get(CLIENTS).text) == ["apple", "École", "Étoile", "Fox", "zebra"]


def test_every_client_is_on_one_page_forwards_and_back(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        many(ctx, 120)
    expected = [f"Client {number:03}" for number in range(120)]
    pages, path = [], CLIENTS
    while path:
        html = client.get(path).text
        pages.append(names_on(html))
        previous = [e.get("href") for e in elements(html, "a", rel="prev")]
        path = next((e.get("href") for e in elements(html, "a", rel="next")), "")
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == expected
    html = client.get(previous[0]).text
    assert names_on(html) == pages[1]
    first = client.get(element(html, "a", rel="prev").get("href")).text
    assert names_on(first) == pages[0]
    assert not elements(first, "a", rel="prev")


def test_clients_of_the_same_name_are_all_met_page_by_page(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        create_accounts(
            ctx,
            [
                NewAccount(type=AccountType.INDIVIDUAL, contact=NewContact(first_name="Jan"))
                for _ in range(101)
            ],
        )
    numbers, path = [], CLIENTS
    while path:
        html = client.get(path).text
        numbers += [e.text for e in elements(html, "td", class_="amount")]
        path = next((e.get("href") for e in elements(html, "a", rel="next")), "")
    assert len(numbers) == len(set(numbers)) == 101


def test_the_count_is_exact_up_to_its_cap(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        many(ctx, 7)
    assert element(client.get(CLIENTS).text, "span", class_="count").text == "7"
    monkeypatch.setattr(paging, "COUNT_CAP", 5)
    assert element(client.get(CLIENTS).text, "span", class_="count").text == "5+"


def test_a_page_that_goes_on_from_nowhere_is_the_first(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        an_account(ctx, "Bakery")
    with as_owner(store, catalog, a_firm(store)) as ctx:
        foreign = an_account(ctx, "Aardvark").public_id
    for after in ("gone", foreign, "0" * 500):
        for way in ("after", "before"):
            html = client.get(CLIENTS, query_string={way: after}).text
            assert names_on(html) == ["Bakery"], (way, after)


def test_r4_an_employee_sees_the_clients_that_they_are_assigned_to(
    store: Store, catalog: Catalog, owned_firm: Firm, browser_for: Callable[[str], FlaskClient]
) -> None:
    """R4."""
    plain = add_person(store, "plain@firm.example", PASSWORD)
    seeing = add_person(store, "seeing@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        mine = an_account(ctx, "Mine")
        an_account(ctx, "Another's")
        an_employee(ctx, accounts=(mine,), person_id=plain)
        an_employee(ctx, VIEW_ALL_ACCOUNTS, person_id=seeing)
    html = browser_for("plain@firm.example").get(CLIENTS).text
    assert names_on(html) == ["Mine"]
    assert element(html, "span", class_="count").text == "1"
    assert "clients/new" not in html
    html = browser_for("seeing@firm.example").get(CLIENTS).text
    assert names_on(html) == ["Another's", "Mine"]


def test_an_empty_list_says_what_to_do_next_to_whom_may_do_it(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[[str], FlaskClient],
) -> None:
    html = client.get(CLIENTS).text
    assert "crm import FILE.csv --firm acme" in html
    assert len(elements(html, "a", href="/f/acme/clients/new")) == 2
    for address, rights in (("plain@x.example", ()), ("managing@x.example", (MANAGE_ACCOUNTS,))):
        person = add_person(store, address, PASSWORD)
        with as_owner(store, catalog, owned_firm) as ctx:
            an_employee(ctx, *rights, person_id=person)
        html = browser_for(address).get(CLIENTS).text
        assert ("clients/new" in html) is bool(rights)
        assert ("No client is assigned to you yet" in html) is (not rights)
