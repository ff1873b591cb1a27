"""The Info tab as people use it: editing, linking, describing, switching, archiving, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.access import assign
from crm_core.accounts import account_of
from crm_core.links import linked_contacts
from crm_core.tags import TagChange, add_tag
from crm_core.team import team_of_account
from crm_core.testing.builders import a_contact, a_person, an_account, an_employee, as_owner
from tests.web.browsing import element, elements, form_of, press, send

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.links import LinkedContact
    from crm_core.store.database import Store


@pytest.fixture
def account(store: Store, catalog: Catalog, owned_firm: Firm) -> Account:
    with as_owner(store, catalog, owned_firm) as ctx:
        return an_account(ctx, "Bakery", first_name="Anna", emails=("anna@x.example",))  # type: ignore[arg-type]


@pytest.fixture
def anna(store: Store, catalog: Catalog, owned_firm: Firm, account: Account) -> LinkedContact:
    """The account's contact."""
    with as_owner(store, catalog, owned_firm) as ctx:
        (found,) = linked_contacts(ctx, account)
    return found


@pytest.fixture
def info(account: Account) -> str:
    return f"/f/acme/accounts/{account.public_id}/info"


def test_i1_i3_i4_details_and_tags_are_edited_on_one_form(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, info: str
) -> None:
    """I1, I3, I4."""
    with as_owner(store, catalog, owned_firm) as ctx:
        tag = add_tag(ctx, TagChange(name="VAT"))
    answer = send(
        client,
        f"{info}/edit",
        type="business",
        name="",
        company_name="Boats B.V.",
        city="Hoorn",
        tags=tag.public_id,
    )
    assert answer.location == info
    page = client.get(info).text
    assert element(page, "h1").text == "Boats B.V."
    assert [e.text for e in elements(page, "span", class_="of-grey")] == ["VAT"]
    assert "Hoorn" in page
    refused = send(client, f"{info}/edit", company_name="")
    assert refused.status_code == 422
    assert "A business needs a company name" in refused.text


def test_acc_15_both_versions_stand_side_by_side(client: FlaskClient, info: str) -> None:
    """ACC-15."""
    mine = form_of(client.get(f"{info}/edit").text)
    send(client, f"{info}/edit", name="Theirs")
    stale = client.post(f"{info}/edit", data={**mine, "name": "Mine"})
    assert stale.status_code == 409
    assert "Somebody else saved this" in stale.text
    assert "Theirs" in stale.text
    assert "Mine" in stale.text


def test_acc_15_the_second_of_two_sees_the_tags_that_the_first_gave(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, info: str
) -> None:
    """ACC-15, I4."""
    with as_owner(store, catalog, owned_firm) as ctx:
        given, kept = (add_tag(ctx, TagChange(name=name)).public_id for name in ("Theirs", "Mine"))
    mine = {**form_of(client.get(f"{info}/edit").text), "tags": kept}
    send(client, f"{info}/edit", tags=given)
    stale = client.post(f"{info}/edit", data=mine)
    assert stale.status_code == 409
    assert [e.text for e in elements(stale.text, "dd", class_="differs")] == ["Mine", "Theirs"]
    assert [e.text for e in elements(client.get(info).text, "span", class_="of-grey")] == ["Theirs"]
    again = client.post(f"{info}/edit", data={**form_of(stale.text), "tags": kept})
    assert again.status_code == 303
    assert [e.text for e in elements(client.get(info).text, "span", class_="of-grey")] == ["Mine"]


def test_acc_15_the_second_who_saves_a_team_sees_the_first_ones(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, info: str
) -> None:
    """ACC-15, I5: whatever changed it, a grant by request too."""
    people = [a_person(store) for _ in range(2)]
    with as_owner(store, catalog, owned_firm) as ctx:
        emil, iris = (an_employee(ctx, person_id=person) for person in people)
        account = account_of(ctx, info.split("/")[-2])
    mine = {**form_of(client.get(f"{info}/team").text), "members": str(iris)}
    with as_owner(store, catalog, owned_firm) as ctx:
        assign(ctx, account.id, emil)
    stale = client.post(f"{info}/team", data=mine)
    assert stale.status_code == 409
    assert "Somebody else saved this" in stale.text
    with as_owner(store, catalog, owned_firm) as ctx:
        assert emil in team_of_account(ctx, account.id)
    again = client.post(f"{info}/team", data={**form_of(stale.text), "members": str(iris)})
    assert again.status_code == 303
    with as_owner(store, catalog, owned_firm) as ctx:
        assert set(team_of_account(ctx, account.id)) == {iris}


def test_c1_c2_c3_a_contact_is_added_edited_and_described(client: FlaskClient, info: str) -> None:
    """C1, C2, C3, C4."""
    send(
        client,
        f"{info}/contacts/new",
        first_name="Bert",
        emails="bert@x.example\nsecond@x.example",
        description="CEO",
    )
    page = client.get(info).text
    assert [e.text for e in elements(page, "span", class_="about")] == ["CEO"]
    edit = next(e.get("href") for e in elements(page, "a") if e.text == "Bert")
    wrong = send(client, edit, emails="not an address")
    assert wrong.status_code == 422
    assert "is not an e-mail address" in wrong.text
    assert send(client, edit, last_name="Boat", emails="bert@x.example").status_code == 303
    send(client, f"{edit}/description", description="Director")
    page = client.get(info).text
    assert "Bert Boat" in page
    assert "second@x.example" not in page
    assert [e.text for e in elements(page, "span", class_="about")] == ["Director"]


def test_acc_2_somebody_who_is_a_contact_already_is_found_and_linked(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, info: str
) -> None:
    """ACC-2."""
    with as_owner(store, catalog, owned_firm) as ctx:
        trust = an_account(ctx, "Trust", first_name="Tess")
        (tess,) = linked_contacts(ctx, trust)
        a_contact(ctx, "Other")
    assert "Nobody is called" in client.get(f"{info}/contacts/link?q=xyz").text
    assert "Nobody is called" in client.get(f"{info}/contacts/link?q=anna").text
    page = client.get(f"{info}/contacts/link?q=tess").text
    values = [e.get("value") for e in elements(page, "input", type="radio")]
    assert values == [tess.public_id]
    linked = send(client, f"{info}/contacts/link?q=tess", contact=tess.public_id)
    assert linked.location == info
    shown = client.get(info).text
    assert "Trust" in shown
    contact_page = client.get(f"/f/acme/contacts/{tess.public_id}").text
    assert {"Bakery", "Trust"} <= {e.text for e in elements(contact_page, "a")}
    again = send(client, f"{info}/contacts/link?q=other", contact=tess.public_id)
    assert again.status_code == 422
    assert "linked to the account already" in again.text


def test_c12_unlinking_says_what_follows_and_the_last_one_stays(
    client: FlaskClient, anna: LinkedContact, info: str
) -> None:
    """C12, ACC-3."""
    assert "Unlink" not in client.get(info).text
    refused = send(client, f"{info}/contacts/{anna.public_id}/unlink", sure="1")
    assert "always keeps at least one contact" in refused.text
    send(client, f"{info}/contacts/new", first_name="Bert")
    page = client.get(f"{info}/contacts/{anna.public_id}/unlink").text
    assert "its description and the settings of its e-mail addresses there are gone" in page
    assert send(client, f"{info}/contacts/{anna.public_id}/unlink").status_code == 422
    send(client, f"{info}/contacts/{anna.public_id}/unlink", sure="1")
    assert "anna@x.example" not in client.get(info).text


def test_c5_c6_each_address_is_switched_by_itself(client: FlaskClient, info: str) -> None:
    """C5, C6, ACC-6."""
    send(client, f"{info}/contacts/new", first_name="Bert", emails="bert@x.example")

    def switches() -> dict[str, str]:
        found = elements(client.get(info).text, "button", role="switch")
        return {e.get("aria-label"): e.get("aria-checked") for e in found}

    assert set(switches().values()) == {"false"}
    form = next(
        e
        for e in elements(client.get(info).text, "form")
        if "/addresses/" in e.get("action") and e.get("action").endswith("core.login/on")
    )
    answer = press(client, info, form.get("action"))
    assert answer.location == info
    assert "LOGIN is on for anna@x.example" in client.get(info).text
    assert [label for label, on in switches().items() if on == "true"] == ["LOGIN: anna@x.example"]
    press(client, info, form.get("action").replace("/on", "/off"))
    assert set(switches().values()) == {"false"}


def test_c5_acc_13_nobody_is_given_login_to_an_archived_client(
    client: FlaskClient, info: str
) -> None:
    """C5, ACC-13: the switch is a word; what is sent from a page of before is refused."""
    press(client, info, "login/on")
    send(client, f"{info}/contacts/new", first_name="Bert", emails="bert@x.example")
    before = client.get(info).text
    send(client, f"{info}/archive", sure="1")
    page = client.get(info).text
    shown = [e.text for e in elements(page, "td", data_label="LOGIN")]
    assert shown == ["on", "off"]
    assert len(elements(page, "button", role="switch")) == 2  # NOTIFY
    form = next(
        e.get("action") for e in elements(before, "form") if e.get("action").endswith("login/on")
    )
    refused = client.post(form, data=form_of(before, form))
    assert refused.status_code == 422
    assert "Bakery is archived, so nobody can sign in to it." in refused.text
    assert client.get(info).text.count(">off<") == page.count(">off<")
    press(client, info, f"{info}/bring-back")
    assert press(client, info, "login/on").status_code == 303


def test_acc_13_archive_bring_back_and_delete(client: FlaskClient, info: str) -> None:
    """ACC-13."""
    assert send(client, f"{info}/archive").status_code == 422
    send(client, f"{info}/archive", sure="1")
    assert "is archived" in client.get(info).text
    assert "Bakery" not in client.get("/f/acme/clients").text
    assert "Bakery" in client.get("/f/acme/clients?list=archived").text
    assert "Archived today" in client.get(info).text
    press(client, info, f"{info}/bring-back")
    assert "Bakery" in client.get("/f/acme/clients").text
    assert send(client, f"{info}/delete", name="Bakery").status_code == 422
    send(client, f"{info}/archive", sure="1")
    assert send(client, f"{info}/delete", name="Bakkery").status_code == 422
    gone = send(client, f"{info}/delete", name="Bakery")
    assert gone.location == "/f/acme/clients"
    assert client.get(info).status_code == 404
    assert "anna@x.example" in client.get("/f/acme/contacts").text
