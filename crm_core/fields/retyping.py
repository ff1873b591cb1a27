"""Giving a field another type: what that would do, and doing it. Nothing that stands in it is lost.

What does not convert stays as it was written, beside the field, until somebody replaces or removes
it; where it fits a later type it returns by itself.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen
from peewee import fn

from crm_core import audit, events, search_index
from crm_core.addresses import address_key
from crm_core.fields import numbers, reaching
from crm_core.fields.defining import change_row
from crm_core.fields.kinds import KINDS, MOST_CHOICES
from crm_core.fields.notation import firms_notation
from crm_core.fields.reading import COLUMNS, holds_addresses
from crm_core.fields.saving import insert_values
from crm_core.fields.texts import stored
from crm_core.fields.values import FieldType, Owner
from crm_core.permissions import (
    MANAGE_FIELDS,
    VIEW_ALL_ACCOUNTS,
    VIEW_ALL_CONTACTS,
    demand,
    may,
)
from crm_core.refusals import Refused, Stale
from crm_core.store.rows import BATCH
from crm_core.store.tables import ContactEmailRow, CustomFieldRow, CustomValueRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crm_core.context import Context
    from crm_core.fields.notation import Notation
    from crm_core.fields.values import CustomField, Stored

EXAMPLES = 5


@frozen(kw_only=True)
class Report:
    """What another type would do: how many values convert, and how many stay beside as they are.

    The examples (what it says now, what it would say) are for those alone who may see every value.
    """

    converting: int
    staying: int
    examples: Sequence[tuple[str, str]]
    left: Sequence[str]
    choices: Sequence[str]


@frozen
class _Plan:
    """What becomes of everything that stands in the field, and what can be chosen afterwards."""

    conversions: Sequence[_Conversion]
    choices: tuple[str, ...]


@frozen
class _Conversion:
    """What happens to what one account or contact has: `texts` is None where it does not fit."""

    key: int
    now: str
    texts: tuple[Stored, ...] | None

    def unless(self, wrong: Callable[[_Conversion, str], bool]) -> _Conversion:
        """The same; or where one of its texts is wrong, that it does not fit."""
        if any(wrong(self, text.text) for text in self.texts or ()):
            return evolve(self, texts=None)
        return self


def type_change(ctx: Context, field: CustomField, to: FieldType) -> Report:
    """What giving the field this type would do. It reads every value and changes none."""
    demand(ctx, MANAGE_FIELDS)
    _refuse_same(field, to)
    return _report(ctx, field, to, _plan(ctx, field, to))


def change_type(ctx: Context, field: CustomField, to: FieldType, version: int) -> Report:
    """Gives the field another type and answers what that did; see `type_change`.

    A field that becomes one with choices offers those that it had, and what stands in it.
    """
    demand(ctx, MANAGE_FIELDS)
    _refuse_same(field, to)
    if not change_row(ctx, field, version, type=to):
        raise Stale({}, field.version)
    plan = _plan(ctx, field, to)
    if to.has_choices:
        if not plan.choices:
            raise Refused(
                _("There is nothing to choose from yet. Make a new field with its choices instead.")
            )
        CustomFieldRow.change(ctx, choices="\n".join(plan.choices)).where(
            CustomFieldRow.id == field.id
        ).execute()
    retyped = evolve(field, type=to)
    _remove_all(ctx, field)
    insert_values(ctx, retyped, _rows(plan))
    if holds_addresses(retyped):
        _add_addresses(ctx, field, plan)
    if holds_addresses(field) or holds_addresses(retyped):
        search_index.contact_changed(ctx, [conversion.key for conversion in plan.conversions])
    report = _report(ctx, field, to, plan)
    audit.record(
        ctx,
        events.FIELD_RETYPED,
        before={"field": field.label, "type": field.type},
        after={
            "type": to,
            "converted": report.converting,
            "kept": report.staying,
        },
    )
    return report


def _refuse_same(field: CustomField, to: FieldType) -> None:
    if to is field.type:
        raise Refused(_("The field is of the type {type} already.", type=KINDS[to].title), at="to")


def _sees_all(ctx: Context, field: CustomField) -> bool:
    of_accounts = field.owner is Owner.ACCOUNT
    return may(ctx, VIEW_ALL_ACCOUNTS if of_accounts else VIEW_ALL_CONTACTS)


def _report(ctx: Context, field: CustomField, to: FieldType, plan: _Plan) -> Report:
    fitting = [c for c in plan.conversions if c.texts is not None]
    rest = [c for c in plan.conversions if c.texts is None]
    seen = EXAMPLES if _sees_all(ctx, field) else 0
    kind, notation = KINDS[to], firms_notation(ctx)
    return Report(
        converting=len(fitting),
        staying=len(rest),
        examples=[
            (c.now, ", ".join(str(kind.show(t.text, notation)) for t in c.texts or ()))
            for c in fitting[:seen]
        ],
        left=[c.now for c in rest[:seen]],
        choices=plan.choices,
    )


def _plan(ctx: Context, field: CustomField, to: FieldType) -> _Plan:
    """What becomes of each account's or contact's value, in the order of their keys."""
    notation = firms_notation(ctx)
    column = COLUMNS[field.owner]
    rows = (
        CustomValueRow.of(ctx, column, CustomValueRow.text, CustomValueRow.fits)
        .where(CustomValueRow.field_id == field.id)
        .order_by(column, CustomValueRow.place)
        .tuples()
    )
    found = []
    for key, group in groupby(rows, key=lambda row: int(row[0])):
        texts = [_written(field, to, text, notation) if fits else text for _, text, fits in group]
        found.append(_Conversion(key, _joined(texts, to), _read(texts, to, notation)))
    if holds_addresses(evolve(field, type=to)):
        known = _known_addresses(ctx, field)
        found = [c.unless(lambda c, text: (c.key, address_key(text)) in known) for c in found]
    choices = _choices(ctx, field, found) if to.has_choices else ()
    if to.has_choices:
        offered = set(choices)
        found = [c.unless(lambda _, text: text not in offered) for c in found]
    return _Plan(found, choices)


def _written(field: CustomField, to: FieldType, text: str, notation: Notation) -> str:
    """A text as people of the firm would type it. An amount that becomes a text says of what."""
    if field.type is FieldType.MONEY and to not in (FieldType.NUMBER, FieldType.MONEY):
        return numbers.with_currency(text, notation)
    return KINDS[field.type].write(text, notation)


def _joined(texts: Sequence[str], to: FieldType) -> str:
    return ("\n" if to is FieldType.LONG_TEXT else ", ").join(texts)


def _read(texts: Sequence[str], to: FieldType, notation: Notation) -> tuple[Stored, ...] | None:
    read = reaching.read_sure_phone if to is FieldType.PHONE else KINDS[to].read
    several = texts if to is FieldType.SEVERAL else [_joined(texts, to)]
    if to is FieldType.CHOICE and len(texts) > 1:
        return None
    try:
        return tuple(read(text, notation) for text in several)
    except Refused:
        return None


def _known_addresses(ctx: Context, field: CustomField) -> set[tuple[int, str]]:
    """The addresses that the contacts of the field's values have already."""
    mine = CustomValueRow.of(ctx, CustomValueRow.contact_id).where(
        CustomValueRow.field_id == field.id
    )
    rows = ContactEmailRow.of(ctx, ContactEmailRow.contact_id, ContactEmailRow.address_key)
    return set(rows.where(ContactEmailRow.contact_id.in_(mine)).tuples())


def _choices(
    ctx: Context, field: CustomField, conversions: Sequence[_Conversion]
) -> tuple[str, ...]:
    """What can be chosen afterwards: what could be before, and what stands in the field.

    Who may not see every value makes no list of them.
    """
    found = {t.text for c in conversions for t in c.texts or ()} if _sees_all(ctx, field) else set()
    added = sorted(found - set(field.choices), key=lambda text: (text.casefold(), text))
    return (*field.choices, *added)[:MOST_CHOICES]


def _rows(plan: _Plan) -> Iterator[tuple[int, int, Stored, bool]]:
    for c in plan.conversions:
        kept = stored(c.now)
        for place, text in enumerate(c.texts if c.texts is not None else (kept,)):
            yield c.key, place, text, c.texts is not None


def _remove_all(ctx: Context, field: CustomField) -> None:
    """Removes what stands in the field, and its addresses from among the contacts'."""
    here = CustomValueRow.field_id == field.id
    rows = CustomValueRow.of(ctx, CustomValueRow.email_id).where(
        here & CustomValueRow.email_id.is_null(False)
    )
    emails = [row.email_id for row in rows]
    CustomValueRow.remove(ctx).where(here).execute()
    for start in range(0, len(emails), BATCH):
        some: Any = emails[start : start + BATCH]
        ContactEmailRow.remove(ctx).where(ContactEmailRow.id.in_(some)).execute()


def _add_addresses(ctx: Context, field: CustomField, plan: _Plan) -> None:
    """Stores the addresses of a field that holds them now among their contacts'."""
    here = CustomValueRow.field_id == field.id
    mine = CustomValueRow.of(ctx, CustomValueRow.contact_id).where(here)
    last = dict(
        ContactEmailRow.of(ctx, ContactEmailRow.contact_id, fn.MAX(ContactEmailRow.position))
        .where(ContactEmailRow.contact_id.in_(mine))
        .group_by(ContactEmailRow.contact_id)
        .tuples()
    )
    added = [(c.key, c.texts[0]) for c in plan.conversions if c.texts]
    ContactEmailRow.insert_all(
        ctx,
        (
            ContactEmailRow.contact_id,
            ContactEmailRow.address,
            ContactEmailRow.address_key,
            ContactEmailRow.position,
        ),
        ((key, text.text, address_key(text.text), last.get(key, 0) + 1) for key, text in added),
    )
    stored_as = ContactEmailRow.of(ctx, ContactEmailRow.id).where(
        (ContactEmailRow.contact_id == CustomValueRow.contact_id)
        & (ContactEmailRow.address_key == CustomValueRow.sort_text)
    )
    CustomValueRow.change(ctx, email_id=stored_as).where(here & CustomValueRow.fits).execute()
