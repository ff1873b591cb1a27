"""What htmx gets: a page to stand in the place of a card, the tab afresh, or the way elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.account_changes import archive_account
from crm_core.accounts import account_of
from crm_core.firm_settings import demand_second_factor
from crm_core.testing.builders import an_account, as_owner
from tests.web.browsing import element, elements, form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

HERE = "http://localhost"


@pytest.fixture
def account(store: Store, catalog: Catalog, owned_firm: Firm) -> Account:
    with as_owner(store, catalog, owned_firm) as ctx:
        return an_account(ctx, "Bakery", first_name="Anna", emails=("anna@x.example",))  # type: ignore[arg-type]


@pytest.fixture
def info(account: Account) -> str:
    return f"/f/acme/accounts/{account.public_id}/info"


def asked_from(page: str) -> Mapping[str, str]:
    """What htmx says of itself on this page."""
    return {"HX-Request": "true", "HX-Current-URL": f"{HERE}{page}"}


def sent(client: FlaskClient, page: str, path: str, **fields: str) -> TestResponse:
    """Opens a form in place and sends it there."""
    piece = client.get(path, headers=asked_from(page)).text
    return client.post(path, data={**form_of(piece, path), **fields}, headers=asked_from(page))


def test_a_form_comes_alone_and_knows_where_it_is_sent(client: FlaskClient, info: str) -> None:
    answer = client.get(f"{info}/edit", headers=asked_from(info))
    assert elements(answer.text)[0].get("class") == "in-place"
    assert element(answer.text, "form").get("action") == f"{info}/edit"
    assert not elements(answer.text, "nav")
    assert "HX-Retarget" not in answer.headers
    whole = client.get(f"{info}/edit").text
    assert elements(whole, "nav")
    assert not elements(whole, "form", action=f"{info}/edit")


def test_a_form_that_is_saved_leads_to_the_tab_afresh_with_its_notice(
    client: FlaskClient, info: str
) -> None:
    answer = sent(client, info, f"{info}/edit", name="Boats")
    assert (answer.status_code, answer.location) == (303, info)
    tab = client.get(info, headers=asked_from(info))
    assert tab.headers["HX-Retarget"] == "#page-body"
    assert element(tab.text, "title").text.startswith("Boats · Info")
    assert element(tab.text, "section", id="bar")
    assert element(tab.text, id="notices").text == "The details are saved."
    assert "Account details" in tab.text


def test_a_refusal_is_the_form_again(client: FlaskClient, info: str) -> None:
    answer = sent(client, info, f"{info}/edit", type="business")
    assert answer.status_code == 422
    assert elements(answer.text)[0].get("class") == "in-place"
    assert "A business needs a company name." in answer.text


def test_a_switch_that_is_refused_shows_the_tab_as_it_is_now_and_says_why(
    client: FlaskClient,
    info: str,
    account: Account,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> None:
    page = client.get(info).text
    login = next(
        e.get("action") for e in elements(page, "form") if e.get("action").endswith("login/on")
    )
    with as_owner(store, catalog, owned_firm) as ctx:
        archive_account(ctx, account_of(ctx, account.public_id))
    answer = client.post(login, data=form_of(page, login), headers=asked_from(info))
    assert (answer.status_code, answer.location) == (303, info)
    said = element(client.get(info, headers=asked_from(info)).text, id="notices")
    assert "is archived" in said.text


def test_what_leads_to_another_page_is_opened_as_one(
    client: FlaskClient,
    info: str,
    account: Account,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        archive_account(ctx, account_of(ctx, account.public_id))
    answer = sent(client, info, f"{info}/delete", name="Bakery")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/f/acme/clients")


def test_who_is_signed_out_or_lacks_a_proof_is_led_there_by_the_whole_page(
    client: FlaskClient, info: str, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        demand_second_factor(ctx, demanded=True)
    answer = client.get(f"{info}/edit", headers=asked_from(info))
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/me/second-factor?next=")
    client.delete_cookie("__Host-crm")
    answer = client.get(f"{info}/edit", headers=asked_from(f"{info}?from=here"))
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/sign-in?next={info}?from%3Dhere"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "http://[",
        "http://elsewhere.example/",
        "javascript:alert(1)",
        "http://localhost//x.example",
    ],
)
def test_nobody_is_led_off_this_site_by_what_a_request_says_of_its_page(
    client: FlaskClient, info: str, page: str
) -> None:
    client.delete_cookie("__Host-crm")
    answer = client.get(f"{info}/edit", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/"


def test_what_is_not_the_viewers_stays_so_in_place(
    client: FlaskClient, info: str, account: Account
) -> None:
    other = info.replace(account.public_id, "0" * 32)
    assert client.get(f"{other}/edit", headers=asked_from(info)).status_code == 404
