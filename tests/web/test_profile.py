"""The client's profile: its bar and tabs, the Overview and the Info tab."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crm_core.accounts import AccountType, NewAccount, create_account
from crm_core.contacts import Detail, NewContact, add_contact
from crm_core.links import link_contact
from crm_core.modules import switch_module
from crm_core.postal import PostalAddress
from crm_core.testing.builders import a_person, an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.web.browsing import element, elements, form_of
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from tests.web.browsing import Element


@pytest.fixture
def boats(store: Store, catalog: Catalog, owned_firm: Firm) -> Account:
    """A company with three contacts."""
    with as_owner(store, catalog, owned_firm) as ctx:
        account = create_account(
            ctx,
            NewAccount(
                type=AccountType.BUSINESS,
                company_name="Bob's Boats",
                company_address=PostalAddress(street="Quay 1", city="Hoorn"),
                contact=NewContact(first_name="zoe", last_name="Zwart"),
                description="bookkeeper",
                created=datetime(2021, 5, 4, 12, 0, tzinfo=UTC),
            ),
        )
        anna = NewContact(
            first_name="Anna",
            emails=("anna@boats.example", "anna@home.example", "anna@third.example"),
            phone="020-1",
            address=PostalAddress(street="Lane 2", city="Edam"),
            details=(Detail(label="Birthday", value="1970-11-15"),),
        )
        link_contact(ctx, account, add_contact(ctx, anna), "CEO")
        link_contact(ctx, account, add_contact(ctx, NewContact(company="Émile & Co")))
        other = an_account(ctx, "Another account")
        link_contact(ctx, other, add_contact(ctx, anna), "primary contact")
    return account


@pytest.fixture
def profile(boats: Account) -> str:
    return f"/f/acme/accounts/{boats.public_id}"


def facts_of(html: str, heading: str) -> dict[str, str]:
    """The labels and values on the card with this heading."""
    every = elements(html)
    (title,) = [e for e in every if e.tag == "h2" and e.text == heading]
    assert title.parent is not None
    card = title.parent.parent
    assert card is not None
    cells = [e.text for e in every if e.tag in ("dt", "dd") and e.inside(card)]
    return dict(zip(cells[::2], cells[1::2], strict=True))


def tabs_of(html: str) -> list[Element]:
    """The links of the row of tabs."""
    return [e for e in elements(html, "a") if e.parent and e.parent.get("class") == "tabs"]


CONTACTS = ("Anna", "Émile & Co", "zoe Zwart")
PAGES = ("info", "documents", "tasks", "approvals", "signatures", "login_activity", "notes")


def test_r3_the_bar_stands_on_every_tab(client: FlaskClient, profile: str) -> None:
    """R3."""
    tabs = [tab.get("href") for tab in tabs_of(client.get(profile).text)]
    assert tabs == [
        profile,
        *(
            f"{profile}/{page}"
            for page in (
                "info",
                "documents",
                "tasks",
                "approvals",
                "signatures",
                "login_activity",
                "notes",
            )
        ),
    ]
    for path in (*tabs, f"{profile}/notes/new"):
        html = client.get(path).text
        assert element(html, "h1").text == "Bob's Boats"
        assert "A1" in element(html, "p", class_="meta").text
        assert "Business" in element(html, "p", class_="meta").text
        assert element(html, class_="photo").text == "BB"
        assert element(html, "title").text.startswith("Bob's Boats")


@pytest.mark.parametrize(
    ("path", "tab"),
    [("", "Overview"), ("/info", "Info"), ("/notes", "Notes"), ("/notes/new", "Notes")],
)
def test_the_tab_that_is_open_says_so(
    client: FlaskClient, profile: str, path: str, tab: str
) -> None:
    tabs = tabs_of(client.get(profile + path).text)
    assert [e.text for e in tabs if e.get("aria-current") == "page"] == [tab]


def test_the_overview_shows_the_section_of_each_module_with_all_of_it(
    client: FlaskClient, profile: str
) -> None:
    html = client.get(profile).text
    assert [e.text for e in elements(html, "h2")] == [
        "Documents",
        "Tasks",
        "Approvals",
        "Signatures",
        "Login activity",
        "Notes",
    ]
    every = {e.text: e.get("href") for e in elements(html, "a") if e.text.startswith("View all")}
    assert every == {
        "View all: Documents": f"{profile}/documents",
        "View all: Tasks": f"{profile}/tasks",
        "View all: Approvals": f"{profile}/approvals",
        "View all: Signatures": f"{profile}/signatures",
        "View all: Login activity": f"{profile}/login_activity",
        "View all: Notes": f"{profile}/notes",
    }


def test_an_overview_without_modules_says_so(
    client: FlaskClient, profile: str, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        for module in ("approvals", "signatures", "documents", "tasks", "notes", "login_activity"):
            switch_module(ctx, module)
    assert "No module of this firm shows anything here" in client.get(profile).text


def test_i1_i3_the_account_is_told_in_full(client: FlaskClient, profile: str) -> None:
    """I1, I3."""
    facts = facts_of(client.get(f"{profile}/info").text, "Account details")
    assert facts["Name"] == "Bob's Boats"
    assert facts["Number"] == "A1"
    assert facts["Type"] == "Business"
    assert facts["Company name"] == "Bob's Boats"
    assert facts["Company address"] == "Quay 1, Hoorn"
    assert facts["Client since"] == "4 May 2021"


def test_i3_an_individual_has_no_company(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """I3."""
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx, "Anna")
    facts = facts_of(
        client.get(f"/f/acme/accounts/{account.public_id}/info").text, "Account details"
    )
    assert facts["Type"] == "Individual"
    assert "Company name" not in facts


def test_c1_contacts_are_in_alphabetical_order(client: FlaskClient, profile: str) -> None:
    """C1."""
    html = client.get(f"{profile}/info").text
    names = [e.text for e in elements(html, "h2")]
    assert [name for name in names if name in CONTACTS] == list(CONTACTS)


def test_c2_acc_5_the_description_belongs_to_this_account_alone(
    client: FlaskClient, profile: str
) -> None:
    """C2, ACC-5."""
    html = client.get(f"{profile}/info").text
    assert [e.text for e in elements(html, "span", class_="about")] == ["CEO", "bookkeeper"]
    assert "primary contact" not in html


def test_c4_all_addresses_of_a_contact_are_listed_the_primary_first(
    client: FlaskClient, profile: str
) -> None:
    """C4."""
    html = client.get(f"{profile}/info").text
    facts = facts_of(html, "Anna")
    mails = [e.text for e in elements(html, "a") if e.get("href").startswith("mailto:anna")]
    assert mails == ["anna@boats.example", "anna@home.example", "anna@third.example"]
    assert element(html, "a", href="mailto:anna%40home.example").text == "anna@home.example"
    assert facts["Phone"] == "020-1"
    assert facts["Address"] == "Lane 2, Edam"
    assert facts["Birthday"] == "1970-11-15"


def test_acc_4_a_contact_without_an_address_is_said_to_be_unable_to_sign_in(
    client: FlaskClient, profile: str
) -> None:
    """ACC-4."""
    facts = facts_of(client.get(f"{profile}/info").text, "zoe Zwart")
    assert "cannot sign in" in facts["E-mail"]


def test_i5_the_team_is_in_the_bar_and_on_the_info_tab(
    client: FlaskClient,
    profile: str,
    boats: Account,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> None:
    """I5."""
    person = a_person(store)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, accounts=(boats,), person_id=person)
    html = client.get(f"{profile}/info").text
    assert facts_of(html, "Account details")["Team"].startswith("Emil Employee")
    assert "Emil Employee" in element(html, "p", class_="meta").text


def test_r4_who_is_not_assigned_gets_the_page_of_an_account_that_never_was(
    profile: str,
    boats: Account,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[[str], FlaskClient],
) -> None:
    """R4."""
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    emil = browser_for("emil@firm.example")
    for path in ("", "/info", "/notes"):
        answer = emil.get(profile + path)
        assert answer.status_code == 404
        assert "Boats" not in answer.text


def test_acc_15_both_versions_name_a_choice_as_the_form_does(
    client: FlaskClient, profile: str
) -> None:
    """ACC-15."""
    form = {**form_of(client.get(f"{profile}/info/edit").text), "type": "individual"}
    answer = client.post(f"{profile}/info/edit", data={**form, "version": "0"})
    assert answer.status_code == 409
    assert facts_of(answer.text, "What you typed")["Type"] == "Individual"
    assert facts_of(answer.text, "What is saved now")["Type"] == "Business"
