"""Custom fields on their pages: made in the settings, filled in, shown on the Info tab (I6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crm_core.fields.defining import archive_field, fields_of
from crm_core.fields.values import Owner
from crm_core.links import linked_contacts
from crm_core.permissions import MANAGE_CONTACTS
from crm_core.testing.builders import an_account, an_employee, as_owner
from crm_core.testing.recording import recorded
from tests.conftest import PASSWORD
from tests.core.fields.filled import a_field, fill
from tests.web.browsing import element, elements, form_of, press, send
from tests.web.test_hostile_texts import assert_harmless, in_groups
from tests.web.test_profile import facts_of
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.fields.values import CustomField
    from crm_core.firms import Firm
    from crm_core.store.database import Store

SETTINGS = "/f/acme/settings/fields"


@pytest.fixture
def account(store: Store, catalog: Catalog, owned_firm: Firm) -> Account:
    with as_owner(store, catalog, owned_firm) as ctx:
        return an_account(ctx, "Bakery", first_name="Anna", last_name="Bos")


@pytest.fixture
def info(account: Account) -> str:
    return f"/f/acme/accounts/{account.public_id}/info"


@pytest.fixture
def made(store: Store, catalog: Catalog, owned_firm: Firm) -> Callable[..., CustomField]:
    def make(*said: str, **more: bool) -> CustomField:
        with as_owner(store, catalog, owned_firm) as ctx:
            return a_field(ctx, *said, **more)  # type: ignore[arg-type]

    return make


def names(client: FlaskClient, owner: str = "account") -> list[str]:
    """The names of the live fields of a set, in the order of the settings."""
    html = client.get(SETTINGS).text
    every = elements(html)
    (card,) = [e for e in every if e.get("aria-labelledby") == f"of-{owner}"]
    live = [e for e in every if e.tag == "ol" and e.inside(card)]
    links = [e for e in every if e.tag == "bdi" and e.parent and e.parent.tag == "a"]
    return [e.text for e in links if any(e.inside(rows) for rows in live)]


def test_i6_a_field_is_added_and_asked_and_shown(client: FlaskClient, info: str) -> None:
    """I6: it is asked among the account's details."""
    groups = [e.text for e in elements(client.get(f"{info}/edit").text, "legend")]
    assert "Custom fields" not in groups
    form = {"owner": "account", "label": "Start of the work", "type": "date", "help": "Day one"}
    answer = send(client, f"{SETTINGS}/new", **form)
    assert answer.headers["Location"] == SETTINGS
    assert names(client) == ["Start of the work"]
    page = client.get(f"{info}/edit").text
    assert "Custom fields" in [e.text for e in elements(page, "legend")]
    (asked,) = [e for e in elements(page, "input") if e.get("type") == "date"]
    assert element(page, "p", id=f"{asked.get('id')}-help").text == "Day one"
    answer = send(client, f"{info}/edit", **{asked.get("name"): "2026-02-28"})
    assert answer.headers["Location"] == info
    assert facts_of(client.get(info).text, "Account details")["Start of the work"] == "28 Feb 2026"


def test_c1_c4_a_field_of_contacts_is_filled_in_with_the_contact(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    """C1, C4: on the Info tab, and on the contact's own page."""
    site = made("contact", "web", "Site")
    work = made("contact", "email", "Work")
    html = client.get(info).text
    (link,) = [e for e in elements(html, "a") if e.text == "Anna Bos"]
    answer = send(
        client, link.get("href"), **{site.name: "example.com", work.name: "anna@work.example"}
    )
    assert answer.headers["Location"] == info
    html = client.get(info).text
    facts = facts_of(html, "Anna Bos")
    assert facts["Site"] == "https://example.com"
    # It stands with the contact's addresses, under its label, and not a second time.
    address = element(html, "a", href="mailto:anna%40work.example")
    assert address.text == "anna@work.example"
    assert address.parent is not None
    assert address.parent.text.startswith("anna@work.example Work")
    assert "Work" not in facts
    shown = element(html, "a", href="https://example.com")
    assert shown.get("rel") == "noopener noreferrer"
    (page,) = [e.get("href") for e in elements(html, "a") if e.text.startswith("Open")]
    assert facts_of(client.get(page).text, "Contact details")["E-mail"] == "anna@work.example Work"
    assert send(client, f"{page}/edit", **{work.name: "", site.name: ""}).status_code == 303
    emptied = facts_of(client.get(page).text, "Contact details")
    assert emptied["E-mail"].startswith("no e-mail address")
    assert "Site" not in emptied


def test_i6_c4_a_new_client_and_a_new_contact_are_asked_and_required_ones_are_demanded(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    """I6, C4: nothing is stored until all that has to be filled in is."""
    since = made("account", "date", "Since", required=True)
    work = made("contact", "email", "Work", required=True)
    new = "/f/acme/clients/new"
    legends = [e.text for e in elements(client.get(new).text, "legend")]
    assert legends[-2:] == ["Custom fields of the client", "Custom fields of the contact"]
    refused = send(client, new, first_name="Bert")
    assert refused.status_code == 422
    for field in (since, work):
        said = element(refused.text, id=f"{field.name}-error").text
        assert said == f"Please fill in: {field.label}."
    assert "Bert" not in client.get("/f/acme/contacts").text
    filled = {since.name: "2026-02-28", work.name: "bert@work.example"}
    added = send(client, new, first_name="Bert", **filled)
    assert added.status_code == 303
    page = client.get(f"{added.location}/info").text
    assert facts_of(page, "Account details")["Since"] == "28 Feb 2026"
    assert element(page, "a", href="mailto:bert%40work.example")

    added = f"{info}/contacts/new"
    assert send(client, added, first_name="Mia").status_code == 422
    answer = send(client, added, first_name="Mia", **{work.name: "mia@work.example"})
    assert answer.location == info
    assert element(client.get(info).text, "a", href="mailto:mia%40work.example")


def test_one_address_does_not_stand_twice_in_a_form(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    """C4: nothing of the form is saved, and the sentence stands at its field."""
    work = made("contact", "email", "Work")
    same = {"emails": "mia@x.example", work.name: "Mia@x.example"}
    refused = send(client, f"{info}/contacts/new", first_name="Mia", **same)
    assert refused.status_code == 422
    said = element(refused.text, id=f"{work.name}-error").text
    assert said == "Mia@x.example is an address of this contact already."
    assert "Mia" not in client.get(info).text


@pytest.mark.parametrize(
    ("type_", "typed", "shown"),
    [
        ("text", "Dossier 7", "Dossier 7"),
        ("long_text", "one\ntwo", "one two"),
        ("number", "1,234.5", "1,234.5"),
        ("money", "1,234.5", "€1,234.50"),
        ("yes_no", "no", "No"),
        ("choice", "Gold", "Gold"),
        ("several", "Silver", "Silver"),
        ("email", "a@x.example", "a@x.example"),
        ("phone", "020 1234567", "+31 20 123 4567"),
        ("web", "https://x.example", "https://x.example"),
    ],
)
def test_every_type_has_an_input_and_is_shown_again(
    client: FlaskClient,
    info: str,
    made: Callable[..., CustomField],
    type_: str,
    typed: str,
    shown: str,
) -> None:
    field = made("account", type_, "Field")
    assert send(client, f"{info}/edit", **{field.name: typed}).status_code == 303
    assert facts_of(client.get(info).text, "Account details")["Field"] == shown
    # The form shows what is saved, and saves it again.
    again = form_of(client.get(f"{info}/edit").text)
    assert again[field.name]
    assert send(client, f"{info}/edit").status_code == 303
    assert facts_of(client.get(info).text, "Account details")["Field"] == shown


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    number, day = made("account", "number", "Staff"), made("account", "date", "Since")
    name = made("account", "text", "Name", required=True)
    answer = send(client, f"{info}/edit", **{number.name: "a dozen", day.name: "yesterday"})
    assert answer.status_code == 422
    sentences = {
        number: "a dozen is not a number. Write it like this: 1,234.5.",
        day: "yesterday is not a date. Write it as year-month-day: 2026-11-24.",
        name: "Please fill in: Name.",
    }
    for field, sentence in sentences.items():
        assert element(answer.text, id=f"{field.name}-error").text == sentence
    assert element(answer.text, id=number.name).get("value") == "a dozen"
    assert element(answer.text, id=number.name).get("inputmode") == "decimal"


def test_acc_15_the_second_who_saves_sees_both_versions(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    """ACC-15."""
    field = made("account", "text", "Sector")
    opened = form_of(client.get(f"{info}/edit").text)
    send(client, f"{info}/edit", **{field.name: "first"})
    answer = client.post(f"{info}/edit", data={**opened, field.name: "second"})
    assert answer.status_code == 409
    differing = [e.text for e in elements(answer.text, "dd", class_="differs")]
    assert differing == ["second", "first"]
    again = form_of(answer.text)
    assert client.post(f"{info}/edit", data=again).status_code == 303
    assert facts_of(client.get(info).text, "Account details")["Sector"] == "second"


def test_two_wishes_of_one_choice_can_be_taken_back(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    field = made("account", "choice", "Sector")
    page = client.get(f"{info}/edit").text
    offered = [e.get("value") for e in elements(page, "input", name=field.name)]
    assert offered == ["Gold", "Silver", ""]
    send(client, f"{info}/edit", **{field.name: "Gold"})
    send(client, f"{info}/edit", **{field.name: ""})
    assert "Sector" not in facts_of(client.get(info).text, "Account details")


def test_fields_are_moved_archived_and_brought_back_by_buttons(
    client: FlaskClient, made: Callable[..., CustomField]
) -> None:
    one, _two, three = (made("account", "text", label) for label in ("1", "2", "3"))
    press(client, SETTINGS, f"{three.public_id}/up")
    press(client, SETTINGS, f"{one.public_id}/down")
    assert names(client) == ["3", "1", "2"]
    press(client, f"{SETTINGS}/{three.public_id}", "/archive")
    assert names(client) == ["1", "2"]
    press(client, SETTINGS, f"{three.public_id}/bring-back")
    assert names(client) == ["1", "2", "3"]


def test_a_choice_is_renamed_taken_off_and_added(
    client: FlaskClient, info: str, made: Callable[..., CustomField]
) -> None:
    field = made("account", "choice", "Sector")
    send(client, f"{info}/edit", **{field.name: "Gold"})
    edit = f"{SETTINGS}/{field.public_id}"
    assert form_of(client.get(edit).text)["choice_0"] == "Gold"
    answer = send(client, edit, choice_0="Platinum", choice_1="", more="Bronze\nTin")
    assert answer.status_code == 303
    assert facts_of(client.get(info).text, "Account details")["Sector"] == "Platinum"
    page = client.get(f"{info}/edit").text
    offered = [e.get("value") for e in elements(page, "input", name=field.name)]
    assert offered == ["Platinum", "Bronze", "Tin", ""]


def test_acc_15_choices_that_somebody_else_added_are_shown_before_they_are_overwritten(
    client: FlaskClient, made: Callable[..., CustomField]
) -> None:
    """ACC-15."""
    edit = f"{SETTINGS}/{made('account', 'choice', 'Sector').public_id}"
    opened = form_of(client.get(edit).text)
    send(client, edit, more="Bronze")
    answer = client.post(edit, data={**opened, "label": "Trade"})
    assert answer.status_code == 409
    assert "Bronze" in [e.text for e in elements(answer.text, "dd")]


def test_a_type_is_changed_after_its_report(
    client: FlaskClient,
    info: str,
    made: Callable[..., CustomField],
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> None:
    field = made("account", "text", "Staff")
    with as_owner(store, catalog, owned_firm) as ctx:
        for text in ("12", "a dozen"):
            fill(ctx, "account", an_account(ctx).id, {field: text})
    send(client, f"{info}/edit", **{field.name: "a few"})
    page = f"{SETTINGS}/{field.public_id}/type"
    first = client.get(page).text
    assert "Change the type?" not in first
    assert "text" not in [e.get("value") for e in elements(first, "input", name="to")]
    report = client.get(f"{page}?to=number").text
    card = facts_of(report, "From Text to Number")
    assert card == {
        "Convert": "1",
        "12": "12",
        "Do not convert": "2",
        "a dozen": "stays as it is",
        "a few": "stays as it is",
    }
    unsure = client.post(page, data=form_of_post(report))
    assert unsure.status_code == 422
    assert "Tick the box" in element(unsure.text, id="sure-error").text
    done = client.post(page, data={**form_of_post(report), "sure": "1"})
    assert done.headers["Location"] == SETTINGS
    notice = element(client.get(SETTINGS).text, class_="notice").text
    assert notice == "Staff has another type. Converted: 1. Kept as they were: 2."
    shown = facts_of(client.get(info).text, "Account details")["Staff"]
    assert shown == "a few kept from before its type changed"
    asked = client.get(f"{info}/edit").text
    assert "a few" in element(asked, id=f"{field.name}-help").text
    assert client.get(f"{page}?to=nothing").status_code == 200


def form_of_post(html: str) -> dict[str, str]:
    """What the form that changes the type would send as it is."""
    every = elements(html)
    (form,) = [
        e for e in every if (e.tag, e.get("method")) == ("form", "post") and not e.get("action")
    ]
    return {
        e.get("name"): e.get("value")
        for e in every
        if e.inside(form) and e.tag == "input" and e.get("type") == "hidden"
    }


def test_who_may_not_see_a_contact_gets_the_answer_of_one_that_never_was(
    client: FlaskClient,
    browser_for: Callable[..., FlaskClient],
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    account: Account,
    made: Callable[..., CustomField],
) -> None:
    made("contact", "text", "Note")
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        hidden = linked_contacts(ctx, an_account(ctx))[0].public_id
        own = linked_contacts(ctx, account)[0].public_id
        an_employee(ctx, MANAGE_CONTACTS, person_id=person, accounts=(account,))
    emil = browser_for("emil@firm.example")
    assert emil.get(f"/f/acme/contacts/{own}/edit").status_code == 200
    for contact in (hidden, "0" * 32):
        assert emil.get(f"/f/acme/contacts/{contact}/edit").status_code == 404
        keyed = {"_once": "0" * 32, "csrf_token": token_of(emil, own)}
        answer = emil.post(f"/f/acme/contacts/{contact}/edit", data=keyed)
        assert answer.status_code == 404
    assert emil.get(SETTINGS).status_code == 403


def token_of(client: FlaskClient, contact: str) -> str:
    return form_of(client.get(f"/f/acme/contacts/{contact}/edit").text)["csrf_token"]


def test_the_info_tab_costs_as_much_for_a_filled_contact_as_for_an_empty_one(
    client: FlaskClient,
    info: str,
    made: Callable[..., CustomField],
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    account: Account,
) -> None:
    fields = [made("contact", "text", f"No. {number}") for number in range(10)]
    client.get(info)  # the first visit of a session is noted
    with recorded(store) as empty:
        client.get(info)
    with as_owner(store, catalog, owned_firm) as ctx:
        contact = linked_contacts(ctx, account)[0].id
        fill(ctx, "contact", contact, dict.fromkeys(fields, "x"))
    with recorded(store) as filled:
        assert len(facts_of(client.get(info).text, "Anna Bos")) == 11
    assert len(empty) == len(filled)


@pytest.fixture(scope="module")
def naughty(corpora: Path) -> list[str]:
    """Strings that have broken other software."""
    path = corpora / "text" / "big-list-of-naughty-strings" / "blns.json"
    strings: list[str] = json.loads(path.read_text("utf-8"))
    assert len(strings) >= 500
    return strings


def test_a_text_and_a_long_text_keep_or_refuse_every_naughty_string(
    client: FlaskClient,
    info: str,
    made: Callable[..., CustomField],
    naughty: list[str],
) -> None:
    """Forty at a time: what is refused at its field is left empty the next time."""
    texts = [made("account", "text", f"t{number}") for number in range(40)]
    longs = [made("account", "long_text", f"l{number}") for number in range(40)]
    kept = 0
    for some in in_groups(naughty, len(texts)):
        pairs = [*zip(texts, some, strict=False), *zip(longs, some, strict=False)]
        wanted = {field.name: text for field, text in pairs}
        answer = send(client, f"{info}/edit", **wanted)
        refused = {name for name in wanted if elements(answer.text, id=f"{name}-error")}
        if refused:
            assert answer.status_code == 422
            assert_harmless(answer.text)
            wanted = {name: "" if name in refused else text for name, text in wanted.items()}
            answer = send(client, f"{info}/edit", **wanted)
        assert answer.status_code == 303
        html = client.get(info).text
        assert_harmless(html)
        assert_harmless(client.get(f"{info}/edit").text)
        shown = facts_of(html, "Account details")
        for field, _text in pairs:
            words = wanted[field.name].split()
            assert shown.get(field.label, "").split() == words, field.label
            kept += bool(words)
    assert kept >= 900


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_fields_and_choices_can_have_every_naughty_name_or_say_why_not(
    client: FlaskClient,
    naughty: list[str],
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    info: str,
) -> None:
    secrets = form_of(client.get(f"{SETTINGS}/new").text)
    kept = []
    for group, some in enumerate(in_groups(naughty, 80)):
        for place, text in enumerate(some):
            form = {**secrets, "_once": f"{group * 100 + place:032x}", "type": "choice"}
            said = {"label": text, "help": text, "choices": text}
            answer = client.post(f"{SETTINGS}/new", data={**form, **said})
            assert answer.status_code in (303, 422), text
            if answer.status_code == 303:
                kept.append(text.strip())
            else:
                assert element(answer.text, "div", class_="problems").text
        for page in (SETTINGS, f"{info}/edit"):
            assert_harmless(client.get(page).text)
        with as_owner(store, catalog, owned_firm) as ctx:
            live = fields_of(ctx, Owner.ACCOUNT)
            assert [field.label for field in live] == kept[-len(live) :]
            for field in live:
                archive_field(ctx, field)
        assert_harmless(client.get(f"{SETTINGS}/{live[0].public_id}").text)
    assert len(kept) >= 200
