"""What SQLite and PostgreSQL do differently; nothing else in the code asks which one it is."""

from __future__ import annotations

import re
import threading
import time
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Literal

import peewee

from crm_core.store.search_schema import index_of, row_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from crm_core.store.searching import Searched

WAIT_SECONDS = 4
"""How long a statement waits for a lock, or a request for a connection, before it gives up."""

SQLITE_FILE = "crm.sqlite3"
"""The database's file in the data folder."""

EngineName = Literal["sqlite", "postgres"]


class Sqlite:
    """One file in a data folder, one writer at a time."""

    name: EngineName = "sqlite"

    def __init__(self, folder: Path) -> None:
        # synchronous=FULL: an answer that was given survives a power cut.
        self.database: Any = peewee.SqliteDatabase(
            str(folder / SQLITE_FILE),
            pragmas={"journal_mode": "wal", "foreign_keys": 1, "synchronous": "FULL"},
            timeout=WAIT_SECONDS,
            lock_type="IMMEDIATE",
        )
        self._here = threading.local()

    @contextmanager
    def transaction(self, *, write: bool, settings: Mapping[str, str]) -> Iterator[None]:  # noqa: ARG002
        """A transaction; without `write` the database itself refuses changes."""
        # The connection stays with its thread: opening one costs up to a millisecond.
        self.database.connect(reuse_if_open=True)
        self._refuse_changes(not write)
        with self.database.transaction("IMMEDIATE" if write else "DEFERRED"):
            yield

    def allow_changes(self) -> None:
        """Lets whoever comes outside of a transaction, such as a migration, write."""
        if not self.database.is_closed() and not self.database.in_transaction():
            self._refuse_changes(False)

    def _refuse_changes(self, refuse: bool) -> None:
        """Says it to the connection where it differs: SQLite forgets all that it had prepared."""
        connection = self.database.connection()
        if getattr(self._here, "refusing", None) is connection:
            if not refuse:
                self.database.execute_sql("PRAGMA query_only = 0")
                self._here.refusing = None
        elif refuse:
            self.database.execute_sql("PRAGMA query_only = 1")
            self._here.refusing = connection

    def is_in_transaction(self) -> bool:
        """Whether the connection itself is in one, whatever was meant."""
        return bool(self.database.connection().in_transaction)

    def begin_reading(self, settings: Mapping[str, str]) -> None:  # noqa: ARG002
        """Begins a transaction in the place of one of reading that ended too early."""
        self.database.connection().execute("BEGIN DEFERRED")

    def set_locally(self, settings: Mapping[str, str]) -> None:
        """Nothing reads settings here: the scoped queries alone keep firms apart."""

    def isolated(self, seconds: float) -> AbstractContextManager[None]:
        """A failed statement leaves the transaction as it was: only time has to be limited."""
        return self.budget(seconds)

    @contextmanager
    def budget(self, seconds: float) -> Iterator[None]:
        """Interrupts a statement that runs longer than this."""
        connection = self.database.connection()
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: int(time.monotonic() > end), 10_000)
        try:
            yield
        finally:
            connection.set_progress_handler(None, 0)

    def together(self) -> AbstractContextManager[Any]:
        """There is no way to the server that could be saved."""
        return nullcontext()

    def locking(self, query: Any) -> Any:
        """The transaction is the lock already."""
        return query

    def taking(self, query: Any) -> Any:
        """The transaction is the lock already."""
        return query

    def leave_room(self, seconds: float) -> None:
        """Who waits for the one lock looks for it now and then: it has to be free meanwhile."""
        time.sleep(seconds)

    def narrowed_by_index(
        self, query: Any, searched: Searched, firm_id: int, tokens: Sequence[str]
    ) -> Any:
        """Through FTS5, of which only the firm's own range of numbers is read."""
        name = index_of(searched.search._meta.table_name)
        index: Any = peewee.Table(name, ("rowid", name))
        base = row_number(firm_id, 0)
        phrases = " AND ".join('"' + token.replace('"', '""') + '"' for token in tokens)
        return query.join_from(
            searched.row, index, on=(searched.row.id == index.rowid - base)
        ).where(
            peewee.Expression(getattr(index, name), "MATCH", phrases),
            index.rowid.between(base, row_number(firm_id + 1, 0) - 1),
        )

    def by_indexes(self) -> AbstractContextManager[None]:
        """FTS5 is always asked first: there is nothing to choose."""
        return nullcontext()

    def contains(self, text: Any, part: str) -> Any:
        """Whether a column contains this, letter by letter."""
        return peewee.fn.INSTR(text, part) > 0

    def starting_from(self, key: Any, keys: Any) -> Any:
        """Whether a key is among those of a query, which is read first."""
        return key.in_(keys)

    def close(self) -> None:
        """Closes this thread's connection."""
        self.database.close()


class Postgres:
    """A server, with row-level security that reads the firm from the transaction's settings."""

    name: EngineName = "postgres"

    def __init__(self, url: str) -> None:
        from playhouse.pool import PooledPostgresqlDatabase

        self.database: Any = PooledPostgresqlDatabase(
            url,
            max_connections=20,
            stale_timeout=300,
            timeout=WAIT_SECONDS,
            prefer_psycopg3=True,
            connect_timeout=WAIT_SECONDS,
            # Plans made for the average firm are wrong for most: each statement is planned afresh.
            prepare_threshold=None,
            options=f"-c lock_timeout={WAIT_SECONDS * 1000} -c timezone=UTC",
        )

    @contextmanager
    def transaction(self, *, write: bool, settings: Mapping[str, str]) -> Iterator[None]:
        """A transaction with these settings; without `write` the server itself refuses changes."""
        with ExitStack() as stack:
            stack.callback(self.database.close)
            self._begin(stack)
            self.set_locally(settings if write else {**settings, "transaction_read_only": "on"})
            yield

    def allow_changes(self) -> None:
        """A refusal ends with the transaction that began with it."""

    def _begin(self, stack: ExitStack) -> None:
        """BEGIN, once more where the pooled connection is one to a server that is gone."""
        self.database.connect(reuse_if_open=True)
        try:
            stack.enter_context(self.database.transaction())
        except peewee.OperationalError:
            self.database.manual_close()
            self.database.connect()
            stack.enter_context(self.database.transaction())

    def is_in_transaction(self) -> bool:
        """Whether the connection itself is in one, whatever was meant."""
        return bool(self.database.connection().info.transaction_status)

    def begin_reading(self, settings: Mapping[str, str]) -> None:
        """Begins a transaction in the place of one of reading that ended too early."""
        self.database.begin()
        self.set_locally({**settings, "transaction_read_only": "on"})

    def set_locally(self, settings: Mapping[str, str]) -> None:
        """Settings that end with the transaction, so that none leaks through the pool."""
        if not settings:
            return
        calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
        values = [text for pair in settings.items() for text in pair]
        self.database.execute_sql(f"SELECT {calls}", values)

    @contextmanager
    def isolated(self, seconds: float) -> Iterator[None]:
        """A savepoint with a limit of time: a failed statement would abort the whole transaction.

        Both go to the server at once, since a page has many parts and each way costs.
        """
        limit = f"SET LOCAL statement_timeout = {int(seconds * 1000)}"
        run = self.database.execute_sql
        run(f"SAVEPOINT part; {limit}")
        with ExitStack() as where_it_fails:
            where_it_fails.callback(run, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
            yield
            run("SET LOCAL statement_timeout = 0; RELEASE SAVEPOINT part")
            where_it_fails.pop_all()

    @contextmanager
    def budget(self, seconds: float) -> Iterator[None]:
        """Cancels a statement that runs longer than this."""
        self.set_locally({"statement_timeout": str(int(seconds * 1000))})
        yield
        # After a failure the savepoint around it takes the setting back.
        self.set_locally({"statement_timeout": "0"})

    def together(self) -> AbstractContextManager[Any]:
        """Statements whose answers nobody reads go to the server in one message."""
        return self.database.connection().pipeline()  # type: ignore[no-any-return]

    def locking(self, query: Any) -> Any:
        """The query, with its rows locked until the transaction ends."""
        return query.for_update()

    def taking(self, query: Any) -> Any:
        """The query, with those rows locked that nobody else has locked."""
        return query.for_update("FOR UPDATE SKIP LOCKED")

    def leave_room(self, seconds: float) -> None:
        """Transactions do not wait for each other."""

    def narrowed_by_index(
        self, query: Any, searched: Searched, firm_id: int, tokens: Sequence[str]
    ) -> Any:
        """Through pg_trgm, in an index that begins with the firm."""
        search = searched.search
        # The driver sends a small number as a smallint, with which the index cannot be asked; nor
        # can it with the equality of two columns, which the planner would turn into one.
        firm = peewee.Value(firm_id).cast("BIGINT")
        return query.join_from(searched.row, search, on=(searched.key == searched.row.id)).where(
            search.firm_id == firm,
            *(peewee.Expression(search.text, "LIKE", _pattern(token)) for token in tokens),
        )

    @contextmanager
    def by_indexes(self) -> Iterator[None]:
        """No table is read from its beginning: other firms' rows may stand there."""
        self.set_locally({"enable_seqscan": "off"})
        yield
        # After a failure the savepoint or the transaction takes the setting back.
        self.set_locally({"enable_seqscan": "on"})

    def contains(self, text: Any, part: str) -> Any:
        """Whether a column contains this, letter by letter."""
        return peewee.fn.STRPOS(text, part) > 0

    def starting_from(self, key: Any, keys: Any) -> Any:
        """Whether a key is among those of a query, which is read first: an array comes first."""
        return key == peewee.fn.ANY(peewee.fn.ARRAY(keys))

    def close(self) -> None:
        """Closes this thread's connection and the pool's idle ones."""
        if not self.database.is_closed():
            self.database.close()
        self.database.close_idle()


def _pattern(part: str) -> str:
    """The LIKE pattern of everything that contains this text."""
    escaped = re.sub(r"([%_\\])", r"\\\1", part)
    return f"%{escaped}%"
