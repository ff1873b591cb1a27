"""The database of a deployment, and the transactions in which it may be read or changed.

A `Store` is SQLite in a data folder or PostgreSQL behind a URL. Rows are not bound to a database
(see `rows`), so one process can hold several stores, and no query runs outside a transaction.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from crm_core.store.engines import EngineName, Postgres, Sqlite
from crm_core.store.faults import faults_translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from crm_core.store.blobs import Files
    from crm_core.store.keys import Keys
    from crm_core.store.searching import Searched


class OutsideTransaction(Exception):  # noqa: N818
    """A firm's rows were asked for outside a `firm_transaction` of that firm: a faulty code."""


class Store:
    """A deployment's database and files; get one from `open_sqlite` or `open_postgres`, `close` it.

    `files` are read and written outside of transactions; rows say which of them belong to what.
    """

    def __init__(
        self, engine: Sqlite | Postgres, files: Files | None, keys: Keys | None = None
    ) -> None:
        self._engine = engine
        self._files = files
        self._keys = keys
        self._here = threading.local()

    @property
    def engine(self) -> EngineName:
        """Which engine it is: for the operator's eyes and for migrations, not for use cases."""
        return self._engine.name

    @property
    def files(self) -> Files:
        """Where files lie; a store that only migrates has no such place."""
        if self._files is None:
            raise LookupError("This store was opened without a place for files.")
        return self._files

    @property
    def keys(self) -> Keys:
        """Where the deployment's own keys are; a store that only migrates has no such place."""
        if self._keys is None:
            raise LookupError("This store was opened without a place for keys.")
        return self._keys

    @property
    def database(self) -> Any:
        """peewee's database, for migrations and for the rows themselves."""
        self._engine.allow_changes()
        return self._engine.database

    @property
    def firm_id(self) -> int | None:
        """The firm of the transaction that this thread is in, or None."""
        return getattr(self._here, "firm_id", None)

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is in a transaction of this store."""
        return bool(self._engine.database.in_transaction())

    @contextmanager
    def firm_transaction(self, firm_id: int, *, write: bool) -> Iterator[None]:
        """One transaction in which the rows of this firm, and of no other, can be reached.

        Without `write` the database itself refuses changes. On PostgreSQL the row-level policies
        read the firm that is set here; it ends with the transaction.
        """
        with (
            self._transaction(write=write, settings={"crm.firm": str(firm_id)}),
            self._in_firm(firm_id),
        ):
            yield
            self._end()

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
    def worker_transaction(self) -> Iterator[None]:
        """One transaction that only reads: what firms there are, and where work is due."""
        with self._transaction(write=False, settings={"crm.worker": "on"}):
            yield

    @contextmanager
    def entering_firm(self, firm_id: int) -> Iterator[None]:
        """A part of a deployment's transaction that reaches this firm too: for making a firm."""
        self._engine.set_locally({"crm.firm": str(firm_id)})
        with self._in_firm(firm_id):
            yield
            self._end()

    def at_end(self, call: Callable[[], None]) -> None:
        """Calls this just before the firm's transaction commits; not at all if it is undone."""
        self._here.at_end.append(call)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that can fail by itself: its own writes are undone."""
        with self._engine.database.savepoint():
            yield

    @contextmanager
    def isolated(self, seconds: float) -> Iterator[None]:
        """A part that only reads and can fail by itself, as cheaply as the engine allows.

        SQL in it that runs longer than so many seconds is cut off: it raises.

        One that leaves a transaction open, or ends the one that it was called in, fails; what
        comes after it reads as if it had not been there.
        """
        depth = self._engine.database.transaction_depth()
        try:
            with self._engine.isolated(seconds):
                yield
                if not self._is_as_before(depth):
                    raise OutsideTransaction("A part that only reads ended or began a transaction.")
        finally:
            if not self._is_as_before(depth):
                self._restore(depth)

    def budget(self, seconds: float) -> AbstractContextManager[None]:
        """Cuts off SQL that runs longer than this: it raises."""
        return self._engine.budget(seconds)

    def together(self) -> AbstractContextManager[Any]:
        """Statements whose answers nobody reads, sent as one where the engine can."""
        return self._engine.together()

    def locking(self, query: Any) -> Any:
        """The query, whose rows nobody else can change until the transaction ends."""
        return self._engine.locking(query)

    def taking(self, query: Any) -> Any:
        """The query, locked like `locking`, less the rows that somebody else has locked."""
        return self._engine.taking(query)

    def leave_room(self, seconds: float) -> None:
        """Lets others write for this long, where who writes again and again would keep them out."""
        self._engine.leave_room(seconds)

    def narrowed_by_index(
        self, query: Any, searched: Searched, firm_id: int, tokens: Sequence[str]
    ) -> Any:
        """The query, narrowed to rows whose search row contains all of these; see `searching`."""
        return self._engine.narrowed_by_index(query, searched, firm_id, tokens)

    def by_indexes(self) -> AbstractContextManager[None]:
        """A part whose statements read what they find and never whole tables."""
        return self._engine.by_indexes()

    def contains(self, text: Any, part: str) -> Any:
        """A condition: the column contains this, letter by letter."""
        return self._engine.contains(text, part)

    def starting_from(self, key: Any, keys: Any) -> Any:
        """A condition: the key is among those of the query, from which the database begins."""
        return self._engine.starting_from(key, keys)

    def close(self) -> None:
        """Closes this thread's connection and those of the pool."""
        self._engine.close()

    @contextmanager
    def _transaction(self, *, write: bool, settings: dict[str, str]) -> Iterator[None]:
        if self.in_transaction:
            raise OutsideTransaction("A transaction is open already; one business action is one.")
        self._here.write, self._here.settings = write, settings
        with faults_translated(), self._engine.transaction(write=write, settings=settings):
            depth = self._engine.database.transaction_depth()
            try:
                yield
                if not self._is_as_before(depth):
                    raise OutsideTransaction("A transaction was begun or ended within this one.")
            finally:
                self._close_inner(depth)

    def _is_as_before(self, depth: int) -> bool:
        is_as_deep = self._engine.database.transaction_depth() == depth
        return is_as_deep and self._engine.is_in_transaction()

    def _restore(self, depth: int) -> None:
        """Takes back what a part left open; where it ended a transaction of reading, begins one."""
        self._close_inner(depth)
        if not self._engine.is_in_transaction():
            if self._here.write:
                raise OutsideTransaction("A part that only reads ended a transaction of writing.")
            self._engine.begin_reading(self._here.settings)

    def _close_inner(self, depth: int) -> None:
        while self._engine.database.transaction_depth() > depth:
            self._engine.database.pop_transaction()

    def _end(self) -> None:
        for call in self._here.at_end:
            call()

    @contextmanager
    def _in_firm(self, firm_id: int) -> Iterator[None]:
        self._here.firm_id = firm_id
        self._here.at_end = []
        try:
            yield
        finally:
            self._here.firm_id = None


class HasId(Protocol):
    """Something with a key of the database."""

    @property
    def id(self) -> int:
        """The key."""


class Scoped(Protocol):
    """What says whose rows are meant: a `Context`, or where there is none yet a `FirmScope`."""

    @property
    def store(self) -> Store:
        """The deployment's database."""

    @property
    def firm(self) -> HasId:
        """The firm whose rows are meant."""


@frozen
class FirmScope:
    """A store and a firm, before anybody asks: to read who the viewer is, or to make an owner."""

    store: Store
    firm: HasId


def open_sqlite(folder: Path, files: Files | None = None, keys: Keys | None = None) -> Store:
    """The store in `folder/crm.sqlite3`; the file is made by the first migration."""
    return Store(Sqlite(folder), files, keys)


def open_postgres(url: str, files: Files | None = None, keys: Keys | None = None) -> Store:
    """The store behind a `postgresql://` URL."""
    return Store(Postgres(url), files, keys)


@contextmanager
def firm_transaction(ctx: Scoped, *, write: bool = True) -> Iterator[None]:
    """The transaction of one business action in the firm; see `Store.firm_transaction`."""
    with ctx.store.firm_transaction(ctx.firm.id, write=write):
        yield
