"""Making fields and filling them in as a form does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.fields.asking import entered_in, typed_values, with_fields
from crm_core.fields.defining import add_field
from crm_core.fields.saving import write_values
from crm_core.fields.values import FieldType, NewField, Owner
from web.forms import read_form

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.words import Words

from attrs import frozen
from werkzeug.datastructures import MultiDict


@frozen(kw_only=True)
class Edited:
    """A form with nothing but the firm's fields."""


def a_field(
    ctx: Context,
    owner: str = "account",
    type_: str = "text",
    label: str = "",
    choices: tuple[str, ...] = (),
    **more: bool | str,
) -> CustomField:
    """A field of the firm, named after its type where it gets no name."""
    new = NewField(
        owner=Owner(owner),
        type=FieldType(type_),
        label=label or f"A {type_}",
        choices=choices or (("Gold", "Silver") if FieldType(type_).has_choices else ()),
        **more,  # type: ignore[arg-type]
    )
    return add_field(ctx, new)


def fill(
    ctx: Context, owner: str, key: int, typed: dict[CustomField | str, str | list[str]]
) -> dict[str, Words]:
    """Fills in the fields of an account or a contact by its form; answers the form's problems.

    The other fields of the form are sent as they are. `typed` names a field, or an input by its
    name in the form.
    """
    kind = Owner(owner)
    form = with_fields(Edited, ctx, kind, key)
    sent: MultiDict[str, str] = MultiDict(typed_values(ctx, kind, key))
    for field, text in typed.items():
        name = field if isinstance(field, str) else field.name
        sent.setlist(name, text if isinstance(text, list) else [text])
    filled = read_form(form, sent)
    if filled.value is None:
        return dict(filled.form.problems)
    write_values(ctx, kind, key, entered_in(filled.value, kind))
    return {}
