"""The search page and the hits that the sidebar's field asks for (R1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import PUBLIC, Face, Hit, SearchProvider, State, To
from crm_core.account_changes import archive_account
from crm_core.accounts import account_of
from crm_core.images import Pictures
from crm_core.photos import set_photo
from crm_core.search import LIMIT
from crm_core.testing.builders import a_contact, a_firm, an_account, an_employee, as_owner
from crm_core.testing.recording import recorded
from tests.web.browsing import element, elements
from tests.web.plugins import Trial, a_plugin
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from crm_core.words import Words
    from web.settings import Settings

SEARCH = "/f/acme/search"
HITS = f"{SEARCH}?part=hits"
HOSTILE = '<script>alert("1")</script> & <b>Zonen</b>'


@pytest.fixture
def bakery(store: Store, catalog: Catalog, owned_firm: Firm) -> str:
    with as_owner(store, catalog, owned_firm) as ctx:
        an_account(ctx, HOSTILE, first_name="Zed")
        return an_account(ctx, "Bakkerij Émile", first_name="Anna").public_id


def names(html: str) -> list[str]:
    return [option.text for option in elements(html, "a", role="option")]


def test_the_page_leads_to_the_profile_without_a_script(client: FlaskClient, bakery: str) -> None:
    """R1"""
    html = client.get(f"{SEARCH}?q=emil").text
    (link,) = (e for e in elements(html, "a") if e.parent and e.parent.get("class") == "what")
    assert link.get("href") == f"/f/acme/accounts/{bakery}"
    assert link.text == "Bakkerij Émile"
    (mark,) = elements(html, "mark")
    assert mark.text == "Émil"
    assert element(html, "h2").text == "Clients"


def test_every_page_has_the_field(client: FlaskClient, bakery: str) -> None:
    for page in ("/f/acme/clients", f"/f/acme/accounts/{bakery}", SEARCH):
        form = element(client.get(page).text, "form", class_="search")
        assert form.get("action") == SEARCH
        assert form.get("method") == "get"


def test_the_field_gets_the_hits_alone(client: FlaskClient, bakery: str) -> None:
    html = client.get(f"{HITS}&q=anna").text
    assert "<html" not in html
    assert [element.text for element in elements(html, "p", class_="group-title")] == [
        "Clients",
        "Contacts",
    ]
    box = element(html, role="listbox")
    assert box.get("data-said") == "2 found"
    clients, contacts = elements(html, "a", role="option")
    assert clients.get("href") == f"/f/acme/accounts/{bakery}"
    assert contacts.get("href").startswith("/f/acme/contacts/")
    assert "Anna Client" in client.get(contacts.get("href")).text
    assert clients.text.startswith("Bakkerij Émile A2 · Anna Client")


def test_nothing_found_and_nothing_typed(client: FlaskClient, bakery: str) -> None:
    assert "Nothing found for zzz." in client.get(f"{HITS}&q=zzz").text
    assert "Nothing found for zzz." in client.get(f"{SEARCH}?q=zzz").text
    assert client.get(f"{HITS}&q=").text.strip() == ""
    assert client.get(f"{HITS}&q=%20%20").text.strip() == ""
    assert "Type a part of a name" in client.get(SEARCH).text


@pytest.mark.parametrize("part", ["", "hits"])
@pytest.mark.parametrize("typed", ["<script>", "alert(", "&", "zonen", "<b>", "a", "</script>"])
def test_names_and_what_is_typed_are_texts(
    client: FlaskClient, bakery: str, typed: str, part: str
) -> None:
    html = client.get(SEARCH, query_string={"q": typed, "part": part}).text
    assert not [e for e in elements(html, "script") if not e.get("src").startswith("/static/")]
    assert not elements(html, "b")
    assert any(HOSTILE in e.text for e in elements(html, "a")), html


@pytest.mark.parametrize("typed", ["x" * 3_000, "' OR 1=1 --", "🧾", "\u202e", "%", "a" * 200])
def test_whatever_is_typed_is_answered(client: FlaskClient, bakery: str, typed: str) -> None:
    for part in ("", "hits"):
        answer = client.get(SEARCH, query_string={"q": typed, "part": part})
        assert answer.status_code == 200
        assert len(answer.text) < 20_000
    assert client.get(f"{SEARCH}?q=%00").status_code == 404


def test_there_are_at_most_twenty_hits_and_no_group_crowds_out_another(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    with as_owner(store, catalog, owned_firm) as ctx:
        for number in range(30):
            an_account(ctx, f"Jansen {number:02}", first_name="Zed", last_name="Zz")
        for number in range(3):
            a_contact(ctx, f"Jansen{number}")
    html = client.get(f"{HITS}&q=jansen").text
    found = names(html)
    assert len(found) == LIMIT
    assert [name.split()[1] for name in found[:17]] == [f"{number:02}" for number in range(17)]
    assert found[17].startswith("Jansen0")


def test_an_employee_finds_the_accounts_that_they_may_see(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    bakery: str,
    browser_for: Callable[[str], FlaskClient],
) -> None:
    """R4"""
    person = add_person(store, "emil@firm.example", "correct horse battery")
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, accounts=(an_account(ctx, "Bakker mine"),), person_id=person)
    browser = browser_for("emil@firm.example")
    assert [name.split()[1] for name in names(browser.get(f"{HITS}&q=bakk").text)] == ["mine"]
    assert "Nothing found" in browser.get(f"{HITS}&q=zed").text


def test_another_firm_changes_nothing(
    client: FlaskClient, store: Store, catalog: Catalog, bakery: str
) -> None:
    """quality.md, rule 3: not a byte, not a statement."""

    def seen() -> list[tuple[str, int]]:
        found = []
        for typed in ("bakkerij", "b", "an", "canary", "@x.example"):
            with recorded(store) as statements:
                html = client.get(f"{HITS}&q={typed}").text
            found.append((html, len(statements)))
        return found

    seen()  # the first visit of a session is noted
    before = seen()
    with as_owner(store, catalog, a_firm(store, "canary")) as ctx:
        for _ in range(30):
            an_account(ctx, "Bakkerij CANARY", first_name="Anna", emails=("anna@x.example",))  # type: ignore[arg-type]
    assert seen() == before


def test_the_number_of_statements_does_not_grow_with_the_hits(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, bakery: str
) -> None:
    def count() -> int:
        with recorded(store) as statements:
            client.get(f"{HITS}&q=anna")
        return len(statements)

    few = count()
    with as_owner(store, catalog, owned_firm) as ctx:
        for number in range(15):
            an_account(ctx, f"Bakkerij {number}", first_name="Anna")
    assert count() <= few + 1


def archived_bakery(store: Store, catalog: Catalog, firm: Firm) -> str:
    """One more bakery, which is archived."""
    with as_owner(store, catalog, firm) as ctx:
        account = an_account(ctx, "Bakkerij Vroeger")
        archive_account(ctx, account)
        return account.public_id


def test_archived_clients_are_found_where_they_are_asked_for_and_say_so(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, bakery: str
) -> None:
    """ACC-13"""
    gone = archived_bakery(store, catalog, owned_firm)
    for path in (f"{SEARCH}?q=bakkerij", f"{HITS}&q=bakkerij"):
        hits = client.get(path).text
        assert "Vroeger" not in hits
        assert "Archived</span>" not in hits
    for part in ("", "hits"):
        asked = {"q": "bakkerij", "archived": "1", "part": part}
        html = client.get(SEARCH, query_string=asked).text
        (link,) = (a for a in elements(html, "a") if gone in a.get("href"))
        assert link.text.startswith("Bakkerij Vroeger")
        assert [e.text for e in elements(html, "span", class_="tag")] == ["Archived"]
        assert bakery in html
    assert client.get(SEARCH, query_string={"q": "vroeger", "archived": "yes"}).status_code == 200


def test_the_page_keeps_the_switch_as_it_was_asked(client: FlaskClient, bakery: str) -> None:
    """ACC-13, without a script."""

    def checked(path: str) -> bool:
        every = elements(client.get(path).text)
        (form,) = (e for e in every if e.get("class") == "filters")
        (box,) = (e for e in every if e.inside(form) and e.get("name") == "archived")
        assert (form.get("method"), box.get("value")) == ("get", "1")
        return "checked" in box.attributes

    assert not checked(f"{SEARCH}?q=bakk")
    assert checked(f"{SEARCH}?q=bakk&archived=1")


def test_a_client_has_a_photo_or_initials_beside_it_and_all_photos_are_one_query(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, bakery: str
) -> None:
    """R1, I2: shown in bar, list and search."""
    with as_owner(store, catalog, owned_firm) as ctx:
        set_photo(ctx, account_of(ctx, bakery), Pictures(small=b"small", large=b"large"), 0)
        for number in range(4):
            other = an_account(ctx, f"Bakkerij {number}", first_name="Anna")
            set_photo(ctx, other, Pictures(small=b"small", large=b"%d" % number), 0)
        an_account(ctx, "Bakkerij Zonder", first_name="Anna")
    for path in (f"{SEARCH}?q=bakkerij", f"{HITS}&q=bakkerij"):
        with recorded(store) as statements:
            html = client.get(path).text
        assert len([sql for sql in statements if "account_photo" in sql]) == 1
        pictures = [e.get("src") for e in elements(html, "img", class_="photo")]
        assert len(pictures) == 5
        assert pictures[-1].startswith(f"/f/acme/accounts/{bakery}/photo?")
        assert client.get(pictures[-1]).data == b"small"
        assert "immutable" in client.get(pictures[-1]).headers["Cache-Control"]
        assert [e.text for e in elements(html, "div", class_="photo")] == ["BZ"]


def test_plugins_add_groups_and_one_that_fails_leaves_the_rest(
    settings: Settings, tmp_path: Path
) -> None:
    def finds(ctx: Context, text: str, limit: int) -> list[Hit]:
        hit = Hit(what=f"Found {text}", to=To("shell.clients"), about=("beside",))
        return [evolve(hit, face=Face(), state=State(word=_words("late"), tone="warn"))]

    def fails(ctx: Context, text: str, limit: int) -> list[Hit]:
        ctx.store.database.execute_sql("SELECT nonsense FROM nowhere")
        return []

    def talks_nonsense(ctx: Context, text: str, limit: int) -> list[str]:
        return ["no hit"]

    def a_provider(name: str, find: Callable[..., object], order: int) -> SearchProvider:
        return SearchProvider(name=name, title=_words(name), needs=PUBLIC, find=find, order=order)  # type: ignore[arg-type]

    providers = (
        a_provider("works", finds, 300),
        a_provider("breaks", fails, 50),
        a_provider("babbles", talks_nonsense, 60),
    )
    trial = Trial.of(settings, a_plugin(tmp_path, "extra", search_providers=providers))
    html = trial.client.get("/f/acme/search?part=hits&q=bakery").text
    titles = [e.text for e in elements(html, "p", class_="group-title")]
    assert titles == ["breaks", "babbles", "Clients", "works"]
    assert html.count("Not available just now. Reference") == 2
    assert [name.split()[0] for name in names(html)] == ["Bakery", "Found"]
    assert element(html, role="listbox").get("data-said") == "2 found"
    assert element(html, "span", class_="warn").text == "late"
    assert [e.text for e in elements(html, "div", class_="photo")] == ["B", "F"]


def _words(name: str) -> Words:
    from tests.web.plugins import _

    return _(name)
