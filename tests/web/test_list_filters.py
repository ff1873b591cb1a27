"""Filters and columns of lists beyond their own: by the firm's fields, and those of modules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crm_core.address_settings import save_settings
from crm_core.contacts import NewContact, add_contact
from crm_core.forms import Choice
from crm_core.links import link_contact, linked_contacts
from crm_core.listing import narrowing
from crm_core.permissions import PUBLIC, VIEW_ALL_CONTACTS
from crm_core.search_and_lists import Keys, ListColumn, ListFilter, ListOf
from crm_core.store import AccountRow
from crm_core.testing.builders import an_account, an_employee, as_owner
from tests.conftest import PASSWORD
from tests.core.fields.filled import a_field, fill
from tests.web.browsing import elements, press, send
from tests.web.plugins import Trial, _, a_plugin
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.settings import Settings

CLIENTS, CONTACTS = "/f/acme/clients", "/f/acme/contacts"


def names(client: FlaskClient, place: str, **query: str | list[str]) -> list[str]:
    """The names in the list's first column."""
    answer = client.get(place, query_string=query)
    assert answer.status_code == 200
    every = elements(answer.text)
    firsts = [e for e in every if e.tag == "td" and e.get("class") == "name"]
    return [e.text for e in every if e.tag == "a" and any(e.inside(td) for td in firsts)]


def said(client: FlaskClient, place: str, **query: str | list[str]) -> list[str]:
    """The sentences on filters that are left out."""
    every = elements(client.get(place, query_string=query).text)
    return [e.text for e in every if e.get("class") == "notice warn"]


@pytest.fixture(params=[3_000, 0], ids=["few fit", "many fit"])
def filled(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
) -> Mapping[str, CustomField]:
    """Three clients, and what two of them have in the firm's fields."""
    monkeypatch.setattr(narrowing, "FEW", request.param)
    monkeypatch.setattr(narrowing, "SOME", request.param)
    with as_owner(store, catalog, owned_firm) as ctx:
        fields = {
            type_: a_field(ctx, "account", type_)
            for type_ in ("text", "number", "date", "money", "yes_no", "choice", "several", "phone")
        }
        for name, typed in (
            (
                "Bakery",
                ["Café Zoë", "1,250.5", "2026-03-31", "100", "yes", "Gold", "Gold", "020 123 4567"],
            ),
            (
                "Butcher",
                ["cafeteria", "-3", "2025-12-31", "100 USD", "no", "Silver", "Silver", ""],
            ),
        ):
            entered = dict(zip(fields.values(), typed, strict=True))
            assert not fill(ctx, "account", an_account(ctx, name).id, entered)  # type: ignore[arg-type]
        an_account(ctx, "Carpenter")
    return fields


@pytest.mark.parametrize(
    ("type_", "asked", "found"),
    [
        ("text", {"": "CAFE"}, "Bakery Butcher"),
        ("text", {"": "zoe"}, "Bakery"),
        ("text", {"": "%"}, ""),
        ("number", {"_from": "1,000"}, "Bakery"),
        ("number", {"_to": "0"}, "Butcher"),
        ("number", {"_from": "-3", "_to": "1,250.5"}, "Bakery Butcher"),
        ("date", {"_from": "2026-01-01"}, "Bakery"),
        ("date", {"_to": "2025-12-31"}, "Butcher"),
        ("money", {"_from": "99.99"}, "Bakery"),
        ("money", {"_from": "99 USD", "_to": "100 USD"}, "Butcher"),
        ("yes_no", {"": "=no"}, "Butcher"),
        ("choice", {"": "=Gold"}, "Bakery"),
        ("choice", {"": "-"}, "Carpenter"),
        ("choice", {"": "=Bronze"}, ""),
        ("several", {"": "=Silver"}, "Butcher"),
        ("phone", {"": "020 123"}, "Bakery"),
    ],
)
def test_lst_1_clients_are_filtered_by_custom_field(
    client: FlaskClient,
    filled: Mapping[str, CustomField],
    type_: str,
    asked: dict[str, str],
    found: str,
) -> None:
    """LST-1: by each type of field."""
    query = {f"{filled[type_].name}{part}": text for part, text in asked.items()}
    assert " ".join(names(client, CLIENTS, **query)) == found
    assert not said(client, CLIENTS, **query)


def test_lst_1_filters_by_field_combine_and_are_kept(
    client: FlaskClient, filled: Mapping[str, CustomField]
) -> None:
    """LST-1: with each other, with the list's own, in a list that is kept."""
    text, choice = filled["text"].name, filled["choice"].name
    query = {text: "cafe", choice: "=Gold", "type": "individual"}
    assert names(client, CLIENTS, **query) == ["Bakery"]
    assert names(client, CLIENTS, **{**query, "type": "business"}) == []
    page = client.get(CLIENTS, query_string=query).text
    keep = next(e.get("href") for e in elements(page, "a") if e.text == "Keep this list")
    kept = send(client, keep, name="Golden cafés")
    again = client.get(kept.location).text
    assert "More filters (2)" in again
    assert "Bakery" in again
    assert "Butcher" not in again


def test_a_filter_that_makes_no_sense_is_left_out_and_says_so(
    client: FlaskClient, filled: Mapping[str, CustomField]
) -> None:
    name = f"{filled['number'].name}_from"
    assert names(client, CLIENTS, **{name: "abc"}) == ["Bakery", "Butcher", "Carpenter"]
    (sentence,) = said(client, CLIENTS, **{name: "abc"})
    assert sentence.startswith("The filter A number is left out. abc is not a number.")
    assert 'value="abc"' in client.get(CLIENTS, query_string={name: "abc"}).text
    (sentence,) = said(client, CLIENTS, **{filled["text"].name: "x" * 201})
    assert "Nothing can hold such a text" in sentence


def test_lst_1_custom_fields_are_columns(
    client: FlaskClient, filled: Mapping[str, CustomField]
) -> None:
    """LST-1: each as its viewer reads it."""
    columns = [field.name for field in filled.values()]
    html = client.get(CLIENTS, query_string={"column": columns}).text
    rows = [e.text for e in elements(html, "tr")][1:]
    for shown in ("Café Zoë", "1,250.5", "31 Mar 2026", "€100.00", "Yes", "Gold", "20 123 4567"):
        assert shown in rows[0]
    assert "US$100.00" in rows[1]
    assert rows[2].strip().endswith("Carpenter")


def test_lst_2_contacts_are_filtered_ordered_and_kept(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """LST-2: contacts have filters, orders, columns and kept lists, as clients have."""
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx, "Bakery", first_name="Anna", last_name="Bos")
        rank = a_field(ctx, "contact", "choice", "Rank")
        bob = add_contact(
            ctx, NewContact(first_name="Bob", last_name="Vos", emails=("bob@x.example",))
        )
        link_contact(ctx, account, bob)
        fill(ctx, "contact", bob, {rank: "Gold"})
        (linked,) = (c for c in linked_contacts(ctx, account) if c.id == bob)
        save_settings(ctx, account, {"core.login": {linked.addresses[0].id: True}})
    assert names(client, CONTACTS) == ["Anna Bos", "Bob Vos"]
    assert names(client, CONTACTS, sort="-name") == ["Bob Vos", "Anna Bos"]
    assert names(client, CONTACTS, sort="-created") == ["Bob Vos", "Anna Bos"]
    for query in ({"email": "on"}, {"login": "on"}, {rank.name: "=Gold"}):
        assert names(client, CONTACTS, **query) == ["Bob Vos"]
    for query in ({"email": "off"}, {"login": "off"}, {rank.name: "-"}):
        assert names(client, CONTACTS, **query) == ["Anna Bos"]
    columns = ["clients", "created", rank.name]
    page = client.get(CONTACTS, query_string={"email": "on", "column": columns}).text
    row = [e.text for e in elements(page, "tr")][1].split()
    assert " ".join(row[:5]) == "BV Bob Vos Bakery today"
    assert row[-1] == "Gold"
    keep = next(e.get("href") for e in elements(page, "a") if e.text == "Keep this list")
    kept = send(client, keep, name="Reachable")
    assert kept.location.startswith(CONTACTS)
    assert [e.text for e in elements(client.get(CONTACTS).text, "a") if e.text == "Reachable"]
    assert "Reachable" not in client.get(CLIENTS).text
    press(client, CONTACTS, "/remove")
    assert "Reachable" not in client.get(CONTACTS, query_string={"sort": "-name"}).text


def test_an_employee_learns_nothing_of_logins_on_clients_of_others(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    """R4: with *view all contacts* one sees the contact, not on which account it may sign in."""
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(
            ctx, "Bakery", first_name="Anna", last_name="Bos", emails=("a@x.example",)
        )  # type: ignore[arg-type]
        (linked,) = linked_contacts(ctx, account)
        save_settings(ctx, account, {"core.login": {linked.addresses[0].id: True}})
        an_employee(ctx, VIEW_ALL_CONTACTS, person_id=person)
    browser = browser_for("emil@firm.example")
    assert names(browser, CONTACTS) == ["Anna Bos"]
    assert names(browser, CONTACTS, login="on") == []


def test_modules_bring_filters_and_columns_and_a_broken_one_is_left_out(
    settings: Settings, tmp_path: Path
) -> None:
    """LST-1: what plugins add; the hooks `list_filters` and `list_columns`."""

    def a_column(name: str, load: Callable[..., object]) -> ListColumn:
        return ListColumn(name=name, title=_(name), of=ListOf.ACCOUNTS, needs=PUBLIC, load=load)  # type: ignore[arg-type]

    def a_filter(name: str, find: Callable[..., object], **more: object) -> ListFilter:
        return ListFilter(
            **{
                "name": name,
                "title": _(name),
                "of": ListOf.ACCOUNTS,
                "needs": PUBLIC,
                "choices": lambda _ctx: [Choice(value="b", label=_("With a B"))],
                "find": find,
                **more,
            }
        )

    def with_b(ctx: Context, chosen: str) -> Keys:
        assert chosen == "b"
        return Keys(query=AccountRow.of(ctx, AccountRow.id).where(AccountRow.name.startswith("B")))

    def without_b(ctx: Context, chosen: str) -> Keys:
        return Keys(query=with_b(ctx, chosen).query, others=True)

    def fails(ctx: Context, _asked: object) -> object:
        ctx.store.database.execute_sql("SELECT nonsense FROM nowhere")
        raise AssertionError

    day = datetime(2026, 3, 31, 12, tzinfo=UTC)
    columns = (
        a_column("number", lambda _ctx, keys: dict.fromkeys(keys, 1234)),
        a_column("day", lambda _ctx, keys: dict.fromkeys(keys, day)),
        a_column("breaks", fails),
        a_column("babbles", lambda _ctx, keys: dict.fromkeys(keys, object())),
        a_column("none", lambda _ctx, _keys: {}),
    )
    filters = (
        a_filter("has", with_b),
        a_filter("lacks", without_b),
        a_filter("breaks", fails),
        a_filter("chooses", with_b, choices=_no_choices),
        a_filter("babbles", lambda _ctx, _chosen: "no query"),
    )
    trial = Trial.of(
        settings, a_plugin(tmp_path, "extra", list_columns=columns, list_filters=filters)
    )
    store, catalog = trial.deployment.store, trial.deployment.catalog
    with as_owner(store, catalog, trial.firm) as ctx:
        an_account(ctx, "Carpenter")
    client = trial.client
    assert names(client, CLIENTS, **{"extra.has": "b"}) == ["Bakery"]
    assert names(client, CLIENTS, **{"extra.lacks": "b"}) == ["Carpenter"]
    assert names(client, CLIENTS, **{"extra.has": "b", "extra.lacks": "b"}) == []
    for broken in ("extra.breaks", "extra.chooses", "extra.babbles"):
        assert names(client, CLIENTS, **{broken: "b"}) == ["Bakery", "Carpenter"]
        (sentence,) = said(client, CLIENTS, **{broken: "b"})
        assert "is left out. Not available just now. Reference" in sentence
    every = [f"extra.{column.name}" for column in columns]
    html = client.get(CLIENTS, query_string={"column": every}).text
    row = next(e.text for e in elements(html, "tr") if "Carpenter" in e.text)
    assert "1,234" in row
    assert row.count("not available just now") == 2
    assert 'datetime="2026-03-31' in html


def _no_choices(_ctx: Context) -> Sequence[Choice]:
    raise RuntimeError("no choices")
