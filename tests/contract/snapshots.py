"""A hash over all rows of a database, to see that nothing changed; on PostgreSQL as superuser."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from attrs import define

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.testing.postgres import PostgresServer
    from web.bootstrap import Deployment

MAY_CHANGE = {
    "session": ("seen",),
    "signin_attempt": ("*",),
    "failed_sign_in": ("*",),
    "login_activity_sign_in": ("*",),
}
"""What a refused request or a reading one may leave behind: the records of the attempt itself."""


@define
class Snapshots:
    """Looks at every row of a deployment's database from outside."""

    _connection: Any
    _tables: str

    @classmethod
    def of(cls, deployment: Deployment, server: PostgresServer | None) -> Snapshots:
        """For the deployment's database; `server` is that of PostgreSQL."""
        if server is None:
            path = deployment.settings.folder / "crm.sqlite3"
            found = "SELECT name FROM sqlite_master WHERE type = 'table'"
            return cls(sqlite3.connect(path, isolation_level=None), found)
        import psycopg

        name = urlsplit(deployment.settings.database_url).path.strip("/")
        url = server.url(name, "postgres")
        return cls(
            psycopg.connect(url, autocommit=True),
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        )

    def digest(self) -> str:
        """One hash over all tables, but for what may change."""
        hashed = hashlib.sha256()
        for table, row in self._rows():
            hashed.update(f"{table}:{row}\n".encode())
        return hashed.hexdigest()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _rows(self) -> Iterator[tuple[str, str]]:
        for (table,) in sorted(self._connection.execute(self._tables).fetchall()):
            skipped = MAY_CHANGE.get(table, ())
            if "*" in skipped:
                continue
            cursor = self._connection.execute(f'SELECT * FROM "{table}"')
            kept = [i for i, column in enumerate(cursor.description) if column[0] not in skipped]
            for row in sorted(repr([row[i] for i in kept]) for row in cursor.fetchall()):
                yield table, row
