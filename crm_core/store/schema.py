"""How rows become tables: composite references, row-level security, and one way to create both.

Migrations call `create_tables` with frozen copies of the rows; the test that compares catalogues
calls it with the rows themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import peewee

from crm_core.store.search_schema import make_searchable

if TYPE_CHECKING:
    from collections.abc import Sequence


class References(peewee.SQL):
    """A reference to another row of the same firm: composite, so that it cannot leave the firm.

    `deferred` references are checked when the transaction ends; two tables that need each other
    have one.
    """

    def __init__(
        self,
        columns: Sequence[str],
        table: str,
        to: Sequence[str],
        *,
        deferred: bool = False,
        on_delete: str = "",
    ) -> None:
        self.columns, self.table, self.to = tuple(columns), table, tuple(to)
        self.name = f"{table}_of_{'_'.join(columns)}"[:50]
        text = (
            f'CONSTRAINT "{self.name}" FOREIGN KEY ({_quoted(columns)}) '
            f'REFERENCES "{table}" ({_quoted(to)})'
        )
        if on_delete:
            text += f" ON DELETE {on_delete}"
        if deferred:
            text += " DEFERRABLE INITIALLY DEFERRED"
        super().__init__(text)


def create_tables(database: Any, models: Sequence[type[peewee.Model]]) -> None:
    """Creates the tables of `models` with their indexes, references and policies.

    On PostgreSQL references are added once all tables stand, and every table with a `firm_id` is
    closed to all rows but those of the firm that the transaction has set; one that says
    `READ_BY_ITS_PERSON` can be read by the person whose rows they are, too, one that says
    `READ_BY_THE_WORKER` by the worker, in every firm. Rows of a table that
    says `APPEND_ONLY` can be added, and neither changed nor removed. One that says `SEARCHED` gets
    an index of trigrams and no policy (see `search_rows`).
    """
    postgres = isinstance(database, peewee.PostgresqlDatabase)
    for model in models:
        _create_table(database, model, inline_references=not postgres)
        if getattr(model, "APPEND_ONLY", False):
            refuse_changes(database, model._meta.table_name)
        if getattr(model, "SEARCHED", False):
            make_searchable(database, model._meta.table_name)
    if postgres:
        for model in models:
            _add_references(database, model)
            if "firm_id" in model._meta.fields and not getattr(model, "SEARCHED", False):
                guard_by_firm(database, model._meta.table_name)
            if getattr(model, "READ_BY_ITS_PERSON", False):
                open_to_person(database, model._meta.table_name)
            if getattr(model, "READ_BY_THE_WORKER", False):
                open_to_worker(database, model._meta.table_name)


def add_column(database: Any, model: type[peewee.Model], name: str) -> None:
    """Adds the column of a field to a table that stands; the field is null or says its DEFAULT."""
    field = model._meta.fields[name]
    manager: Any = peewee.SchemaManager(model, database)
    context = manager._create_context()
    context.literal(f'ALTER TABLE "{model._meta.table_name}" ADD COLUMN ').sql(field.ddl(context))
    database.execute(context)


def add_indexes(database: Any, model: type[peewee.Model], indexes: Sequence[Any]) -> None:
    """Adds indexes to a table that stands."""
    manager: Any = peewee.SchemaManager(model, database)
    for index in indexes:
        database.execute(manager._create_context().sql(index))


def drop_index(database: Any, table: str, columns: Sequence[str]) -> None:
    """Drops the index on these columns of a table, whatever it is called."""
    for index in database.get_indexes(table):
        if set(index.columns) == set(columns) and not index.unique:
            database.execute_sql(f'DROP INDEX "{index.name}"')


def guard_by_firm(database: Any, table: str) -> None:
    """Row-level security on PostgreSQL: only rows of the firm that the transaction has set."""
    database.execute_sql(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    database.execute_sql(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    database.execute_sql(
        f'CREATE POLICY rows_of_the_firm ON "{table}" '
        f"USING (firm_id = nullif(current_setting('crm.firm', true), '')::bigint)"
    )


def open_to_person(database: Any, table: str) -> None:
    """Lets a person's own rows of `table` be read in every firm, where the transaction says who."""
    database.execute_sql(
        f'CREATE POLICY rows_of_the_person ON "{table}" FOR SELECT '
        f"USING (person_id = nullif(current_setting('crm.person', true), '')::bigint)"
    )


def open_to_worker(database: Any, table: str) -> None:
    """Lets the worker read `table` in every firm, where the transaction says that it is the one."""
    database.execute_sql(
        f'CREATE POLICY rows_for_the_worker ON "{table}" FOR SELECT '
        f"USING (current_setting('crm.worker', true) = 'on')"
    )


def refuse_changes(database: Any, table: str) -> None:
    """Makes the database refuse to change or remove rows of `table`."""
    postgres = isinstance(database, peewee.PostgresqlDatabase)
    if postgres:
        database.execute_sql(_REFUSE_ON_POSTGRES)
    for change in ("UPDATE", "DELETE"):
        act = (
            "FOR EACH ROW EXECUTE FUNCTION crm_refuse_change()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )
        database.execute_sql(
            f'CREATE TRIGGER "{table}_no_{change.lower()}" BEFORE {change} ON "{table}" {act}'
        )


_REFUSE_ON_POSTGRES = """
CREATE OR REPLACE FUNCTION crm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are never changed'; END $$
"""


def _create_table(database: Any, model: type[peewee.Model], *, inline_references: bool) -> None:
    meta = model._meta
    declared = meta.constraints
    if not inline_references:
        meta.constraints = [c for c in declared or () if not isinstance(c, References)]
    try:
        manager = peewee.SchemaManager(model, database)
        manager.create_table(safe=False)
        manager.create_indexes(safe=False)
    finally:
        meta.constraints = declared


def _add_references(database: Any, model: type[peewee.Model]) -> None:
    for constraint in model._meta.constraints or ():
        if isinstance(constraint, References):
            database.execute_sql(f'ALTER TABLE "{model._meta.table_name}" ADD {constraint.sql}')


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
