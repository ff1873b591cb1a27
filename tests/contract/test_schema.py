"""A database made by the migrations equals one made of the rows themselves, on both engines."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from crm_core.store.database import open_postgres, open_sqlite
from crm_core.store.schema import create_tables
from crm_core.store.tables import CORE_TABLES
from crm_core.testing.catalogue import Catalogue, of_postgres, of_sqlite
from crm_core.testing.postgres import OWNER, PostgresServer
from web.signin.rows import SIGNIN_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from web.bootstrap import Deployment

LEAST = {
    "sqlite": {"tables": 20, "columns": 154, "references": 27, "indexes": 64, "rules": 6},
    "postgres": {
        "tables": 20,
        "columns": 154,
        "references": 27,
        "indexes": 58,
        "rules": 6,
        "guards": 21,
    },
}


@pytest.fixture
def server(engine: str, request: pytest.FixtureRequest) -> PostgresServer | None:
    return request.getfixturevalue("postgres_server") if engine == "postgres" else None


@pytest.fixture
def superuser(
    deployment: Deployment, server: PostgresServer
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the superuser to the migrated database."""
    name = urlsplit(deployment.settings.database_url).path.strip("/")
    with psycopg.connect(server.url(name, "postgres")) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def declared(deployment: Deployment, server: PostgresServer | None, tmp_path: Path) -> Catalogue:
    """The catalogue of a database that was made of the rows."""
    plugins = [table.value.row for table in deployment.catalog.everything.tables]
    rows = [*CORE_TABLES, *SIGNIN_TABLES, *plugins]
    if server is None:
        folder = tmp_path / "declared"
        folder.mkdir()
        store = open_sqlite(folder)
        create_tables(store.database, rows)
        store.close()
        return of_sqlite(folder / "crm.sqlite3")
    name = server.new_database()
    store = open_postgres(server.url(name, OWNER))
    create_tables(store.database, rows)
    store.close()
    with psycopg.connect(server.url(name, "postgres")) as connection:
        found = of_postgres(connection)
    server.drop_database(name)
    return found


def test_the_migrations_make_what_the_rows_say(
    deployment: Deployment, declared: Catalogue, request: pytest.FixtureRequest
) -> None:
    engine = deployment.store.engine
    if engine == "sqlite":
        migrated = of_sqlite(deployment.settings.folder / "crm.sqlite3")
    else:
        migrated = of_postgres(request.getfixturevalue("superuser"))
    assert migrated.differences(declared) == []
    met = {kind: len(lines) for kind, lines in migrated.lines().items()}
    print(f"compared on {engine}: {met}")
    for kind, least in LEAST[engine].items():
        assert met[kind] >= least, kind


ON_SQLITE = (
    'ALTER TABLE "account" ADD COLUMN "extra" TEXT',
    'ALTER TABLE "account" RENAME COLUMN "sort_name" TO "sorted"',
    'DROP INDEX "account_firm_id_sort_name_id"',
    'DROP INDEX "account_firm_id_number"',
    'CREATE INDEX "extra" ON "account" ("firm_id", "name")',
    'CREATE TABLE "stray" ("id" INTEGER)',
    'DROP TRIGGER "audit_entry_no_update"',
    'ALTER TABLE "notes_note" RENAME TO "notes_other"',
)
ON_SQLITE_TEXT = (
    ("account", "DEFERRABLE INITIALLY DEFERRED", ""),
    ("contact_email", " ON DELETE CASCADE", ""),
    ("account", "'business'", "'company'"),
    ("member", "CHECK (role IN ('owner', 'admin', 'employee'))", "CHECK (1)"),
    ("account", '"number" VARCHAR(20) NOT NULL', '"number" VARCHAR(20)'),
    ("account", '"number" VARCHAR(20)', '"number" TEXT'),
    ("member", "DEFAULT false", "DEFAULT true"),
    ("member_one_owner", "'owner'", "'admin'"),
    ("member_right", '"firm_id", "member_id", "permission"', '"firm_id", "permission"'),
    ("link", '"contact" ("firm_id", "id")', '"contact" ("firm_id", "public_id")'),
)
"""Where SQLite has no ALTER for it, the stored text of a definition is changed: name, from, to."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_difference_is_found_on_sqlite(
    deployment: Deployment, declared: Catalogue, tmp_path: Path
) -> None:
    whole = deployment.settings.folder / "crm.sqlite3"
    changes = [
        *((statement, ()) for statement in ON_SQLITE),
        *(
            ("UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = ?", (old, new, name))
            for name, old, new in ON_SQLITE_TEXT
        ),
    ]
    unnoticed = []
    for number, (statement, values) in enumerate(changes):
        copy = tmp_path / f"{number}.sqlite3"
        shutil.copy(whole, copy)
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute("PRAGMA writable_schema = 1")
            connection.execute(statement, values)
        if of_sqlite(copy).differences(declared) == []:
            unnoticed.append((statement, values))
    assert unnoticed == []


ON_POSTGRES = (
    "ALTER TABLE account ADD COLUMN extra text",
    "ALTER TABLE account ALTER COLUMN number TYPE varchar(21)",
    "ALTER TABLE account ALTER COLUMN number DROP NOT NULL",
    "ALTER TABLE account ALTER COLUMN version SET DEFAULT 2",
    "ALTER TABLE member ALTER COLUMN joins_new_accounts DROP DEFAULT",
    "ALTER TABLE account RENAME TO accounts",
    "DROP INDEX account_firm_id_sort_name_id",
    "DROP INDEX account_firm_id_number",
    "DROP INDEX member_one_owner",
    "CREATE INDEX extra ON account (firm_id, name)",
    "CREATE TABLE stray (id int)",
    "ALTER TABLE account DROP CONSTRAINT account_type",
    "ALTER TABLE member_right DROP CONSTRAINT member_right_pkey",
    "ALTER TABLE account ALTER CONSTRAINT link_of_firm_id_id_anchor_contact_id NOT DEFERRABLE",
    (
        "ALTER TABLE contact_email DROP CONSTRAINT contact_of_firm_id_contact_id, "
        "ADD CONSTRAINT contact_of_firm_id_contact_id FOREIGN KEY (firm_id, contact_id) "
        "REFERENCES contact (firm_id, id)"
    ),
    "ALTER TABLE account DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE account NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY rows_of_the_firm ON account",
    "ALTER POLICY rows_of_the_firm ON account USING (true)",
    "ALTER POLICY rows_of_the_firm ON account WITH CHECK (true)",
    "CREATE POLICY open ON account FOR SELECT USING (true)",
    "DROP TRIGGER audit_entry_no_update ON audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_delete",
    (
        "CREATE OR REPLACE FUNCTION crm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN NEW; END'"
    ),
)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_every_difference_is_found_on_postgres(
    declared: Catalogue, superuser: psycopg.Connection[tuple[object, ...]]
) -> None:
    unnoticed = []
    for change in ON_POSTGRES:
        superuser.execute(change.encode())
        if of_postgres(superuser).differences(declared) == []:
            unnoticed.append(change)
        superuser.rollback()
    assert unnoticed == []
    assert of_postgres(superuser).differences(declared) == []
