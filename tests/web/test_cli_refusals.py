"""What an operator has to mend: one clear line on standard error, the exit code 2, no trace."""

from __future__ import annotations

import re
import socket
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from attrs import evolve

from crm_core.store.engines import SQLITE_FILE
from tests.conftest import PASSWORD
from tests.web.commands import Crm

if TYPE_CHECKING:
    from pathlib import Path

    from crm_core.testing.postgres import PostgresServer
    from web.settings import Settings

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("engine", ["postgres"], indirect=True)

OWNER = ("--owner", "Olga", "--address", "olga@firm.example")


@pytest.fixture
def crm(settings: Settings) -> Crm:
    """The command on a migrated, empty database."""
    return Crm(settings)


@on_sqlite
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--edition", "gold"), "There is no edition gold; there are: lite, pro."),
        (("--zone", "Europe/Atlantis"), "There is no time zone Europe/Atlantis."),
        (("--zone", "../../etc/passwd"), "There is no time zone ../../etc/passwd."),
        (("--currency", "euro"), "A currency is three capital letters, such as EUR."),
        (("--slug", "A b"), "A b cannot stand in an address: use a-z, 0-9 and hyphens."),
        (("--address", "olga"), "olga is not an e-mail address."),
        (("--owner", " "), "The owner needs a name."),
    ],
)
def test_a_firm_that_cannot_be_made_leaves_nothing_behind(
    crm: Crm, more: tuple[str, str], sentence: str
) -> None:
    line = crm.refused("firm", "create", "Acme", *OWNER, *more, CRM_PASSWORD=PASSWORD)
    assert line == f"crm: {sentence}"
    with sqlite3.connect(crm.settings.folder / SQLITE_FILE) as database:
        for table in ("person", "credential", "firm", "member"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    database.close()


@on_sqlite
def test_a_short_password_is_refused_and_not_shown(crm: Crm) -> None:
    line = crm.refused("firm", "create", "Acme", *OWNER, CRM_PASSWORD="short-one")
    assert line == "crm: A password has at least 10 characters."


@on_sqlite
def test_a_slug_that_is_taken_is_refused(crm: Crm) -> None:
    assert crm("firm", "create", "Acme", *OWNER, CRM_PASSWORD=PASSWORD).code == 0
    assert crm.refused("firm", "create", "Acme", *OWNER) == "crm: There is a firm acme already."


@on_sqlite
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://a@b/c",
        "postgresql://host",
        "postgresql://a@b:port/c",
        "postgresql://[a/b",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_an_url_that_is_none_is_refused(crm: Crm, name: str, url: str) -> None:
    line = crm.refused("firm", "list", **{name: url})
    assert line == f"crm: {name} must look like postgresql://role:password@host/database."


@on_sqlite
@pytest.mark.parametrize("command", [("serve",), ("firm", "list"), ("audit", "verify")])
def test_a_database_that_cannot_be_reached_is_said_to_be(
    crm: Crm, command: tuple[str, ...]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://role:s3cret@127.0.0.1:{nobody.getsockname()[1]}/crm"
        line = crm.refused(*command, DATABASE_URL=url)
    assert line.startswith("crm: The database cannot be reached: ")
    assert "s3cret" not in line


@on_sqlite
@pytest.mark.parametrize("command", [("serve",), ("firm", "list"), ("audit", "verify")])
def test_without_a_database_the_next_step_is_named(
    crm: Crm, tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "nowhere"
    line = crm.refused(*command, CRM_DATA=str(folder))
    assert line == f"crm: There is no database in {folder} yet. Run: crm init"
    assert not folder.exists()


@on_sqlite
def test_a_file_that_is_no_database_is_refused(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / SQLITE_FILE).write_bytes(b"This is no database, but a letter." * 100)
    line = crm.refused("firm", "list", CRM_DATA=str(tmp_path))
    assert "not a database" in line


@on_sqlite
def test_a_folder_that_cannot_be_made_is_refused(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = crm.refused("migrate", CRM_DATA=str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file") in line


def test_a_database_that_is_not_migrated_is_not_served(
    crm: Crm, engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if engine == "sqlite":
        sqlite3.connect(tmp_path / SQLITE_FILE).close()
        fresh = evolve(crm.settings, folder=tmp_path)
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = server.new_database()
        request.addfinalizer(lambda: server.drop_database(name))
        fresh = evolve(crm.settings, database_url=server.url(name, "crm_serving"))
    line = Crm(fresh).refused("serve")
    assert re.match(r"crm: The database is not up to date \(core: \d", line)
    assert line.endswith("Run: crm migrate")


@on_postgres
@pytest.mark.parametrize(
    ("role", "reason"),
    [("postgres", "superuser, BYPASSRLS, table owner"), ("crm_owner", "table owner")],
)
def test_a_role_that_may_bypass_row_level_security_does_not_serve(
    crm: Crm, postgres_server: PostgresServer, role: str, reason: str
) -> None:
    name = urlsplit(crm.settings.database_url).path.strip("/")
    for command in (("serve",), ("firm", "list")):
        line = crm.refused(*command, DATABASE_URL=postgres_server.url(name, role))
        assert f"The role {role} in DATABASE_URL may bypass row-level security ({reason})" in line
    said = crm("doctor", DATABASE_URL=postgres_server.url(name, role))
    assert said.code == 1
    assert "WRONG database: PostgreSQL: The role" in said.out


@on_postgres
def test_migrating_needs_the_role_that_owns_the_tables(crm: Crm) -> None:
    line = crm.refused("migrate", DATABASE_OWNER_URL="")
    assert line.startswith("crm: Migrating PostgreSQL needs DATABASE_OWNER_URL")


@on_postgres
def test_a_serving_role_that_is_not_there_comes_with_the_statement_that_makes_it(
    crm: Crm, postgres_server: PostgresServer
) -> None:
    name = urlsplit(crm.settings.database_url).path.strip("/")
    line = crm.refused("migrate", DATABASE_URL=postgres_server.url(name, "nobody"))
    assert "There is no PostgreSQL role nobody. Create it with: CREATE ROLE nobody LOGIN" in line


@on_sqlite
def test_a_firm_that_is_not_there_is_refused(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("Email\nanna@x.example\n")
    for command in (
        ("import", str(file), "--firm", "nobody"),
        ("firm", "edition", "nobody", "pro"),
        ("audit", "verify", "--firm", "nobody"),
    ):
        assert "nobody" in crm.refused(*command), command


@on_sqlite
def test_a_file_that_is_no_table_is_refused(crm: Crm, tmp_path: Path) -> None:
    assert crm("firm", "create", "Acme", *OWNER, CRM_PASSWORD=PASSWORD).code == 0
    empty = tmp_path / "empty.csv"
    empty.touch()
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    for file in (tmp_path / "nothing.csv", tmp_path, empty, picture):
        said = crm("import", str(file), "--firm", "acme")
        assert said.code == 2, said
        assert [line for line in said.error.splitlines() if line.startswith("crm: ")], said


@on_sqlite
def test_a_port_that_is_taken_is_refused_with_the_way_out(crm: Crm) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = crm.refused("serve", "--port", port)
    assert line.startswith(f"crm: 127.0.0.1:{port} cannot be served: ")
    assert line.endswith("Choose another with --port.")


@on_sqlite
@pytest.mark.parametrize(
    "arguments", [("nothing",), ("serve", "--port", "x"), ("import",), ("--bad",)]
)
def test_a_command_that_is_mistyped_is_refused_with_its_usage(
    crm: Crm, arguments: tuple[str, ...]
) -> None:
    said = crm(*arguments)
    assert said.code == 2
    assert said.error.startswith("Usage: ")
