"""Forms that ask for the firm's own fields: alone, or after the fields of another form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from crm_core.fields.defining import fields_of
from crm_core.fields.kinds import KINDS
from crm_core.fields.notation import viewers_notation
from crm_core.fields.reading import values_of
from crm_core.fields.texts import NO, YES, short
from crm_core.fields.values import Entered, FieldType
from crm_core.forms import ASK, Choice, Input, ask
from crm_core.words import Words, _, as_typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.context import Context
    from crm_core.fields.notation import Notation
    from crm_core.fields.values import CustomField, Owner, Stored, Value

FIELD = "crm.custom_field"
"""Where a form's field names the custom field that it asks for."""

_DROP = "_drop"
_YES_AND_NO = (Choice(value=YES, label=_("Yes")), Choice(value=NO, label=_("No")))
_NOT_FILLED = Choice(value="", label=_("Not filled in"))


def field_asks(
    ctx: Context, owner: Owner, key: int | None = None, group: Words | None = None
) -> Mapping[str, Any]:
    """The fields of a form class that ask for the firm's fields, by their names.

    `key` is that of the account or the contact that is edited: a choice that it has can be kept,
    though it is offered no longer. Without one the form is for a new one. They stand in this
    `group` of the form. See `with_fields`.
    """
    values = {value.field.id: value for value in _values(ctx, owner, key)}
    notation = viewers_notation(ctx)
    asks: dict[str, Any] = {}
    for field in fields_of(ctx, owner):
        value = values.get(field.id)
        asks[field.name] = _asked(field, value, notation, group)
        if value is not None and not value.fits:
            asks[field.name + _DROP] = ask(
                _("Remove the text that was kept: {text}", text=short(" ".join(value.texts))),
                default=False,
                input=Input.YES_NO,
                group=group,
            )
            asks[field.name + _DROP].type = bool
    return asks


def with_fields(
    form: type[Any],
    ctx: Context,
    owner: Owner,
    key: int | None = None,
    group: Words | None = None,
) -> type[Any]:
    """The form class with the firm's fields after its own."""
    asks = dict(field_asks(ctx, owner, key, group))
    return attrs.make_class(
        form.__name__, asks, bases=(form,), frozen=True, kw_only=True, slots=True
    )


def typed_values(ctx: Context, owner: Owner, key: int) -> Mapping[str, str]:
    """What stands in the fields of an account or a contact, as a form of `with_fields` shows it."""
    notation = viewers_notation(ctx)
    typed = {field.name: "" for field in fields_of(ctx, owner)}
    for value in _values(ctx, owner, key):
        if value.fits:
            kind = KINDS[value.field.type]
            typed[value.field.name] = "\n".join(kind.write(t, notation) for t in value.texts)
    return typed


def entered_in(value: Any, owner: Owner) -> tuple[Entered, ...]:
    """What was entered into the firm's fields of accounts, or of contacts, in a form of them."""
    return tuple(
        Entered(
            field=a.metadata[FIELD],
            texts=getattr(value, a.name) or (),
            drop=getattr(value, a.name + _DROP, False),
        )
        for a in attrs.fields(type(value))
        if FIELD in a.metadata and a.metadata[FIELD].owner is owner
    )


def _values(ctx: Context, owner: Owner, key: int | None) -> Sequence[Value]:
    return () if key is None else values_of(ctx, owner, [key]).get(key, ())


def _asked(field: CustomField, value: Value | None, notation: Notation, group: Words | None) -> Any:
    kind = KINDS[field.type]
    more: dict[str, Any] = {} if field.required else {"default": ()}
    asked = ask(
        as_typed(field.label),
        input=kind.input,
        longest=kind.longest,
        help=_help(field, value),
        choices=_choices(field, value),
        group=group,
        read=partial(_read, field.type, notation=notation),
        **more,
    )
    asked.metadata = {ASK: asked.metadata[ASK], FIELD: field}
    return asked


def _read(type_: FieldType, text: str, *, notation: Notation) -> tuple[Stored, ...]:
    kind = KINDS[type_]
    texts = dict.fromkeys(text.split("\n")) if type_ is FieldType.SEVERAL else (text,)
    return tuple(kind.read(one, notation) for one in texts)


def _help(field: CustomField, value: Value | None) -> Words | None:
    if value is None or value.fits:
        return as_typed(field.help) if field.help else None
    text = short(" ".join(value.texts))
    kept = _(
        "From before the field had another type: {text}. What you fill in replaces it.", text=text
    )
    return _("{kept} {help}", kept=kept, help=field.help) if field.help else kept


def _choices(field: CustomField, value: Value | None) -> tuple[Choice, ...]:
    if field.type is FieldType.YES_NO:
        choices: tuple[Choice, ...] = _YES_AND_NO
    elif field.type.has_choices:
        kept = value.texts if value is not None and value.fits else ()
        offered = dict.fromkeys((*field.choices, *kept))
        choices = tuple(Choice(value=text, label=as_typed(text)) for text in offered)
    else:
        return ()
    one = field.type is not FieldType.SEVERAL and not field.required
    return (*choices, _NOT_FILLED) if one else choices
