"""Lists of clients: filters in the address, and lists that one keeps under a name (LST-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.address_settings import save_settings
from crm_core.links import linked_contacts
from crm_core.tags import TagChange, add_tag, set_tags
from crm_core.testing.builders import an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.web.browsing import elements, press, send
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

CLIENTS = "/f/acme/clients"


def names(client: FlaskClient, query: str = "") -> list[str]:
    every = elements(client.get(f"{CLIENTS}?{query}").text)
    rows = [e for e in every if e.tag == "tbody"]
    return [e.text for e in every if e.tag == "a" and e.inside(rows[0])] if rows else []


@pytest.fixture
def tag(store: Store, catalog: Catalog, owned_firm: Firm) -> str:
    """A tag that the Bakery has; the Butcher has LOGIN."""
    with as_owner(store, catalog, owned_firm) as ctx:
        bakery = an_account(ctx, "Bakery")
        butcher = an_account(ctx, "Butcher", emails=("b@x.example",))  # type: ignore[arg-type]
        made = add_tag(ctx, TagChange(name="VAT"))
        set_tags(ctx, bakery, [made.id])
        (contact,) = linked_contacts(ctx, butcher)
        save_settings(ctx, butcher, {"core.login": {contact.addresses[0].id: True}})
    return made.public_id


def test_filters_stand_in_the_address_and_nonsense_is_ignored(
    client: FlaskClient, tag: str
) -> None:
    """LST-1, ACC-11."""
    assert names(client, f"tag={tag}") == ["Bakery"]
    assert names(client, "login=on") == ["Butcher"]
    assert names(client, "login=off") == ["Bakery"]
    assert names(client, f"login=on&tag={tag}") == []
    assert "No client fits these filters" in client.get(f"{CLIENTS}?login=on&tag={tag}").text
    assert names(client, "sort=-name") == ["Butcher", "Bakery"]
    nonsense = "type=x&tag=y&member=z&sort=w&column=v&login=u&list=t&after=s"
    assert names(client, nonsense) == ["Bakery", "Butcher"]
    assert "Client since" in client.get(f"{CLIENTS}?column=created&column=team").text


def test_a_list_is_kept_found_again_and_removed(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
    tag: str,
) -> None:
    """LST-1: saved filters, of their keeper alone."""
    page = client.get(f"{CLIENTS}?tag={tag}&sort=-name").text
    keep = next(e.get("href") for e in elements(page, "a") if e.text == "Keep this list")
    kept = send(client, keep, name="With VAT")
    assert kept.status_code == 303
    assert names(client, kept.location.partition("?")[2]) == ["Bakery"]
    assert "You have a list With VAT already" in send(client, keep, name="With VAT").text
    page = client.get(CLIENTS).text
    place = next(e.get("href") for e in elements(page, "a") if e.text == "With VAT")
    assert place == kept.location
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    assert "With VAT" not in browser_for("emil@firm.example").get(CLIENTS).text
    press(client, CLIENTS, "/remove")
    assert [e.text for e in elements(client.get(CLIENTS).text, "a") if e.text == "With VAT"] == []
