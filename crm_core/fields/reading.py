"""What accounts and contacts have in the firm's fields, read for a page of them at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_core.fields.defining import fields_of
from crm_core.fields.kinds import KINDS
from crm_core.fields.notation import viewers_notation
from crm_core.fields.values import Fact, FieldType, Owner, Value
from crm_core.store.tables import CustomValueRow
from crm_core.words import as_typed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.context import Context
    from crm_core.fields.notation import Notation
    from crm_core.fields.values import CustomField

COLUMNS = {Owner.ACCOUNT: CustomValueRow.account_id, Owner.CONTACT: CustomValueRow.contact_id}
"""Where a value says whose it is."""


def values_of_accounts(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Sequence[Value]]:
    """What stands in the fields of these accounts, by their keys; two queries for a page of them.

    Only what is filled, in the firm's order. The caller has settled that the viewer may see them.
    """
    return values_of(ctx, Owner.ACCOUNT, account_ids)


def values_of_contacts(ctx: Context, contact_ids: Collection[int]) -> Mapping[int, Sequence[Value]]:
    """What stands in the fields of these contacts, by their keys; see `values_of_accounts`."""
    return values_of(ctx, Owner.CONTACT, contact_ids)


def facts_of_accounts(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Sequence[Fact]]:
    """The filled fields of these accounts as the viewer reads them (I6)."""
    return _facts(ctx, values_of_accounts(ctx, account_ids))


def facts_of_contacts(ctx: Context, contact_ids: Collection[int]) -> Mapping[int, Sequence[Fact]]:
    """The filled fields of these contacts as the viewer reads them.

    Addresses are left out: they are listed with the contact's others (C4).
    """
    found = values_of_contacts(ctx, contact_ids)
    return _facts(
        ctx,
        {
            key: [value for value in values if not _is_address(value)]
            for key, values in found.items()
        },
    )


def shown(value: Value, notation: Notation) -> Fact:
    """A value as somebody reads it."""
    kind = KINDS[value.field.type]
    if not value.fits:
        text = as_typed("\n".join(value.texts))
        return Fact(label=as_typed(value.field.label), value=text, fits=False)
    if len(value.texts) == 1:
        text = kind.show(value.texts[0], notation)
    else:
        text = as_typed(", ".join(value.texts))
    return Fact(label=as_typed(value.field.label), value=text, link=kind.link(value.texts[0]))


def holds_addresses(field: CustomField) -> bool:
    """Whether what stands in the field are addresses of contacts."""
    return field.owner is Owner.CONTACT and field.type is FieldType.EMAIL


def values_of(ctx: Context, owner: Owner, keys: Collection[int]) -> Mapping[int, Sequence[Value]]:
    """What stands in the fields of these accounts, or these contacts, by their keys."""
    fields = fields_of(ctx, owner)
    column = COLUMNS[owner]
    rows = (
        CustomValueRow.of(
            ctx,
            column.alias("key"),
            CustomValueRow.field_id,
            CustomValueRow.text,
            CustomValueRow.fits,
        )
        .where(column.in_(sorted(keys)))
        .order_by(CustomValueRow.place)
        .tuples()
    )
    texts: defaultdict[tuple[int, int], dict[str, bool]] = defaultdict(dict)
    for key, field_id, text, fits in rows:
        texts[key, field_id][text] = bool(fits)
    found: defaultdict[int, list[Value]] = defaultdict(list)
    for field in fields:
        for key in keys:
            if here := texts.get((key, field.id)):
                fits = all(here.values())
                found[key].append(Value(field=field, texts=tuple(here), fits=fits))
    return found


def _facts(ctx: Context, values: Mapping[int, Sequence[Value]]) -> Mapping[int, Sequence[Fact]]:
    notation = viewers_notation(ctx)
    return {key: [shown(value, notation) for value in some] for key, some in values.items()}


def _is_address(value: Value) -> bool:
    return holds_addresses(value.field) and value.fits
