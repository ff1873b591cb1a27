"""The photo of a client: chosen, cut, shown in the bar and in the list, removed (I2, R3)."""

from __future__ import annotations

import re
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from crm_core import images
from crm_core.images import LARGEST_FILE
from crm_core.store import engines
from crm_core.testing.builders import an_account, an_employee, as_owner
from crm_core.testing.recording import recorded
from tests.conftest import PASSWORD
from tests.pictures import colour_at, encoded, opened, quarters
from tests.web.browsing import element, elements, form_of, press
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from tests.web.browsing import Element
    from web.settings import Settings

CLIENTS = "/f/acme/clients"

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what never reaches the database, or only this one's file."""


@pytest.fixture
def account(store: Store, catalog: Catalog, owned_firm: Firm) -> Account:
    with as_owner(store, catalog, owned_firm) as ctx:
        return an_account(ctx, "Bakery")


@pytest.fixture
def profile(account: Account) -> str:
    return f"/f/acme/accounts/{account.public_id}"


@pytest.fixture
def colleague(
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    account: Account,
    browser_for: Callable[..., FlaskClient],
) -> FlaskClient:
    """Somebody who sees the client and may not change it."""
    person_id = add_person(store, "emil@firm.example", PASSWORD)
    with as_owner(store, catalog, owned_firm) as ctx:
        an_employee(ctx, person_id=person_id, accounts=(account,))
    return browser_for("emil@firm.example")


def choose(
    client: FlaskClient, profile: str, photo: bytes, name: str = "photo.png", **fields: str
) -> TestResponse:
    """Opens the page, chooses this file, and sends the form."""
    page = client.get(f"{profile}/info/photo")
    assert page.status_code == 200, page.text
    sent = {**form_of(page.text), "file": (BytesIO(photo), name), **fields}
    return post(client, f"{profile}/info/photo", sent)


def post(client: FlaskClient, path: str, sent: dict[str, Any]) -> TestResponse:
    """Sends a form with a file, and closes what the test client wrote it to."""
    answer = client.post(path, data=sent)
    answer.request.input_stream.close()
    return answer


def pictures(html: str) -> list[str]:
    """Where the photos on a page come from."""
    return [e.get("src") for e in elements(html, "img", class_="photo")]


def test_a_photo_is_chosen_and_stands_beside_the_name_on_every_tab_and_in_the_list(
    client: FlaskClient, profile: str
) -> None:
    """I2, R2, R3."""
    assert not pictures(client.get(profile).text)
    answer = choose(client, profile, encoded(quarters(), "JPEG"), "my photo.jpg")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{profile}/info")
    assert "The photo is saved." in client.get(f"{profile}/info").text
    (shown,) = pictures(client.get(profile).text)
    for page in (f"{profile}/info", f"{profile}/notes", CLIENTS):
        assert pictures(client.get(page).text) == [shown], page
    picture = opened(client.get(shown).data)
    assert picture.size == (96, 96)
    assert colour_at(picture, (10, 10)) == "red"
    assert colour_at(picture, (86, 10)) == "green"


def test_the_part_that_was_chosen_is_shown_and_without_a_choice_the_middle(
    client: FlaskClient, profile: str
) -> None:
    """I2."""
    assert choose(client, profile, encoded(quarters()), crop="0,200,200").status_code == 303
    first = pictures(client.get(profile).text)
    assert colour_at(opened(client.get(first[0]).data), (48, 48)) == "blue"
    assert choose(client, profile, encoded(quarters(900, 300))).status_code == 303
    second = pictures(client.get(profile).text)
    assert second != first
    picture = opened(client.get(second[0]).data)
    assert [colour_at(picture, at) for at in ((10, 10), (86, 10))] == ["red", "green"]


def scripts_of_its_own(page: str) -> list[Element]:
    """The page's scripts, but for those that every page has."""
    scripts = elements(page, "script")
    return [s for s in scripts if not re.search("htmx|search|in-place", s.get("src"))]


def test_the_page_says_what_it_does_without_javascript_and_loads_its_script_alone(
    client: FlaskClient, profile: str
) -> None:
    page = client.get(f"{profile}/info/photo").text
    assert "The middle of the photo is shown" in page
    (script,) = scripts_of_its_own(page)
    assert (script.get("type"), script.raw) == ("module", "")
    assert script.get("src").startswith("/static/crop.js?v=")
    answer = client.get(script.get("src"), buffered=True)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/javascript")
    for other in (profile, f"{profile}/info", CLIENTS):
        assert not scripts_of_its_own(client.get(other).text)


def test_a_photo_is_removed_and_the_initials_are_back(client: FlaskClient, profile: str) -> None:
    """I2."""
    choose(client, profile, encoded(quarters()))
    (shown,) = pictures(client.get(profile).text)
    answer = press(client, f"{profile}/info/photo", "/info/photo/remove")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{profile}/info")
    page = client.get(f"{profile}/info").text
    assert "The photo is removed." in page
    assert not pictures(page)
    assert element(page, "div", class_="photo").text == "B"
    assert client.get(shown).status_code == 404
    assert "/info/photo/remove" not in client.get(f"{profile}/info/photo").text


def test_the_list_asks_once_for_all_photos(
    client: FlaskClient, store: Store, catalog: Catalog, owned_firm: Firm, profile: str
) -> None:
    """R2."""
    with as_owner(store, catalog, owned_firm) as ctx:
        for _ in range(5):
            an_account(ctx)
    choose(client, profile, encoded(quarters()))
    with recorded(store) as statements:
        assert len(pictures(client.get(CLIENTS).text)) == 1
    assert len([sql for sql in statements if "account_photo" in sql]) == 1


def test_browsers_keep_a_photo_for_themselves_under_the_address_that_changes_with_it(
    client: FlaskClient, profile: str
) -> None:
    choose(client, profile, encoded(quarters()))
    (shown,) = pictures(client.get(profile).text)
    headers = client.get(shown).headers
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    for address in (f"{profile}/photo", f"{profile}/photo?photo=0123456789abcdef"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    large = client.get(f"{profile}/photo?size=large")
    assert opened(large.data).size == (256, 256)
    assert client.get(f"{profile}/photo?size=huge").status_code == 404


def test_who_does_not_see_the_client_does_not_see_the_photo(
    client: FlaskClient,
    colleague: FlaskClient,
    store: Store,
    catalog: Catalog,
    owned_firm: Firm,
    profile: str,
) -> None:
    """R4."""
    choose(client, profile, encoded(quarters()))
    (shown,) = pictures(client.get(profile).text)
    assert colleague.get(shown).status_code == 200
    with as_owner(store, catalog, owned_firm) as ctx:
        secret = f"/f/acme/accounts/{an_account(ctx).public_id}"
    choose(client, secret, encoded(quarters()))
    never = f"/f/acme/accounts/{'0' * 32}"
    for nothing in (secret, never):
        for page in ("photo", "info/photo"):
            assert colleague.get(f"{nothing}/{page}").status_code == 404


def test_changing_the_photo_needs_the_right_and_no_file_is_read_without_it(
    colleague: FlaskClient, profile: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """PER-1, I2."""
    reader, read = tmp_path / "reader.py", tmp_path / "read"
    reader.write_text(f"open({str(read)!r}, 'w')")
    monkeypatch.setattr(images, "_READER", reader)
    assert "/info/photo" not in colleague.get(f"{profile}/info").text
    assert colleague.get(f"{profile}/info/photo").status_code == 403
    secrets = form_of(colleague.get(CLIENTS).text, "/theme")
    for page in ("info/photo", "info/photo/remove"):
        file = (BytesIO(encoded(quarters())), "a.png")
        sent = {**secrets, "file": file, "crop": "", "version": "0"}
        assert colleague.post(f"{profile}/{page}", data=sent).status_code == 403
    assert not read.exists()


REFUSED = {
    "none": (b"", "", "Please choose: Photo."),
    "a PDF by the name of a JPEG": (b"%PDF-1.7 and more", "me.jpg", "not a picture"),
    "a drawing": (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "me.svg",
        "not a picture",
    ),
    "half a photo": (encoded(quarters(), "JPEG")[:2000], "me.jpg", "damaged or not complete"),
    "too large": (
        b"\xff\xd8\xff" + b"x" * LARGEST_FILE,
        "me.jpg",
        "At most 8 MB",
    ),
}


@one_engine
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_with_the_reason_and_nothing_changes(
    client: FlaskClient, profile: str, name: str
) -> None:
    """I2."""
    choose(client, profile, encoded(quarters()))
    before = pictures(client.get(profile).text)
    content, called, sentence = REFUSED[name]
    answer = choose(client, profile, content, called, crop="1,2,30")
    assert answer.status_code == 422
    assert sentence in element(answer.text, "div", class_="problems").text
    assert "Choose the photo again" in answer.text
    assert pictures(client.get(profile).text) == before


@one_engine
@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 3000, "<b>.png", "é\u202e.png"])
def test_what_a_file_is_called_means_nothing(client: FlaskClient, profile: str, name: str) -> None:
    assert choose(client, profile, encoded(quarters()), name).status_code == 303


@one_engine
@pytest.mark.parametrize("crop", ["1,2", "nonsense", "1,2,3,4", "x" * 300])
def test_a_choice_that_cannot_be_read_is_refused(
    client: FlaskClient, profile: str, crop: str
) -> None:
    assert choose(client, profile, encoded(quarters()), crop=crop).status_code == 422
    assert not pictures(client.get(profile).text)


def test_a_photo_that_somebody_else_changed_meanwhile_is_not_overwritten_unknowingly(
    client: FlaskClient, profile: str
) -> None:
    """I2."""
    choose(client, profile, encoded(quarters()), crop="0,0,100")
    before = pictures(client.get(profile).text)
    answer = choose(client, profile, encoded(quarters()), version="0")
    assert answer.status_code == 409
    assert "Somebody else saved this" in answer.text
    assert form_of(answer.text)["version"] == "1"
    assert pictures(client.get(profile).text) == before
    assert choose(client, profile, encoded(quarters()), version="1").status_code == 303


@one_engine
def test_only_a_form_that_asks_for_a_file_may_be_large(client: FlaskClient, profile: str) -> None:
    """quality.md, 8: what comes in has a cap for its kind."""
    most = b"\xff\xd8\xff" + b"x" * (3 * 2**20)
    assert choose(client, profile, most).status_code == 422
    beyond = choose(client, profile, b"x" * (LARGEST_FILE + 3 * 2**20))
    assert beyond.status_code == 413
    assert "a smaller file" in beyond.text
    assert choose(client, profile, encoded(quarters()), crop="9" * (3 * 2**20)).status_code == 413
    notes = f"{profile}/notes/new"
    secrets = form_of(client.get(notes).text)
    sent = {**secrets, "text": "Hello", "file": (BytesIO(most), "a.jpg")}
    assert post(client, notes, sent).status_code == 413


@one_engine
def test_others_can_write_while_a_photo_is_read(
    client: FlaskClient,
    profile: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Reading may take ten seconds, and nobody waits longer than four for the database."""
    program = f"""
import sqlite3, sys
other = sqlite3.connect({str(settings.folder / engines.SQLITE_FILE)!r}, timeout=0)
other.execute("BEGIN IMMEDIATE")
sys.stdin.buffer.read()
sys.stdout.buffer.write((1).to_bytes(4, "big") + b"ab")
"""
    reader = tmp_path / "reader.py"
    reader.write_text(program)
    monkeypatch.setattr(images, "_READER", reader)
    assert choose(client, profile, encoded(quarters())).status_code == 303
    assert client.get(f"{profile}/photo").data == b"a"


def test_a_reader_that_is_killed_is_a_sentence_and_nothing_is_kept(
    client: FlaskClient, profile: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text("import os; os.kill(os.getpid(), 9)")
    monkeypatch.setattr(images, "_READER", reader)
    answer = choose(client, profile, encoded(quarters()))
    assert answer.status_code == 422
    assert "could not be read. Nothing was saved" in answer.text
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    assert choose(client, profile, encoded(quarters())).status_code == 422
    assert not pictures(client.get(profile).text)


@one_engine
def test_a_full_disk_is_a_sentence_and_nothing_is_kept(
    client: FlaskClient, profile: str, store: Store
) -> None:
    """quality.md, 12."""
    pages = store.database.execute_sql("PRAGMA page_count").fetchone()[0]
    store.database.execute_sql(f"PRAGMA max_page_count = {pages}")
    noisy = encoded(quarters(2_000, 2_000).effect_spread(900), "JPEG")
    answer = choose(client, profile, noisy)
    assert answer.status_code == 503
    assert "The disk is full. Nothing was saved" in answer.text
    assert not pictures(client.get(profile).text)
    store.database.execute_sql("PRAGMA max_page_count = 1000000")
    assert choose(client, profile, noisy).status_code == 303
