"""Adding a client: an account and its first contact in one form (ACC-1, ACC-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.listing.accounts import list_accounts
from crm_core.store.tables import ContactRow
from crm_core.testing.builders import as_owner
from tests.web.browsing import element, form_of, send

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

NEW = "/f/acme/clients/new"


def test_a_new_client_has_its_page_its_number_and_a_word_of_confirmation(
    client: FlaskClient,
) -> None:
    answer = send(
        client,
        NEW,
        first_name="Anna",
        middle_name="de",
        last_name="Visser",
        email="Anna@Visser.Example",
        phone="+31 20 1234567",
        description="herself",
    )
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert element(page, "h1").text == "Anna de Visser"
    assert "Anna de Visser is added, with the number A1." in element(page, role="status").text
    assert "is added" not in client.get(answer.location).text
    info = client.get(f"{answer.location}/info").text
    for text in ("Anna@visser.example", "+31 20 1234567", "herself", "Individual"):
        assert text in info


def test_acc_9_an_account_without_a_name_gets_its_contacts_or_its_companys(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """ACC-9."""
    send(client, NEW, first_name="Anna", last_name="Visser", company_name="Not a business")
    send(client, NEW, type="business", first_name="Bob", company_name="Bob's Boats")
    send(client, NEW, name="By hand", first_name="Carl")
    send(client, NEW, email="dora@x.example")
    with as_owner(store, catalog, owned_firm) as ctx:
        made = {account.number: account.name for account in list_accounts(ctx).accounts}
    assert made == {
        "A1": "Anna Visser",
        "A2": "Bob's Boats",
        "A3": "By hand",
        "A4": "dora@x.example",
    }


def test_i3_a_business_has_its_company_and_address_on_the_account(client: FlaskClient) -> None:
    """I3."""
    answer = send(
        client,
        NEW,
        type="business",
        company_name="Bob's Boats",
        street="Quay 1",
        postcode="1011 AB",
        city="Amsterdam",
        country="Netherlands",
        first_name="Bob",
    )
    info = client.get(f"{answer.location}/info").text
    assert "Quay 1, 1011 AB Amsterdam, Netherlands" in info


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "first_name", "The contact needs a name or an e-mail address."),
        (
            {"type": "business", "first_name": "Bob"},
            "company_name",
            "A business needs a company name.",
        ),
        ({"type": "", "first_name": "Bob"}, "type", "Please fill in: Type."),
        ({"type": "trust", "first_name": "Bob"}, "type", "not one of the possible answers"),
        ({"first_name": "B", "email": "bob"}, "email", "bob is not an e-mail address."),
        ({"first_name": "B", "postcode": "1" * 21}, "postcode", "At most 20 characters"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_stored(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    typed: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    answer = send(client, NEW, **typed, description="typed already")
    assert answer.status_code == 422
    assert sentence in element(answer.text, id=f"{field}-error").text
    assert form_of(answer.text)["description"] == "typed already"
    with as_owner(store, catalog, owned_firm) as ctx:
        assert list_accounts(ctx).count == 0
        assert ContactRow.of(ctx).count() == 0


def test_a_number_is_not_used_up_by_a_form_that_was_refused(client: FlaskClient) -> None:
    send(client, NEW, type="business", first_name="Bob")
    answer = send(client, NEW, first_name="Anna")
    assert "A1" in client.get(answer.location).text


def test_notices_that_nobody_came_to_read_do_not_pile_up(client: FlaskClient) -> None:
    form = form_of(client.get(NEW).text)
    for number in range(3):
        mine = {"first_name": f"Number {number}", "_once": f"{number:032x}"}
        answer = client.post(NEW, data={**form, **mine})
        assert answer.status_code == 303
    notices = element(client.get(answer.location).text, role="status").text
    assert "Number 2 is added" in notices
    assert "Number 1" not in notices
