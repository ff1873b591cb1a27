"""The statements that a store sends to its database while a test looks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.store.database import Store


@contextmanager
def recorded(store: Store) -> Iterator[list[str]]:
    """Every statement that is sent inside, in order."""
    statements: list[str] = []
    execute = store.database.execute_sql

    def recording(sql: str, *arguments: Any, **more: Any) -> Any:
        statements.append(sql)
        return execute(sql, *arguments, **more)

    store.database.execute_sql = recording
    try:
        yield statements
    finally:
        del store.database.execute_sql
