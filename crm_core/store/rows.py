"""The two kinds of rows: those of a firm, and those of the whole deployment.

Neither is bound to a database. A query starts from `Row.of(ctx)`, which binds it to the context's
store and to the context's firm; one that starts anywhere else raises.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, NoReturn

import peewee

from crm_core.store.database import OutsideTransaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crm_core.store.database import Scoped, Store


BATCH = 500
"""Rows in one INSERT: each has up to twenty values, and a statement may have 32,766."""


class Unscoped(Exception):  # noqa: N818
    """A query was started without saying whose rows it means: a fault in the code."""


def new_public_id() -> str:
    """A name for a row in a URL: 128 random bits, so that nobody can guess another's."""
    return secrets.token_hex(16)


def _unscoped(cls: Any, /, *_args: object, **_kwargs: object) -> NoReturn:
    raise Unscoped(f"{cls.__name__}: start from {cls.__name__}.of(...), which says whose rows.")


class Row(peewee.Model):
    """What all rows share: peewee's own unscoped ways to start a query are closed."""

    select = insert = insert_many = insert_from = update = delete = raw = get = create = replace = (
        classmethod(_unscoped)
    )
    get_or_none = get_by_id = get_or_create = bulk_create = bulk_update = replace_many = (
        classmethod(_unscoped)
    )

    class Meta:
        legacy_table_names = False


class FirmRow(Row):
    """A row that belongs to a firm. Subclasses add fields, `Meta.table_name` and constraints.

    References to other rows of a firm are composite (`firm_id`, `id`): see `schema.References`.
    """

    firm_id = peewee.BigIntegerField()

    SEARCHED = False
    """Whether it holds the words by which other rows are found (see `search_rows`)."""

    DERIVED = False
    """Whether it can be made again from other rows and files: it is not taken along with these."""

    @classmethod
    def of(cls, ctx: Scoped, *columns: Any) -> peewee.ModelSelect[Any]:
        """The firm's rows, to be narrowed with `where`; all columns where none are named."""
        query = super(Row, cls).select(*columns).bind(firm_database(ctx))
        return query.where(cls.firm_id == ctx.firm.id)

    @classmethod
    def adding(cls, ctx: Scoped, **values: Any) -> peewee.ModelInsert:
        """An insert to be completed with `on_conflict` or `returning`."""
        return super(Row, cls).insert(firm_id=ctx.firm.id, **values).bind(firm_database(ctx))

    @classmethod
    def insert_into(cls, ctx: Scoped, **values: Any) -> int:
        """Stores one row and answers its `id`."""
        query = cls.adding(ctx, **values).returning(cls.id).tuples()  # type: ignore[attr-defined]
        return int(next(iter(query.execute()))[0])

    @classmethod
    def insert_all(
        cls, ctx: Scoped, fields: Sequence[Any], rows: Iterable[tuple[Any, ...]]
    ) -> None:
        """Stores many rows at once: `rows` are tuples of the values of `fields`."""
        for query in cls._batches(ctx, fields, rows):
            query.returning().execute()

    @classmethod
    def insert_all_named(
        cls, ctx: Scoped, fields: Sequence[Any], rows: Iterable[tuple[Any, ...]]
    ) -> Mapping[str, int]:
        """Stores many rows that have a public id, and answers their keys by it."""
        key = (cls.public_id, cls.id)  # type: ignore[attr-defined]
        return {
            public_id: row_id
            for query in cls._batches(ctx, fields, rows)
            for public_id, row_id in query.returning(*key).tuples().execute()
        }

    @classmethod
    def put_all(
        cls,
        ctx: Scoped,
        fields: Sequence[Any],
        rows: Iterable[tuple[Any, ...]],
        *,
        key: Any,
        change: Any,
    ) -> None:
        """Stores many rows; where one with the same `key` is there, its field `change` changes."""
        value = {change: peewee.EXCLUDED[change.column_name]}
        for query in cls._batches(ctx, fields, rows):
            query.on_conflict(conflict_target=[key], update=value).returning().execute()

    @classmethod
    def _batches(
        cls, ctx: Scoped, fields: Sequence[Any], rows: Iterable[tuple[Any, ...]]
    ) -> Iterator[peewee.ModelInsert]:
        database = firm_database(ctx)
        columns = [cls.firm_id, *fields]
        for batch in peewee.chunked(((ctx.firm.id, *row) for row in rows), BATCH):
            yield super(Row, cls).insert_many(batch, columns).bind(database)

    @classmethod
    def change(cls, ctx: Scoped, **values: Any) -> peewee.ModelUpdate:
        """A change of the firm's rows, to be narrowed with `where`; `execute` answers how many."""
        query = super(Row, cls).update(**values).bind(firm_database(ctx))
        return query.where(cls.firm_id == ctx.firm.id)

    @classmethod
    def remove(cls, ctx: Scoped) -> peewee.ModelDelete:
        """A removal of the firm's rows, to be narrowed with `where`; `execute` answers how many."""
        return super(Row, cls).delete().bind(firm_database(ctx)).where(cls.firm_id == ctx.firm.id)


class DeploymentRow(Row):
    """A row that belongs to no firm. Its tables are a closed list, which a test holds."""

    @classmethod
    def of(cls, store: Store, *columns: Any) -> peewee.ModelSelect[Any]:
        """The rows of the deployment, to be narrowed with `where`."""
        return super(Row, cls).select(*columns).bind(open_database(store))

    @classmethod
    def insert_into(cls, store: Store, **values: Any) -> int:
        """Stores one row and answers its key."""
        key = cls._meta.primary_key
        query = super(Row, cls).insert(**values).bind(open_database(store))
        return int(next(iter(query.returning(key).tuples().execute()))[0])

    @classmethod
    def change(cls, store: Store, **values: Any) -> peewee.ModelUpdate:
        """A change of rows, to be narrowed with `where`."""
        return super(Row, cls).update(**values).bind(open_database(store))

    @classmethod
    def remove(cls, store: Store) -> peewee.ModelDelete:
        """A removal of rows, to be narrowed with `where`."""
        return super(Row, cls).delete().bind(open_database(store))


def next_number(ctx: Scoped, name: str, count: int = 1) -> int:
    """The first of `count` new numbers of the firm's counter `name`; never given twice.

    The counter's row stays locked until the transaction ends, and an undone transaction gives
    its numbers back: there are no gaps.
    """
    from crm_core.store.tables import CounterRow

    query = CounterRow.adding(ctx, name=name, last=count).on_conflict(
        conflict_target=[CounterRow.firm_id, CounterRow.name],
        update={CounterRow.last: CounterRow.last + count},
    )
    stored = query.returning(CounterRow.last).tuples().execute()
    return int(next(iter(stored))[0]) - count + 1


def open_database(store: Store) -> Any:
    """The database of a store that is in a transaction; raises where it is not."""
    if not store.in_transaction:
        raise OutsideTransaction("Rows are read and changed inside a transaction.")
    return store.database


def firm_database(ctx: Scoped) -> Any:
    """The database of a scope whose firm's transaction this thread is in; raises elsewhere."""
    if ctx.store.firm_id != ctx.firm.id:
        raise OutsideTransaction(
            f"Rows of firm {ctx.firm.id} are read and changed in a firm_transaction of that firm."
        )
    return ctx.store.database
