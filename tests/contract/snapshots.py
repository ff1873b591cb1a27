"""A hash over all rows and files, to see that nothing changed; on PostgreSQL as superuser."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from attrs import define

from crm_core.store.blobs import FILES_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crm_core.testing.postgres import PostgresServer
    from web.bootstrap import Deployment

MAY_CHANGE = {
    "session": ("seen",),
    "signin_attempt": ("*",),
    "failed_sign_in": ("*",),
    "login_activity_sign_in": ("*",),
    "documents_seen": ("*",),
    "documents_document": ("fresh",),
    "signatures_signer": ("seen",),
    "signatures_proof": ("*",),
    "audit_head": ("*",),
    "audit_personal": ("*",),
    "audit_entry": ("number", "hash"),
}
"""What a refused request or a reading one may leave behind: the records of the attempt itself."""

READ = ("documents.viewed", "documents.downloaded", "accounts.account_taken")
"""Entries of the history that tell of reading; of all others each is a row, with its digest."""


@define
class Snapshots:
    """Looks at every row of a deployment's database, and at its files, from outside."""

    _connection: Any
    _tables: str
    _folder: Path

    @classmethod
    def of(cls, deployment: Deployment, server: PostgresServer | None) -> Snapshots:
        """For the deployment's database; `server` is that of PostgreSQL."""
        folder = deployment.settings.folder / FILES_FOLDER
        if server is None:
            path = deployment.settings.folder / "crm.sqlite3"
            found = "SELECT name FROM sqlite_master WHERE type = 'table'"
            return cls(sqlite3.connect(path, isolation_level=None), found, folder)
        import psycopg

        name = urlsplit(deployment.settings.database_url).path.strip("/")
        url = server.url(name, "postgres")
        return cls(
            psycopg.connect(url, autocommit=True),
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
            folder,
        )

    def digest(self) -> str:
        """One hash over all tables, but for what may change."""
        hashed = hashlib.sha256()
        for table, row in self._rows():
            hashed.update(f"{table}:{row}\n".encode())
        for file in self._files():
            hashed.update(f"{file}\n".encode())
        return hashed.hexdigest()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _files(self) -> Iterator[str]:
        """The names and sizes of the files that people sent."""
        for path in sorted(self._folder.rglob("*")):
            if path.is_file():
                yield f"{path}:{path.stat().st_size}"

    def _rows(self) -> Iterator[tuple[str, str]]:
        for (table,) in sorted(self._connection.execute(self._tables).fetchall()):
            skipped = MAY_CHANGE.get(table, ())
            if "*" in skipped:
                continue
            cursor = self._connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            kept = [i for i, column in enumerate(cursor.description) if column[0] not in skipped]
            rows = cursor.fetchall()
            if table == "audit_entry":
                rows = [row for row in rows if row[names.index("event")] not in READ]
            for row in sorted(repr([row[i] for i in kept]) for row in rows):
                yield table, row
