"""A database made by the migrations equals one made of the rows themselves, on both engines."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from crm_core.store.database import open_postgres, open_sqlite
from crm_core.store.schema import create_tables
from crm_core.store.tables import CORE_TABLES
from crm_core.testing.postgres import OWNER, PostgresServer
from web.signin.rows import SIGNIN_TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from web.bootstrap import Deployment

LEAST = {"table": 20, "column": 154, "key": 27, "index": 44, "policy": 17}
DEPLOYMENT = {"person", "firm", "credential", "session", "signin_attempt", "signin_link"}
"""The tables that belong to no firm: a closed list."""

Catalogue = dict[str, set[str]]


@pytest.fixture
def server(engine: str, request: pytest.FixtureRequest) -> PostgresServer | None:
    return request.getfixturevalue("postgres_server") if engine == "postgres" else None


@pytest.fixture
def migrated(deployment: Deployment, server: PostgresServer | None) -> Catalogue:
    if server is None:
        return sqlite_catalogue(deployment.settings.folder / "crm.sqlite3")
    return postgres_catalogue(server, urlsplit(deployment.settings.database_url).path.strip("/"))


@pytest.fixture
def declared(deployment: Deployment, server: PostgresServer | None, tmp_path: Path) -> Catalogue:
    plugins = [table.value.row for table in deployment.catalog.everything.tables]
    rows = [*CORE_TABLES, *SIGNIN_TABLES, *plugins]
    if server is None:
        folder = tmp_path / "declared"
        folder.mkdir()
        store = open_sqlite(folder)
        create_tables(store.database, rows)
        store.close()
        return sqlite_catalogue(folder / "crm.sqlite3")
    name = server.new_database()
    store = open_postgres(server.url(name, OWNER))
    create_tables(store.database, rows)
    store.close()
    return postgres_catalogue(server, name)


def test_the_migrations_make_what_the_rows_say(migrated: Catalogue, declared: Catalogue) -> None:
    for kind in sorted(set(migrated) | set(declared)):
        assert migrated[kind] - declared[kind] == set(), kind
        assert declared[kind] - migrated[kind] == set(), kind
    met = {kind: len(found) for kind, found in migrated.items()}
    print(met)
    for kind, least in LEAST.items():
        if kind in met and (kind != "policy" or met[kind]):
            assert met[kind] >= least, kind


def test_every_reference_between_rows_of_firms_carries_the_firm(migrated: Catalogue) -> None:
    owned = {c.split(".")[0] for c in migrated["column"] if c.split(" ")[0].endswith(".firm_id")}
    referring = [re.fullmatch(r"(\w+) \(([\w, ]+)\) -> (\w+) .*", key) for key in migrated["key"]]
    met = 0
    for match in filter(None, referring):
        table, columns, target = match.groups()
        if table in owned and target in owned:
            assert columns.split(", ")[0] == "firm_id", match.group()
            met += 1
    assert met >= 10


def test_the_tables_without_a_firm_are_a_closed_list(migrated: Catalogue) -> None:
    owned = {c.split(".")[0] for c in migrated["column"] if c.split(" ")[0].endswith(".firm_id")}
    assert migrated["table"] - owned <= DEPLOYMENT


def test_every_table_of_a_plugin_stands_in_a_dataset(deployment: Deployment) -> None:
    everything = deployment.catalog.everything
    tables = {t.value.row._meta.table_name for t in everything.tables}
    assert tables == {name for d in everything.datasets for name in d.value.tables}
    assert tables


def sqlite_catalogue(path: Path) -> Catalogue:
    """What a SQLite database is made of, one line for each thing."""
    connection = sqlite3.connect(path)
    found: Catalogue = {
        "table": set(),
        "column": set(),
        "key": set(),
        "index": set(),
        "rule": set(),
    }
    for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
        if name.startswith(("migration_", "sqlite_")):
            continue
        found["table"].add(name)
        for _, column, kind, notnull, default, key in connection.execute(
            f'PRAGMA table_info("{name}")'
        ):
            found["column"].add(f"{name}.{column} {kind} {notnull} {default} {key}")
        for check in re.findall(r"CHECK \([^)]*\)+", sql):
            found["rule"].add(f"{name} {check}")
        _add_sqlite_keys(connection, name, sql, found)
        for row in connection.execute(f'PRAGMA index_list("{name}")'):
            columns = [r[2] for r in connection.execute(f'PRAGMA index_info("{row[1]}")')]
            text = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", (row[1],)
            ).fetchone()[0]
            where = (text or "").partition(" WHERE ")[2]
            found["index"].add(f"{name} {columns} unique={row[2]} {where}")
    for name, sql in connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ):
        found["rule"].add(f"{name} {sql}")
    return found


def _add_sqlite_keys(connection: Any, name: str, sql: str, found: Catalogue) -> None:
    keys: dict[int, list[Any]] = {}
    for row in connection.execute(f'PRAGMA foreign_key_list("{name}")'):
        keys.setdefault(row[0], []).append(row)
    deferred = set(
        re.findall(r'FOREIGN KEY \(([^)]*)\) REFERENCES "\w+" \([^)]*\)[^,]*?DEFERR', sql)
    )
    for rows in keys.values():
        columns = [row[3] for row in sorted(rows, key=lambda row: row[1])]
        quoted = ", ".join(f'"{column}"' for column in columns)
        to = [row[4] for row in rows]
        found["key"].add(
            f"{name} ({', '.join(columns)}) -> {rows[0][2]} {to} {rows[0][6]} {quoted in deferred}"
        )


def postgres_catalogue(server: PostgresServer, database: str) -> Catalogue:
    """What a PostgreSQL database is made of, one line for each thing."""
    return {
        kind: {" ".join(str(value) for value in row) for row in server.execute(sql, database)}
        for kind, sql in _POSTGRES.items()
    }


_OURS = "c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'migration_%'"
_POSTGRES = {
    "table": f"SELECT relname FROM pg_class c WHERE relkind = 'r' AND {_OURS}",
    "column": f"""
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND {_OURS}""",
    "key": f"""
        SELECT c.relname, '(' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n)
                FROM unnest(o.conkey) WITH ORDINALITY k(attnum, n)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) || ')',
            '->', t.relname, pg_get_constraintdef(o.oid)
        FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
        JOIN pg_class t ON t.oid = o.confrelid WHERE o.contype = 'f' AND {_OURS}""",
    "index": f"""
        SELECT c.relname, regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\S+', 'INDEX')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE {_OURS}""",
    "rule": f"""
        SELECT c.relname, pg_get_constraintdef(o.oid) FROM pg_constraint o
        JOIN pg_class c ON c.oid = o.conrelid WHERE o.contype = 'c' AND {_OURS}
        UNION ALL SELECT c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND {_OURS}""",
    "policy": f"""
        SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, p.polname, p.polcmd,
            pg_get_expr(p.polqual, p.polrelid)
        FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE {_OURS}""",
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        'ALTER TABLE "account" ADD COLUMN "extra" TEXT',
        'DROP INDEX "account_firm_id_sort_name_id"',
        'CREATE TABLE "stray" ("id" INTEGER)',
        'DROP TRIGGER "audit_entry_no_update"',
    ],
)
def test_a_difference_would_be_found(
    deployment: Deployment, declared: Catalogue, change: str
) -> None:
    path = deployment.settings.folder / "crm.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.commit()
    connection.close()
    assert sqlite_catalogue(path) != declared
