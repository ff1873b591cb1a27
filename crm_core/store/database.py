"""The database of a deployment, and the transactions in which it may be read or changed.

A `Store` is SQLite in a data folder or PostgreSQL behind a URL. Rows are not bound to a database
(see `rows`), so one process can hold several stores, and no query runs outside a transaction.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import peewee

from crm_core.refusals import StorageFull, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_core.context import Context

WAIT_SECONDS = 4
"""How long a statement waits for a lock, or a request for a connection, before it gives up."""

Engine = Literal["sqlite", "postgres"]


class OutsideTransaction(Exception):  # noqa: N818
    """A firm's rows were asked for outside a `firm_transaction` of that firm: a faulty code."""


class Store:
    """One deployment's database. Get one from `open_store`; `close` it at the end."""

    def __init__(self, database: peewee.Database, engine: Engine) -> None:
        self.database = database
        self.engine: Engine = engine
        self._here = threading.local()

    @property
    def firm_id(self) -> int | None:
        """The firm of the transaction that this thread is in, or None."""
        return getattr(self._here, "firm_id", None)

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is in a transaction of this store."""
        return bool(self.database.in_transaction())

    @contextmanager
    def firm_transaction(self, firm_id: int, *, write: bool) -> Iterator[None]:
        """One transaction in which the rows of this firm, and of no other, can be reached.

        Without `write` the database itself refuses changes. On PostgreSQL the row-level policies
        read the firm that is set here; it ends with the transaction and cannot leak through the
        pool.
        """
        with self._transaction(write=write, settings={"crm.firm": str(firm_id)}):
            self._here.firm_id = firm_id
            try:
                yield
            finally:
                self._here.firm_id = None

    @contextmanager
    def deployment_transaction(
        self, *, write: bool, person_id: int | None = None
    ) -> Iterator[None]:
        """One transaction over the tables that belong to no firm: persons, firms, sessions.

        With `person_id` that person's own memberships, in every firm, can be read too.
        """
        settings = {} if person_id is None else {"crm.person": str(person_id)}
        with self._transaction(write=write, settings=settings):
            yield

    @contextmanager
    def entering_firm(self, firm_id: int) -> Iterator[None]:
        """A part of a deployment's transaction that reaches this firm too: for making a firm."""
        if self.engine == "postgres":
            _set_locally(self.database, {"crm.firm": str(firm_id)}, read_only=False)
        self._here.firm_id = firm_id
        try:
            yield
        finally:
            self._here.firm_id = None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that can fail by itself: its own writes are undone."""
        with self.database.savepoint():
            yield

    @contextmanager
    def budget(self, seconds: float) -> Iterator[None]:
        """Cuts off SQL that runs longer than this; the statement that was cut raises."""
        stop = _Budgets[self.engine](self.database, seconds)
        try:
            yield
        finally:
            stop()

    def close(self) -> None:
        """Closes this thread's connection and those of the pool."""
        if not self.database.is_closed():
            self.database.close()
        close_idle = getattr(self.database, "close_idle", None)
        if close_idle is not None:
            close_idle()

    @contextmanager
    def _transaction(self, *, write: bool, settings: dict[str, str]) -> Iterator[None]:
        if self.in_transaction:
            raise OutsideTransaction("A transaction is open already; one business action is one.")
        with _faults_translated():
            self._connect()
            try:
                with self._begun(write=write, settings=settings):
                    yield
            finally:
                self._release()

    def _connect(self) -> None:
        self.database.connect(reuse_if_open=True)

    def _release(self) -> None:
        # A SQLite connection stays with its thread: opening one costs up to a millisecond.
        if self.engine == "postgres":
            self.database.close()

    @contextmanager
    def _begun(self, *, write: bool, settings: dict[str, str]) -> Iterator[None]:
        if self.engine == "sqlite":
            with _sqlite_transaction(self.database, write=write):
                yield
        else:
            with self.database.transaction():
                _set_locally(self.database, settings, read_only=not write)
                yield


def open_sqlite(folder: Path) -> Store:
    """The store in `folder/crm.sqlite3`; the file is made by the first migration.

    `synchronous=FULL`: an answer that was given survives a power cut, as the rules demand.
    """
    database = peewee.SqliteDatabase(
        str(folder / "crm.sqlite3"),
        pragmas={"journal_mode": "wal", "foreign_keys": 1, "synchronous": "FULL"},
        timeout=WAIT_SECONDS,
        lock_type="IMMEDIATE",
    )
    return Store(database, "sqlite")


def open_postgres(url: str) -> Store:
    """The store behind a `postgresql://` URL."""
    from playhouse.pool import PooledPostgresqlDatabase

    database = PooledPostgresqlDatabase(
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
    return Store(database, "postgres")


@contextmanager
def firm_transaction(ctx: Context, *, write: bool = True) -> Iterator[None]:
    """The transaction of one business action in the firm; see `Store.firm_transaction`."""
    with ctx.store.firm_transaction(ctx.firm.id, write=write):
        yield


@contextmanager
def _sqlite_transaction(database: Any, *, write: bool) -> Iterator[None]:
    # query_only makes the database itself refuse a write in a reading request.
    if not write:
        database.execute_sql("PRAGMA query_only = 1")
    try:
        with database.transaction("IMMEDIATE" if write else "DEFERRED"):
            yield
    finally:
        if not write:
            database.execute_sql("PRAGMA query_only = 0")


def _set_locally(database: Any, settings: dict[str, str], *, read_only: bool) -> None:
    wanted = dict(settings, transaction_read_only="on") if read_only else settings
    if not wanted:
        return
    calls = ", ".join("set_config(%s, %s, true)" for _ in wanted)
    database.execute_sql(f"SELECT {calls}", [text for pair in wanted.items() for text in pair])


def _sqlite_budget(database: Any, seconds: float) -> Callable[[], None]:
    connection = database.connection()
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 10_000)
    return lambda: connection.set_progress_handler(None, 0)


def _postgres_budget(database: Any, seconds: float) -> Callable[[], None]:
    database.execute_sql(
        "SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))]
    )

    def stop() -> None:
        if database.connection().info.transaction_status.name != "INERROR":
            database.execute_sql("SELECT set_config('statement_timeout', '0', true)")

    return stop


_Budgets: dict[Engine, Callable[[Any, float], Callable[[], None]]] = {
    "sqlite": _sqlite_budget,
    "postgres": _postgres_budget,
}

_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_POSTGRES_BUSY = ("08", "53", "55P03", "57P", "40001", "40P01")


@contextmanager
def _faults_translated() -> Iterator[None]:
    """A database that is locked, gone or full becomes `Unavailable`; every other fault passes."""
    try:
        yield
    except peewee.PeeweeException as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    except ValueError as error:
        # The pool's way of saying that every connection is taken.
        if type(error).__name__ != "MaxConnectionsExceeded":
            raise
        raise Unavailable from error


def _refusal_of(error: peewee.PeeweeException) -> Unavailable | None:
    original = error.args[0] if error.args else None
    name = getattr(original, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return StorageFull()
    if name.startswith(_SQLITE_BUSY):
        return Unavailable()
    if not isinstance(error, peewee.OperationalError | peewee.InterfaceError) or name:
        return None
    state = getattr(original, "sqlstate", None)
    if state == "53100":
        return StorageFull()
    gone = state is None and type(original).__module__.startswith("psycopg")
    return Unavailable() if gone or str(state or "").startswith(_POSTGRES_BUSY) else None
