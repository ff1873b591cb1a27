"""Which accounts or contacts have something in one of the firm's fields: filters of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import Expression

from crm_core.fields.kinds import KINDS
from crm_core.fields.notation import viewers_notation
from crm_core.fields.reading import COLUMNS
from crm_core.fields.texts import SORTED_BY
from crm_core.fields.values import FieldType
from crm_core.folding import folded
from crm_core.search_and_lists import Keys
from crm_core.store.tables import CustomValueRow

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.fields.values import CustomField

SPANS = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.DATE})
"""The types that are asked for from one value to another."""


def with_choice(ctx: Context, field: CustomField, chosen: str) -> Keys:
    """Those that have exactly this choice; with "" those that have nothing in the field."""
    if not chosen:
        return Keys(query=_values(ctx, field), others=True)
    compared = folded(chosen)[:SORTED_BY]
    fitting = _values(ctx, field).where(CustomValueRow.sort_text == compared)
    return Keys(query=fitting.where(CustomValueRow.text == chosen))


def containing(ctx: Context, field: CustomField, text: str) -> Keys:
    """Those whose text in the field holds this; accents and capitals do not count."""
    digits = "".join(c for c in text if c.isdigit()).lstrip("0")
    part = digits if digits and field.type is FieldType.PHONE else folded(text)
    return Keys(query=_values(ctx, field).where(ctx.store.contains(CustomValueRow.sort_text, part)))


def between(ctx: Context, field: CustomField, low: str, high: str) -> Keys:
    """Those with a number, an amount or a day in this span, both ends included; "" is no end.

    The ends are typed as the viewer writes them; `Refused` says what is none. Amounts in another
    currency than the end's are not meant.
    """
    query = _values(ctx, field)
    if low:
        query = _on_one_side(ctx, field, query, low, ">=")
    if high:
        query = _on_one_side(ctx, field, query, high, "<=")
    return Keys(query=query)


def _on_one_side(ctx: Context, field: CustomField, query: Any, typed: str, side: str) -> Any:
    end = KINDS[field.type].read(typed, viewers_notation(ctx))
    query = query.where(Expression(CustomValueRow.sort_number, side, end.sort_number))
    if field.type is not FieldType.MONEY:
        return query
    _amount, currency = end.text.split(" ")
    return query.where(ctx.store.contains(CustomValueRow.text, currency))


def _values(ctx: Context, field: CustomField) -> Any:
    query = CustomValueRow.of(ctx, COLUMNS[field.owner])
    return query.where((CustomValueRow.field_id == field.id) & CustomValueRow.fits)
