"""Whatever people type is stored and shown as they typed it, or refused at its field.

The contract tests ask this of every form of a firm; here are single texts, the pages outside of a
firm, and addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.invitations import invite_member
from crm_core.permissions import Role
from crm_core.testing.builders import as_owner
from tests.web.browsing import element, elements, form_of
from tests.web.harmless import assert_harmless
from web.signin import brakes

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

NEW = "/f/acme/clients/new"


def names_on_all_pages(client: FlaskClient) -> list[str]:
    """The names in the list of clients, as they stand in the page."""
    names, path = [], "/f/acme/clients"
    while path:
        html = client.get(path).text
        assert_harmless(html)
        every = elements(html)
        links = [
            e for e in every if e.tag == "bdi" and e.parent and "/accounts/" in e.parent.get("href")
        ]
        names += [e.raw for e in links]
        path = next((e.get("href") for e in every if e.get("rel") == "next"), "")
    return names


def in_groups(texts: list[str], size: int) -> list[list[str]]:
    """The texts, so many at a time."""
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def shown_again(html: str, name: str) -> str:
    found = element(html, id=name)
    return found.raw.removeprefix("\n") if found.tag == "textarea" else found.get("value")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_new_client_form_keeps_or_refuses_every_naughty_string(
    client: FlaskClient, naughty: list[str]
) -> None:
    secrets = form_of(client.get(NEW).text)
    stored = []
    for place, text in enumerate(naughty):
        form = {**secrets, "_once": f"{place:032x}", "type": "individual", "first_name": text}
        answer = client.post(NEW, data=form)
        # Blanks at the ends are not kept in a line.
        kept = text.strip()
        if answer.status_code == 303:
            stored.append(kept)
            continue
        assert answer.status_code == 422, text
        assert element(answer.text, id="first_name-error").text
        assert shown_again(answer.text, "first_name").splitlines() == kept.splitlines()
        assert_harmless(answer.text)
    assert len(stored) >= 400
    assert sorted(names_on_all_pages(client)) == sorted(stored)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_field_shows_every_naughty_string_again_escaped(
    client: FlaskClient, naughty: list[str]
) -> None:
    form = form_of(client.get(NEW).text)
    fields = ("name", "company_name", "street", "country", "last_name", "description")
    for some in in_groups(naughty, len(fields)):
        typed = dict(zip(fields, some, strict=False))
        # The type is missing, so nothing is stored.
        answer = client.post(NEW, data={**form, "type": "", **typed})
        assert answer.status_code == 422
        for name, text in typed.items():
            assert shown_again(answer.text, name).split() == text.split(), (name, text)
        assert_harmless(answer.text)


def test_a_sentence_stands_at_its_field_and_the_field_says_where(client: FlaskClient) -> None:
    form = form_of(client.get(NEW).text)
    answer = client.post(
        NEW, data={**form, "type": "individual", "first_name": "Anna", "email": "anna@"}
    )
    field = element(answer.text, id="email")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "email-error"
    assert element(answer.text, id="email-error").text == "anna@ is not an e-mail address."
    assert element(answer.text, "a", href="#email").text == "anna@ is not an e-mail address."
    assert not element(answer.text, id="first_name").get("aria-invalid")


def test_help_is_named_before_the_error(client: FlaskClient) -> None:
    form = form_of(client.get(NEW).text)
    answer = client.post(NEW, data={**form, "type": "individual", "name": "x" * 201})
    assert element(answer.text, id="name").get("aria-describedby") == "name-help name-error"


def test_a_choice_and_a_tick_are_shown_again(client: FlaskClient) -> None:
    form = form_of(client.get(NEW).text)
    answer = client.post(NEW, data={**form, "type": "business"})
    assert form_of(answer.text)["type"] == "business"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_texts_of_the_url_are_never_errors_or_markup(
    client: FlaskClient, naughty: list[str]
) -> None:
    names = ("after", "before", "next")
    for some in in_groups(naughty, len(names)):
        query = dict(zip(names, some, strict=False))
        for path in ("/f/acme/clients", "/sign-in"):
            answer = client.get(path, query_string=query)
            assert answer.status_code in (200, 302), query
            assert_harmless(answer.text)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_pages_outside_of_a_firm_refuse_every_naughty_string_in_words(
    app: Flask,
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    naughty: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(brakes, "SLOWED", 0.0)
    with as_owner(store, catalog, owned_firm) as ctx:
        _, token = invite_member(ctx, "iris@x.example", "Iris", Role.EMPLOYEE)
    fields = {
        "/sign-in/forgotten": "address",
        "/sign-in/link": "address",
        f"/join/{owned_firm.slug}/{token}": "name",
        "/sign-in": "email",
        "/me/address": "address",
    }
    for path, name in fields.items():
        browser = client if path.startswith("/me") else app.test_client()
        form = form_of(browser.get(path).text, "/sign-in" if path == "/sign-in" else "")
        for place, some in enumerate(in_groups(naughty, 6)):
            typed = "|".join(some)[:200]
            # Each from a network of its own: none of them is held to be guessing.
            from_there = {"REMOTE_ADDR": f"10.{place}.0.1"}
            answer = browser.post(path, data={**form, name: typed}, environ_overrides=from_there)
            assert answer.status_code in (200, 422), (path, typed)
            assert_harmless(answer.text)
            assert shown_again(answer.text, name).split() == typed.split(), (path, typed)
            assert elements(answer.text, role="alert"), (path, typed)
