"""Giving a custom field another type: what that would do, and then doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.defining import field_named
from crm_core.fields.kinds import KINDS
from crm_core.fields.retyping import change_type, type_change
from crm_core.fields.values import FieldType
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.permissions import MANAGE_FIELDS
from web.pages.confirming import Sure, demand_sure
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.forms import Form
    from crm_core.words import Words

_SETTINGS = To("shell.settings_fields")
_TYPES = tuple(Choice(value=type_.value, label=kind.title) for type_, kind in KINDS.items())


@frozen
class TypeForm(Sure):
    """The wish to give a field another type, on a page that said what that does."""

    to: FieldType = ask(_("New type"), input=Input.HIDDEN)
    version: int = version_field(_("Version"))


def ask_for_type(ctx: Context, field: str, to: str, form: Form[TypeForm]) -> Page:
    """The page on which another type is chosen; once it is, with what that would do."""
    found = field_named(ctx, field)
    wanted = _type_named(to or form.typed.get("to", ""), found)
    values: dict[str, Any] = {"field": found, "kinds": KINDS, "to": wanted, "report": None}
    if wanted is not None:
        values["report"] = type_change(ctx, found, wanted)
        values["form"] = form.starting_from(to=wanted, version=found.version)
    return Page("settings/field_type.html", _("Type of {label}", label=found.label), values)


def save_type(ctx: Context, field: str, to: str, value: TypeForm) -> Redirect:
    """Gives a field another type."""
    demand_sure(value)
    found = field_named(ctx, field)
    report = change_type(ctx, found, value.to, value.version)
    return Redirect(_SETTINGS, _told(found, report.converting, report.staying))


def _told(field: CustomField, converted: int, kept: int) -> Words:
    return _(
        "{label} has another type. Converted: {converted}. Kept as they were: {kept}.",
        label=field.label,
        converted=converted,
        kept=kept,
    )


def _type_named(text: str, field: CustomField) -> FieldType | None:
    """The type with this name, if it is another than the field's."""
    found = next((type_ for type_ in FieldType if type_.value == text), None)
    return None if found is field.type else found


ROUTES = (
    Route(
        name="settings_fields_type",
        path="settings/fields/<field>/type",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        view=ask_for_type,
        form=TypeForm,
        submit=save_type,
        query=("to",),
    ),
)
