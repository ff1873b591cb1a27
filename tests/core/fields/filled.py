"""Making fields and filling them in as a form does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.fields.asking import entered_in, typed_values, with_fields
from crm_core.fields.defining import add_field
from crm_core.fields.saving import save_account_fields, save_contact_fields, version_of
from crm_core.fields.values import FieldType, NewField, Owner
from crm_core.forms import version_field
from crm_core.words import _
from web.forms import read_form

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.words import Words

from attrs import frozen
from werkzeug.datastructures import MultiDict


@frozen(kw_only=True)
class Edited:
    """A form with nothing but a version and the firm's fields."""

    version: int = version_field(_("Version"))


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
    version = version_of(ctx, kind, key)
    typed_now = typed_values(ctx, kind, key)
    sent: MultiDict[str, str] = MultiDict({**typed_now, "version": str(version)})
    for field, text in typed.items():
        name = field if isinstance(field, str) else field.name
        sent.setlist(name, text if isinstance(text, list) else [text])
    filled = read_form(form, sent)
    if filled.value is None:
        return dict(filled.form.problems)
    save = save_account_fields if kind is Owner.ACCOUNT else save_contact_fields
    save(ctx, key, entered_in(filled.value), version)
    return {}
