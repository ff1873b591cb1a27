"""The columns of a list: its own, those of the firm's fields, and those of modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.fields.defining import fields_of
from crm_core.fields.notation import viewers_notation
from crm_core.fields.reading import shown, values_of
from crm_core.fields.values import FieldType
from crm_core.guarding import Failed, read_guarded
from crm_core.permissions import may
from crm_core.words import Words, as_typed
from web.lists.filters import OWNER_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.search_and_lists import ListColumn, ListOf


class NoCell(Exception):  # noqa: N818
    """A column of a module holds something that is no cell."""


@frozen(kw_only=True)
class Column:
    """A column that a list can show; `orders` are those that its heading switches between.

    It is the list's own, whose template draws it, or that of a `field`, or a module's.
    """

    name: str
    title: Words
    amount: bool = False
    orders: tuple[str, ...] = ()
    field: CustomField | None = None
    contributed: Contributed[ListColumn] | None = None


@frozen(kw_only=True)
class Cell:
    """What stands in a cell: a text, an instant or a number, and where it leads."""

    text: Words | None = None
    at: datetime | None = None
    number: int | Decimal | None = None
    link: str = ""


def columns_of(ctx: Context, of: ListOf, own: Sequence[Column]) -> Sequence[Column]:
    """The columns that the viewer can choose from: the list's own first."""
    fields = [
        Column(
            name=field.name,
            title=as_typed(field.label),
            amount=field.type in (FieldType.NUMBER, FieldType.MONEY),
            field=field,
        )
        for field in fields_of(ctx, OWNER_OF[of])
    ]
    contributed = [
        Column(name=one.name, title=one.value.title, amount=one.value.amount, contributed=one)
        for one in ctx.modules.list_columns(of)
        if may(ctx, one.value.needs)
    ]
    return [*own, *fields, *contributed]


def cells_of(
    ctx: Context, of: ListOf, columns: Sequence[Column], keys: Sequence[int]
) -> Mapping[str, Mapping[int, Cell] | Failed]:
    """What stands in these columns, by column and key; or how a module failed to say.

    One query for all fields of the firm together, and what each module's column asks.
    """
    fields = {column.field.id: column.name for column in columns if column.field is not None}
    cells: dict[str, Any] = {name: {} for name in fields.values()}
    if fields:
        notation = viewers_notation(ctx)
        for key, values in values_of(ctx, OWNER_OF[of], keys).items():
            for value in values:
                if value.field.id in fields:
                    fact = shown(value, notation)
                    cell = Cell(text=fact.value, link=fact.link)
                    cells[fields[value.field.id]][key] = cell
    for column in columns:
        if column.contributed is not None:
            cells[column.name] = _loaded(ctx, column.contributed, keys)
    return cells


def _loaded(
    ctx: Context, contributed: Contributed[ListColumn], keys: Sequence[int]
) -> Mapping[int, Cell] | Failed:
    def load() -> Mapping[int, Cell]:
        found: object = contributed.value.load(ctx, keys)
        if not isinstance(found, Mapping):
            raise NoCell(f"{contributed.name} answered {type(found).__name__}, not a Mapping")
        return {key: _cell(contributed.name, found[key]) for key in keys if key in found}

    outcome = read_guarded(ctx, contributed.name, contributed.value.budget, load)
    return outcome if isinstance(outcome, Failed) else outcome.value


def _cell(column: str, value: object) -> Cell:
    match value:
        case datetime():
            return Cell(at=value)
        case bool():
            pass
        case int() | Decimal():
            return Cell(number=value)
        case Words():
            return Cell(text=value)
        case str():
            return Cell(text=as_typed(value))
    raise NoCell(f"{column} holds a {type(value).__name__}, which is no cell")
