"""The firm's logo: chosen in its settings, shown on every page in the place of its name."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from crm_core.testing.builders import a_firm, an_account, an_employee, as_owner
from crm_core.testing.recording import recorded
from tests.conftest import PASSWORD
from tests.contract.snapshots import Snapshots
from tests.pictures import encoded, opened, quarters
from tests.web.browsing import element, elements, form_of, press
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from web.bootstrap import Deployment

FIRM = "/f/acme/settings/firm"
LOGO = f"{FIRM}/logo"
CLIENTS = "/f/acme/clients"

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def choose(
    client: FlaskClient, content: bytes, name: str = "logo.png", page: str = LOGO, **more: str
) -> TestResponse:
    """Opens the page, chooses this file, and sends the form."""
    sent = {**form_of(client.get(page).text), "file": (BytesIO(content), name), **more}
    answer = client.post(page, data=sent)
    answer.request.input_stream.close()
    return answer


def logos(html: str) -> list[tuple[str, str]]:
    """The logos on a page: where each comes from, and what it says."""
    return [(e.get("src"), e.get("alt")) for e in elements(html, "img", class_="logo")]


def test_a_logo_stands_in_the_place_of_the_name_on_every_page(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm
) -> None:
    """1.7, firm settings: logo."""
    with as_owner(store, catalog, owned_firm) as ctx:
        profile = f"/f/acme/accounts/{an_account(ctx).public_id}"
    named = element(client.get(CLIENTS).text, "a", class_="firm")
    assert named.text == owned_firm.name
    answer = choose(client, encoded(quarters(900, 300)))
    assert (answer.status_code, answer.headers["Location"]) == (303, FIRM)
    page = client.get(FIRM).text
    assert "The logo is saved." in page
    ((source, says), in_settings) = logos(page)
    assert (source, says) == in_settings
    assert says == owned_firm.name
    for path in (CLIENTS, profile, f"{profile}/info", "/f/acme/search"):
        assert logos(client.get(path).text) == [(source, says)], path
    assert opened(client.get(source).data).size == (240, 80)
    (shown, _) = elements(page, "img", class_="logo")
    large, density = shown.get("srcset").split()
    assert (density, opened(client.get(large).data).size) == ("2x", (480, 160))
    assert not logos(client.get("/me").text)
    assert not logos(client.get("/sign-in").text)


def test_no_page_asks_the_database_for_the_logo(client: FlaskClient, store: Store) -> None:
    choose(client, encoded(quarters()))
    with recorded(store) as statements:
        assert logos(client.get(CLIENTS).text)
    assert not [sql for sql in statements if "firm_logo" in sql]


def test_a_logo_is_replaced_and_removed_and_the_name_is_back(
    client: FlaskClient, owned_firm: Firm
) -> None:
    """1.7, firm settings: logo."""
    choose(client, encoded(quarters(900, 300)))
    ((first, _),) = logos(client.get(CLIENTS).text)
    assert choose(client, encoded(quarters(300, 300))).status_code == 303
    ((second, _),) = logos(client.get(CLIENTS).text)
    assert second != first
    assert press(client, LOGO, "/logo/remove").headers["Location"] == FIRM
    page = client.get(FIRM).text
    assert "The logo is removed." in page
    assert element(page, "a", class_="firm").text == owned_firm.name
    assert client.get(second).status_code == 404
    assert "/logo/remove" not in client.get(LOGO).text
    told = client.get("/f/acme/settings/history").text
    assert told.count("Logo changed") == 2
    assert told.count("Logo removed") == 1


def test_browsers_keep_a_logo_for_themselves_under_the_address_that_changes_with_it(
    client: FlaskClient,
) -> None:
    """quality.md, 8 and 10."""
    choose(client, encoded(quarters()))
    ((shown, _),) = logos(client.get(CLIENTS).text)
    headers = client.get(shown).headers
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in headers
    for address in ("/f/acme/logo", "/f/acme/logo?logo=0123456789abcdef"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
    assert client.get("/f/acme/logo?size=huge").status_code == 404


def test_who_may_not_manage_the_firm_sees_the_logo_and_cannot_change_it(
    client: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    browser_for: Callable[..., FlaskClient],
) -> None:
    """1.7, PER-4."""
    choose(client, encoded(quarters()))
    person = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person)
    colleague = browser_for("emil@firm.example")
    ((shown, _),) = logos(colleague.get(CLIENTS).text)
    assert colleague.get(shown).status_code == 200
    assert colleague.get(LOGO).status_code == 403
    secrets = form_of(colleague.get(CLIENTS).text, "/theme")
    for path in (LOGO, f"{LOGO}/remove"):
        sent = {**secrets, "file": (BytesIO(encoded(quarters())), "a.png"), "version": "1"}
        assert colleague.post(path, data=sent).status_code == 403
    assert logos(client.get(CLIENTS).text) == [(shown, owned_firm.name)]


def test_another_firms_logo_is_not_reachable(
    client: FlaskClient, store: Store, browser_for: Callable[..., FlaskClient]
) -> None:
    """quality.md, 3."""
    a_firm(store, "other", add_person(store, "otto@other.example", PASSWORD))
    otto = browser_for("otto@other.example")
    choose(otto, encoded(quarters()), page="/f/other/settings/firm/logo")
    ((shown, _),) = logos(otto.get("/f/other/clients").text)
    assert client.get(shown).status_code == 404
    assert client.get(shown.replace("/f/other/", "/f/acme/")).status_code == 404
    assert not logos(client.get(CLIENTS).text)


REFUSED = {
    "none": (b"", "", "Please choose: Logo."),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "not a picture"),
    "a page by the name of a PNG": (b"<!doctype html><script>1</script>", "logo.png", "not a pict"),
    "half a logo": (encoded(quarters(), "JPEG")[:2000], "logo.jpg", "damaged or not complete"),
}


@pytest.fixture
def snapshots(
    deployment: Deployment, engine: str, request: pytest.FixtureRequest
) -> Iterator[Snapshots]:
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    made = Snapshots.of(deployment, server)
    yield made
    made.close()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_logo_is_refused_with_the_reason_and_nothing_changes(
    client: FlaskClient, snapshots: Snapshots, name: str
) -> None:
    """quality.md, 2 and 8."""
    choose(client, encoded(quarters()))
    before = snapshots.digest()
    content, called, sentence = REFUSED[name]
    answer = choose(client, content, called)
    assert answer.status_code == 422
    assert sentence in element(answer.text, "div", class_="problems").text
    assert "Choose the file again" in answer.text
    assert snapshots.digest() == before


@one_engine
def test_hostile_files_are_refused_with_a_reason_and_nothing_is_stored(
    client: FlaskClient, snapshots: Snapshots, corpora: Path
) -> None:
    """quality.md, 8: drawings that carry scripts, and files that broke other readers."""
    refused = 0
    for path in sorted((corpora / "images").glob("*/*")):
        before = snapshots.digest()
        answer = choose(client, path.read_bytes(), path.name)
        if answer.status_code == 303:  # it was a picture after all
            assert press(client, LOGO, "/logo/remove").status_code == 303
            continue
        assert answer.status_code == 422, path.name
        assert element(answer.text, "div", class_="problems").text, path.name
        assert snapshots.digest() == before, path.name
        assert path.suffix != ".svg" or "not a picture" in answer.text, path.name
        refused += 1
    assert refused >= 34


def test_a_logo_that_somebody_else_changed_meanwhile_is_not_overwritten_unknowingly(
    client: FlaskClient,
) -> None:
    """ACC-15, of the logo."""
    choose(client, encoded(quarters()))
    before = logos(client.get(CLIENTS).text)
    answer = choose(client, encoded(quarters(200, 100)), version="0")
    assert answer.status_code == 409
    assert form_of(answer.text)["version"] == "1"
    assert logos(client.get(CLIENTS).text) == before
    assert choose(client, encoded(quarters(200, 100)), version="1").status_code == 303


def test_a_logo_does_not_make_the_firms_other_settings_stale(client: FlaskClient) -> None:
    settings = form_of(client.get(FIRM).text)
    choose(client, encoded(quarters()))
    answer = client.post(FIRM, data={**settings, "name": "Acme & Co"})
    assert answer.status_code == 303
    ((_, says),) = logos(client.get(CLIENTS).text)
    assert says == "Acme & Co"
