"""Whatever people type is stored and shown as they typed it, or refused at its field."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from crm_core.testing.builders import an_account, as_owner
from plugins.notes.rows import NoteRow
from tests.web.browsing import element, elements, form_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store

NEW = "/f/acme/clients/new"
LEAST = 500
OURS = re.compile(
    r"html|head|meta|title|link|body|main|header|nav|footer|section|article|div|span|bdi|small|a|p"
    r"|h[1-6]|ul|ol|li|dl|dt|dd|time|form|fieldset|legend|label|input|textarea|button"
    r"|table|caption|thead|tbody|tr|th|td|em|strong|code|pre|blockquote|hr|br"
    r"|select|option|script|svg|use|path|img|kbd|mark|details|summary"
)
"""The elements that our pages are made of."""


@pytest.fixture(scope="module")
def naughty(corpora: Path) -> list[str]:
    """Strings that have broken other software."""
    path = corpora / "text" / "big-list-of-naughty-strings" / "blns.json"
    strings = json.loads(path.read_text("utf-8"))
    assert len(strings) >= LEAST
    return strings


def assert_harmless(html: str) -> None:
    """No element but ours, none with a handler, no script but our files, no address that runs."""
    for found in elements(html):
        assert OURS.fullmatch(found.tag), found
        assert found.tag != "script" or found.get("src").startswith("/static/"), found
        assert found.tag != "script" or not found.text, found
        for name, value in found.attributes.items():
            assert not re.match(r"on|style", name), found
            if name in ("href", "src", "action"):
                assert re.match(r"(/|#|https?:|mailto:|tel:)", value), found


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


def test_a_note_keeps_or_refuses_every_naughty_string(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    naughty: list[str],
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        account = an_account(ctx).public_id
    notes = f"/f/acme/accounts/{account}/notes"
    secrets = form_of(client.get(f"{notes}/new").text)
    written = []
    for place, text in enumerate(naughty):
        form = {**secrets, "_once": f"{place:032x}"}
        answer = client.post(f"{notes}/new", data={**form, "text": text})
        if answer.status_code == 303:
            written.append(text.replace("\r\n", "\n").replace("\r", "\n").rstrip())
        else:
            assert answer.status_code == 422, text
            assert element(answer.text, id="text-error").text
            assert_harmless(answer.text)
    with as_owner(store, catalog, owned_firm) as ctx:
        assert [row.text for row in NoteRow.of(ctx).order_by(NoteRow.id)] == written
    assert len(written) >= 400
    page, pages = notes, 0
    while page:
        html = client.get(page).text
        assert_harmless(html)
        pages += 1
        page = next((e.get("href") for e in elements(html, "a", rel="next")), "")
    assert pages == -(-len(written) // 50)
    assert_harmless(client.get(f"/f/acme/accounts/{account}").text)


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
