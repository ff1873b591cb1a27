"""What plugins that are gone have left in the database: nothing is lost, and nobody shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.store.search_schema import index_of
from crm_core.store.tables import FirmRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.store.database import Store

HISTORY = "migration_"
"""How the table begins that says which migrations of an owner were applied."""

INDEX = f"{index_of('_search')}_"
"""What stands in the names of tables that an index of search is made of."""


@frozen(kw_only=True)
class Leftover:
    """The tables of a plugin that is gone, with how many rows each has over all firms."""

    plugin: str
    rows: Mapping[str, int]


def leftovers(store: Store, owners: Collection[str]) -> Sequence[Leftover]:
    """What is left of plugins whose migrations were applied and that are not among `owners`."""
    tables = [table for table in store.database.get_tables() if not _is_of_index(table)]
    known = {table.removeprefix(HISTORY) for table in tables if table.startswith(HISTORY)}
    gone = sorted(known - set(owners))
    return [
        Leftover(plugin=name, rows={table: _rows(store, table) for table in of_plugin})
        for name in gone
        if (of_plugin := [table for table in tables if _owner_of(table, known) == name])
    ]


def _owner_of(table: str, owners: Collection[str]) -> str:
    """Whose table it is by its name: of `notes_extra_x` notes_extra's, where there is that."""
    fitting = [name for name in owners if table.startswith(f"{name}_")]
    return max(fitting, key=len, default="")


def _is_of_index(table: str) -> bool:
    """Whether it holds an index of search, which on SQLite is tables by itself."""
    return INDEX in f"{table}_"


def _rows(store: Store, table: str) -> int:
    """The rows of all firms, each counted in a transaction of its own: the policies ask for it."""
    with store.deployment_transaction(write=False):
        firms = [row.id for row in FirmRecord.of(store, FirmRecord.id)]
    count = 0
    for firm_id in firms:
        with store.firm_transaction(firm_id, write=False):
            mark = "%s" if store.engine == "postgres" else "?"
            found = store.database.execute_sql(
                f'SELECT count(*) FROM "{table}" WHERE firm_id = {mark}',  # noqa: S608 - its own
                (firm_id,),
            )
            count += int(found.fetchone()[0])
    return count
