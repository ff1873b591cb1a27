"""The indexes of trigrams behind search: FTS5 on SQLite, pg_trgm on PostgreSQL."""

from __future__ import annotations

from typing import Any

import peewee

from crm_core.refusals import Refused
from crm_core.words import _

FIRM_BITS = 40
EXTENSIONS = ("pg_trgm", "btree_gin")


def index_of(table: str) -> str:
    """The name of a search table's index on SQLite, which is a table itself."""
    return f"{table}_index"


def row_number(firm_id: int, key: int) -> int:
    """The `id` of the search row of an account or contact: one firm's are one range of numbers."""
    return (firm_id << FIRM_BITS) + key


def make_searchable(database: Any, table: str) -> None:
    """Indexes the column `text` of a search table; the database keeps the index from then on.

    Refuses a PostgreSQL whose owner role cannot create the extensions.
    """
    if isinstance(database, peewee.PostgresqlDatabase):
        create_extensions(database)
        # Without a list of pending entries, which every search would have to read through.
        database.execute_sql(
            f'CREATE INDEX "{index_of(table)}" ON "{table}" '
            f"USING gin (firm_id, text gin_trgm_ops) WITH (fastupdate = off)"
        )
        return
    index = index_of(table)
    database.execute_sql(
        f"CREATE VIRTUAL TABLE \"{index}\" USING fts5(text, content='{table}', "
        f"content_rowid='id', tokenize='trigram case_sensitive 1')"
    )
    # The names are our own tables', and SQLite takes no parameters here.
    add = f'INSERT INTO "{index}" (rowid, text) VALUES (new.id, new.text)'  # noqa: S608
    columns = f'"{index}", rowid, text'
    take = f"INSERT INTO \"{index}\" ({columns}) VALUES ('delete', old.id, old.text)"  # noqa: S608
    for change, act in (
        ("INSERT", add),
        ("DELETE", take),
        ("UPDATE", f"{take}; {add}"),
    ):
        database.execute_sql(
            f'CREATE TRIGGER "{table}_{change.lower()}" AFTER {change} ON "{table}" '
            f"BEGIN {act}; END"
        )


def create_extensions(database: Any) -> None:
    """Creates what the indexes need on PostgreSQL, where it is not there yet."""
    for name in EXTENSIONS:
        try:
            database.execute_sql(f'CREATE EXTENSION IF NOT EXISTS "{name}"')
        except peewee.DatabaseError as error:
            raise Refused(
                _(
                    "Search needs the PostgreSQL extension {name}, and the role in "
                    "DATABASE_OWNER_URL cannot create it ({reason}). Let an administrator run, in "
                    "this database: CREATE EXTENSION {name}",
                    name=name,
                    reason=str(error).strip().splitlines()[0],
                )
            ) from error
