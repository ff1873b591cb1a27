"""What the database says when it cannot answer, as the refusals that people read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import peewee
from playhouse.pool import MaxConnectionsExceeded

from crm_core.refusals import StorageFull, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

_SQLITE_FULL = "SQLITE_FULL"
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_POSTGRES_FULL = "53100"
_POSTGRES_BUSY = ("08", "53", "55P03", "57P", "40001", "40P01")
"""SQLSTATEs, or how they begin: no connection, no resources, a lock, a shutdown, a conflict."""


@contextmanager
def faults_translated() -> Iterator[None]:
    """A database that is locked, gone or full becomes `Unavailable`; every other fault passes.

    A full SQLite undoes the transaction by itself, so that undoing it fails: the fault that counts
    is then the one before.
    """
    try:
        yield
    except peewee.PeeweeException as error:
        refusal = _refusal_of(error) or _refusal_of(_before(error))
        if refusal is None:
            raise
        raise refusal from error
    except MaxConnectionsExceeded as error:
        raise Unavailable from error


def _before(error: BaseException) -> BaseException | None:
    """The peewee fault during whose handling this one arose."""
    before = error.__context__
    while before is not None and not isinstance(before, peewee.PeeweeException):
        before = before.__context__
    return before


def _refusal_of(error: BaseException | None) -> Unavailable | None:
    original = getattr(error, "orig", None)
    name = getattr(original, "sqlite_errorname", "") or ""
    if name.startswith(_SQLITE_FULL):
        return StorageFull()
    if name.startswith(_SQLITE_BUSY):
        return Unavailable()
    if name or not isinstance(error, peewee.OperationalError | peewee.InterfaceError):
        return None
    state = getattr(original, "sqlstate", None)
    if state == _POSTGRES_FULL:
        return StorageFull()
    gone = state is None and type(original).__module__.startswith("psycopg")
    return Unavailable() if gone or str(state or "").startswith(_POSTGRES_BUSY) else None
