"""How a firm makes its fields: add, change, put in order, archive and bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import audit, events
from crm_core.fields.kinds import MOST_CHOICES
from crm_core.fields.texts import LONGEST_LINE
from crm_core.fields.values import CustomField, FieldType, Owner
from crm_core.folding import folded
from crm_core.permissions import MANAGE_FIELDS, demand
from crm_core.refusals import NotFound, Refused, Stale
from crm_core.store.doubles import refusing_doubles
from crm_core.store.rows import new_public_id
from crm_core.store.tables import CustomFieldRow, CustomValueRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm_core.context import Context
    from crm_core.fields.values import FieldChange, NewField

MOST_FIELDS = 100
"""Fields that accounts, or contacts, may have at a time."""


def fields_of(ctx: Context, owner: Owner, *, archived: bool = False) -> Sequence[CustomField]:
    """The fields of accounts or of contacts in the firm's order; or those that are archived."""
    rows = CustomFieldRow.of(ctx).where(
        (CustomFieldRow.owner == owner) & (CustomFieldRow.archived == archived)
    )
    return [field_of_row(row) for row in rows.order_by(*_ORDER)]


def field_named(ctx: Context, public_id: str) -> CustomField:
    """The field with this public id, archived or not, or `NotFound`."""
    row = CustomFieldRow.of(ctx).where(CustomFieldRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return field_of_row(row)


def locked_fields(ctx: Context, owner: Owner) -> Mapping[int, CustomField]:
    """The fields of accounts or of contacts by their keys; none changes until the transaction ends.

    Who writes values needs this: a field may be given another type at the same time.
    """
    rows = CustomFieldRow.of(ctx).where((CustomFieldRow.owner == owner) & ~CustomFieldRow.archived)
    locked = ctx.store.locking(rows.order_by(CustomFieldRow.id))
    return {row.id: field_of_row(row) for row in locked}


def add_field(ctx: Context, new: NewField) -> CustomField:
    """Stores a new field after the others and answers it."""
    demand(ctx, MANAGE_FIELDS)
    _refuse_too_many(ctx, new.owner)
    choices = _checked_choices(new.choices) if new.type.has_choices else ()
    if new.type.has_choices and not choices:
        raise Refused(_("Say what can be chosen, one choice a line."), at="choices")
    last = CustomFieldRow.of(ctx, fn.MAX(CustomFieldRow.position)).where(
        CustomFieldRow.owner == new.owner
    )
    public_id = new_public_id()
    with refusing_doubles(ctx, lambda: _taken(ctx, new.owner, new.label)):
        CustomFieldRow.insert_into(
            ctx,
            public_id=public_id,
            owner=new.owner,
            type=new.type,
            position=(last.scalar() or 0) + 1,
            choices="\n".join(choices),
            required=new.required,
            **_named(new.label, new.help),
        )
    field = field_named(ctx, public_id)
    audit.record(
        ctx,
        events.FIELD_ADDED,
        after={**_told(field), "of": field.owner, "type": field.type},
    )
    return field


def change_field(ctx: Context, field: CustomField, change: FieldChange) -> None:
    """Changes what a field is called and what can be chosen; `Stale` where it is another by now.

    A choice that gets another name takes it wherever it was chosen; one that is taken off the list
    stays where it was chosen.
    """
    demand(ctx, MANAGE_FIELDS)
    choices = field.choices
    if field.type.has_choices:
        choices = _checked_choices(change.choices)
        if not choices:
            raise Refused(_("Keep at least one choice."), at="more")
    values = {"choices": "\n".join(choices), "required": change.required}
    with refusing_doubles(ctx, lambda: _taken(ctx, field.owner, change.label)):
        changed = change_row(
            ctx, field, change.version, **values, **_named(change.label, change.help)
        )
    if not changed:
        now = {"label": field.label, "help": field.help, "required": field.required}
        raise Stale(now, field.version)
    _rename_choices(ctx, field, change.renamed)
    audit.record(
        ctx,
        events.FIELD_CHANGED,
        before=_told(field),
        after=_told(field_named(ctx, field.public_id)),
    )


def move_field(ctx: Context, field: CustomField, *, up: bool) -> None:
    """Puts a field before the one above it, or after the one below; at the end it stays."""
    demand(ctx, MANAGE_FIELDS)
    order = CustomFieldRow.of(ctx).where(
        (CustomFieldRow.owner == field.owner) & ~CustomFieldRow.archived
    )
    rows = list(ctx.store.locking(order.order_by(*_ORDER)))
    keys = [row.id for row in rows]
    if field.id not in keys:
        raise NotFound
    place = keys.index(field.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(keys):
        return
    keys[place], keys[other] = keys[other], keys[place]
    for position, key in enumerate(keys, start=1):
        CustomFieldRow.change(ctx, position=position).where(CustomFieldRow.id == key).execute()
    audit.record(ctx, events.FIELD_MOVED, after={"field": field.label, "place": other + 1})


def archive_field(ctx: Context, field: CustomField) -> None:
    """Neither asks nor shows the field any longer; what stands in it is kept."""
    demand(ctx, MANAGE_FIELDS)
    if not field.archived:
        change_row(ctx, field, field.version, archived=True)
        audit.record(ctx, events.FIELD_ARCHIVED, after={"field": field.label, "of": field.owner})


def bring_field_back(ctx: Context, field: CustomField) -> None:
    """Asks and shows an archived field again, with all that stands in it, after the others."""
    demand(ctx, MANAGE_FIELDS)
    if not field.archived:
        return
    _refuse_too_many(ctx, field.owner)
    last = CustomFieldRow.of(ctx, fn.MAX(CustomFieldRow.position)).where(
        CustomFieldRow.owner == field.owner
    )
    change_row(ctx, field, field.version, archived=False, position=last.scalar() + 1)
    audit.record(ctx, events.FIELD_BROUGHT_BACK, after={"field": field.label, "of": field.owner})


def change_row(ctx: Context, field: CustomField, version: int, **values: Any) -> bool:
    """Changes a field's row if it still has this version; answers whether it did."""
    changed = CustomFieldRow.change(ctx, version=CustomFieldRow.version + 1, **values).where(
        (CustomFieldRow.id == field.id) & (CustomFieldRow.version == version)
    )
    return bool(changed.execute())


def field_of_row(row: Any) -> CustomField:
    """The field that a row of the table `custom_field` stands for."""
    return CustomField(
        id=row.id,
        public_id=row.public_id,
        owner=Owner(row.owner),
        type=FieldType(row.type),
        label=row.label,
        help=row.help,
        required=bool(row.required),
        choices=tuple(row.choices.split("\n")) if row.choices else (),
        position=row.position,
        archived=bool(row.archived),
        version=row.version,
    )


_ORDER = (CustomFieldRow.position, CustomFieldRow.id)


def _named(label: str, help_: str) -> dict[str, str]:
    if not label.strip():
        raise Refused(_("A field needs a name."), at="label")
    return {"label": label.strip(), "label_key": folded(label), "help": help_.strip()}


def _taken(ctx: Context, owner: Owner, label: str) -> Refused:
    """Why a name cannot be had: another field of the same set has it, perhaps an archived one."""
    same = (CustomFieldRow.owner == owner) & (CustomFieldRow.label_key == folded(label))
    other = CustomFieldRow.of(ctx).where(same).first()
    if other is not None and other.archived:
        return Refused(
            _(
                "An archived field is called {label}. Bring it back, or choose another name.",
                label=other.label,
            ),
            at="label",
        )
    return Refused(_("Another field is called so already."), at="label")


def _checked_choices(choices: Iterable[str]) -> tuple[str, ...]:
    """The choices without blanks around them, each once, in their order."""
    found = tuple(dict.fromkeys(choice.strip() for choice in choices if choice.strip()))
    if len(found) > MOST_CHOICES:
        raise Refused(
            _("At most {most} choices; these are {count}.", most=MOST_CHOICES, count=len(found)),
            at="choices",
        )
    if any(len(choice) > LONGEST_LINE for choice in found):
        raise Refused(
            _("A choice has at most {longest} characters.", longest=LONGEST_LINE), at="choices"
        )
    return found


def _rename_choices(ctx: Context, field: CustomField, renamed: Mapping[str, str]) -> None:
    """Gives choices their new names wherever they were chosen, all at the same time.

    They are found before any is changed: two choices may have swapped their names.
    """
    chosen = {
        new: [
            row.id
            for row in CustomValueRow.of(ctx, CustomValueRow.id).where(
                (CustomValueRow.field_id == field.id)
                & (CustomValueRow.text == old)
                & CustomValueRow.fits
            )
        ]
        for old, new in renamed.items()
        if old != new
    }
    for new, keys in chosen.items():
        for some in _in_batches(keys):
            CustomValueRow.change(ctx, text=new, sort_text=folded(new)[:LONGEST_LINE]).where(
                CustomValueRow.id.in_(some)
            ).execute()


def _in_batches(keys: Sequence[int], size: int = 10_000) -> Iterable[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _refuse_too_many(ctx: Context, owner: Owner) -> None:
    live = CustomFieldRow.of(ctx, CustomFieldRow.id).where(
        (CustomFieldRow.owner == owner) & ~CustomFieldRow.archived
    )
    if live.count() >= MOST_FIELDS:
        raise Refused(
            _("There are {most} fields already. Archive one first.", most=MOST_FIELDS), at="label"
        )


def _told(field: CustomField) -> dict[str, Any]:
    """A field as the history tells of it."""
    told: dict[str, Any] = {"field": field.label, "help": field.help, "required": field.required}
    if field.type.has_choices:
        told["choices"] = list(field.choices)
    return told
