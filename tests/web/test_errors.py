"""What people see when something is refused or fails, and what the log then knows."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from crm_core.store import engines
from crm_core.testing.builders import an_account, as_owner
from tests.web.browsing import element, elements, form_of, send, the_log

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.catalog import Catalog
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from crm_core.testing.postgres import PostgresServer
    from web.settings import Settings

CLIENTS = "/f/acme/clients"
NEW = "/f/acme/clients/new"


@pytest.fixture
def notes(store: Store, catalog: Catalog, owned_firm: Firm) -> str:
    with as_owner(store, catalog, owned_firm) as ctx:
        return f"/f/acme/accounts/{an_account(ctx).public_id}/notes"


def test_every_error_page_has_a_sentence_and_a_way_back(client: FlaskClient, notes: str) -> None:
    too_large = {"back": "x" * (2 * 1024 * 1024 + 1)}
    met = {
        404: client.get("/nothing"),
        405: client.get(f"{notes}/x/pin"),
        400: client.post(NEW),
        413: client.post("/theme", data=too_large),
    }
    for status, answer in met.items():
        assert answer.status_code == status
        assert element(answer.text, "h1").text
        assert element(answer.text, "a", class_="primary").get("href") == "/"
    assert "Nothing was saved" in met[400].text
    assert "Nothing was saved" in met[413].text


def test_a_method_that_is_not_there_names_those_that_are(client: FlaskClient, notes: str) -> None:
    assert set(client.get(f"{notes}/x/pin").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert client.put(CLIENTS).status_code == 405
    assert client.delete(CLIENTS).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/f/acme/accounts/%00",
        "/f/%00/clients",
        "/f/acme/clients?after=%00",
        "/f/acme/clients?nothing=a%00b",
        "/join/%00",
        "/%ff",
        "/f/" + "x" * 3000 + "/clients",
        "/f/acme/accounts/" + "9" * 3000,
    ],
)
def test_an_address_that_nobody_could_have_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_fault_has_a_reference_that_the_log_knows_and_shows_no_trace(
    app: Flask, client: FlaskClient
) -> None:
    def broken() -> str:
        raise RuntimeError("a secret of the code")

    app.view_functions["health"] = broken
    with the_log() as log:
        answer = client.get("/health")
    assert answer.status_code == 500
    reference = element(answer.text, "b").text
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{2}", reference)
    for hidden in ("Traceback", "RuntimeError", "secret of the code", ".py"):
        assert hidden not in answer.text
    (line,) = [line for line in log.getvalue().splitlines() if reference in line]
    assert "a secret of the code" in line
    assert "test_errors.py" in line
    assert "path=/health" in line


def test_two_faults_have_two_references(app: Flask, client: FlaskClient) -> None:
    app.view_functions["health"] = lambda: 1 / 0
    with the_log():
        references = {element(client.get("/health").text, "b").text for _ in range(5)}
    assert len(references) == 5


def test_a_disk_that_is_full_is_said_to_be(app: Flask, client: FlaskClient) -> None:
    """quality.md, 12: for what is written outside of the database, too."""

    def onto_a_full_disk() -> str:
        with Path("/dev/full").open("w") as file:
            file.write("no room")
        return "written"

    app.view_functions["health"] = onto_a_full_disk
    with the_log():
        answer = client.get("/health")
    assert answer.status_code == 503
    assert "The disk is full. Nothing was saved" in answer.text
    app.view_functions["health"] = lambda: Path("/nothing/there").read_text()
    with the_log():
        assert client.get("/health").status_code == 500


def locked(settings: Settings) -> sqlite3.Connection:
    """Another program that writes to the file and does not end."""
    other = sqlite3.connect(settings.folder / engines.SQLITE_FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_locked_database_is_said_to_be_busy_and_nothing_is_half_written(
    client: FlaskClient, settings: Settings, store: Store
) -> None:
    store.database.execute_sql("PRAGMA busy_timeout = 200")
    form = {**form_of(client.get(NEW).text), "first_name": "Anna"}
    other = locked(settings)
    answer = client.post(NEW, data=form)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"].isdigit()
    assert "Nothing was changed" in answer.text
    assert client.get(CLIENTS).status_code == 200
    other.execute("ROLLBACK")
    other.close()
    assert client.post(NEW, data=form).status_code == 303
    assert len(elements(client.get(CLIENTS).text, "td", class_="name")) == 1


def test_no_request_waits_longer_than_four_seconds_for_the_database() -> None:
    assert engines.WAIT_SECONDS == 4


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_connections_that_were_cut_are_made_anew(
    client: FlaskClient, settings: Settings, postgres_server: PostgresServer
) -> None:
    name = urlsplit(settings.database_url).path.strip("/")
    assert client.get(CLIENTS).status_code == 200
    postgres_server.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    assert client.get(CLIENTS).status_code == 200
    assert send(client, NEW, first_name="Anna").status_code == 303


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_a_database_that_is_gone_is_said_to_be_and_found_again(
    client: FlaskClient, settings: Settings, postgres_server: PostgresServer
) -> None:
    name = urlsplit(settings.database_url).path.strip("/")
    form = {**form_of(client.get(NEW).text), "first_name": "Anna"}
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    postgres_server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    postgres_server.execute(cut)
    try:
        for answer in (client.get(CLIENTS), client.post(NEW, data=form), client.get("/health")):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"].isdigit()
            assert name not in answer.text
    finally:
        postgres_server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert client.get("/health").status_code == 200
    assert client.post(NEW, data=form).status_code == 303


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_a_row_that_somebody_else_holds_is_waited_for_and_then_said_to_be_busy(
    client: FlaskClient, settings: Settings, store: Store, postgres_server: PostgresServer
) -> None:
    import psycopg

    send(client, NEW, first_name="Anna")
    form = {**form_of(client.get(NEW).text), "first_name": "Bob"}
    store.database.connect_params["options"] = "-c lock_timeout=200"
    store.close()
    name = urlsplit(settings.database_url).path.strip("/")
    with psycopg.connect(postgres_server.url(name, "postgres")) as other:
        other.execute("SELECT * FROM counter FOR UPDATE")
        answer = client.post(NEW, data=form)
        assert answer.status_code == 503
        other.rollback()
    assert client.post(NEW, data=form).status_code == 303


def test_the_secret_of_a_link_is_not_in_the_log(app: Flask, client: FlaskClient) -> None:
    app.view_functions["joining.join"] = lambda firm, token: 1 / 0
    with the_log() as log:
        assert client.get("/join/acme/the-secret-of-a-link").status_code == 500
    assert "the-secret-of-a-link" not in log.getvalue()
    assert "path=/join/<firm>/<token>" in log.getvalue()
