"""Statements of a fixed shape, whose SQL text is made once and run with other values each time.

peewee makes the text of a query anew each time it runs: a tenth of a millisecond or two, often more
than the database takes. What each page asks, or each section, is worth writing as

    @compiled
    def _latest(asked: Scoped, account_id: Any, count: Any) -> Any:
        return NoteRow.of(asked).where(NoteRow.account_id == account_id).limit(count)

    for row in _latest(ctx, account.id, 5): ...
"""

from __future__ import annotations

from collections import namedtuple
from functools import wraps
from typing import TYPE_CHECKING, Any

import peewee
from attrs import frozen

from crm_core.store.database import FirmScope, Store
from crm_core.store.rows import firm_database, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crm_core.store.database import Scoped

_AS_STORED = (peewee.Field.adapt, peewee.IntegerField.adapt, peewee.CharField.adapt)

MOST_VALUES = 100
"""A statement with more values than this is made anew: whatever is kept has to stay small."""


class _Asked(peewee.Node):
    """Stands for a value while a statement is made, and notes how its column stores it."""

    def __sql__(self, ctx: Any) -> Any:
        ctx._values.append(_Place(self, ctx.state.converter or _as_it_is))
        return ctx.literal(ctx.state.param or "?")

    def __bool__(self) -> bool:
        raise TypeError("A compiled query is made before its values are known: it asks none.")


@frozen
class _Place:
    """Where in a statement a value goes."""

    asked: _Asked
    stored: Callable[[Any], Any]


@frozen
class _Firm:
    id: Any


@frozen
class _Inside:
    """The store in whose transaction a statement is made, for a firm that is yet to be named."""

    database: Any
    firm_id: _Asked
    in_transaction: bool = True


@frozen
class _Statement:
    sql: str
    values: Sequence[Any]
    places: Sequence[tuple[int, int, Callable[[Any], Any]]]
    make: Callable[[Any], Any]
    readers: Sequence[tuple[int, Callable[[Any], Any]]]

    def run(self, database: Any, given: Sequence[Any]) -> list[Any]:
        """The rows, with each column's value as its field reads it."""
        values = list(self.values)
        for at, of, stored in self.places:
            values[at] = stored(given[of])
        found = database.execute_sql(self.sql, values).fetchall()
        if not self.readers:
            return [self.make(row) for row in found]
        return [self.make(self._read(row)) for row in found]

    def _read(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for at, read in self.readers:
            values[at] = read(values[at])
        return values


def compiled(query: Callable[..., Any]) -> Callable[..., list[Any]]:
    """The function that answers the rows of a query, a named tuple each.

    `query` gets whose rows are meant (a context, a `FirmScope`, or the store for those of the
    deployment) and then the values, which it may compare and limit with and nothing else: it is
    called once for each engine. A list is a value for `in_`; there is a text for each length.
    """
    kept: dict[tuple[object, ...], _Statement] = {}

    @wraps(query)
    def rows(asked: Scoped | Store, *values: Any) -> list[Any]:
        if isinstance(asked, Store):
            database, firm, engine = open_database(asked), None, asked.engine
        else:
            database, firm, engine = firm_database(asked), asked.firm.id, asked.store.engine
        shape = (engine, *[len(value) for value in values if isinstance(value, list)])
        statement = kept.get(shape)
        given = [firm, *(values if len(shape) == 1 else _flat(values))]
        if statement is None:
            statement = _made(query, database, values, of_firm=firm is not None)
            if len(given) <= MOST_VALUES:
                kept[shape] = statement
        return statement.run(database, given)

    return rows


def _made(
    query: Callable[..., Any], database: Any, values: Sequence[Any], *, of_firm: bool
) -> _Statement:
    firm = _Asked()
    inside: Any = _Inside(database, firm)
    stand_ins = [
        [_Asked() for _ in value] if isinstance(value, list) else _Asked() for value in values
    ]
    select = query(FirmScope(inside, _Firm(firm)) if of_firm else inside, *stand_ins)
    sql, found = database.get_sql_context().sql(select).query()
    number = {asked: at for at, asked in enumerate((firm, *_flat(stand_ins)))}
    return _Statement(
        sql=sql,
        values=[None if isinstance(value, _Place) else value for value in found],
        places=[
            (at, number[value.asked], value.stored)
            for at, value in enumerate(found)
            if isinstance(value, _Place)
        ],
        **_read_by(select),
    )


def _read_by(select: Any) -> Mapping[str, Any]:
    """How rows are read: the names of the columns, and what their fields make of them."""
    names, readers = [], []
    for at, column in enumerate(select.selected_columns):
        names.append(column.name)
        read = _reader(column)
        if read is not None:
            readers.append((at, read))
    row: Any = namedtuple("Row", names)  # type: ignore[misc]
    return {"make": row._make, "readers": readers}


def _reader(column: Any) -> Callable[[Any], Any] | None:
    """What a column's value has to go through, or None where the driver's own is right."""
    field = column.unwrap() if isinstance(column, peewee.WrappedNode) else column
    if not isinstance(field, peewee.Field):
        return getattr(field, "_converter", None)
    if type(field).python_value is peewee.Field.python_value and type(field).adapt in _AS_STORED:
        return None
    return field.python_value


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _as_it_is(value: Any) -> Any:
    return value
