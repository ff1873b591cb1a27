"""The firm's own fields: the two sets, their order, and what each field asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.defining import (
    add_field,
    archive_field,
    bring_field_back,
    change_field,
    field_named,
    fields_of,
    move_field,
)
from crm_core.fields.kinds import KINDS
from crm_core.fields.texts import LONGEST_LINE
from crm_core.fields.values import FieldChange, FieldType, NewField, Owner
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.permissions import MANAGE_FIELDS
from crm_core.refusals import Stale
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core.context import Context
    from crm_core.fields.values import CustomField
    from crm_core.forms import Form

SETS = {Owner.ACCOUNT: _("Fields of accounts"), Owner.CONTACT: _("Fields of contacts")}
OWNERS = {Owner.ACCOUNT: _("Accounts"), Owner.CONTACT: _("Contacts")}
_TYPES = tuple(Choice(value=type_.value, label=kind.title) for type_, kind in KINDS.items())
_SETTINGS = To("shell.settings_fields")
_HELP = _("Stands below the name, for whoever fills it in.")
_CHOICES = _("What can be chosen")
_CHOICE = "choice_"


@frozen
class NewFieldForm:
    """What a new field asks."""

    owner: Owner = ask(
        _("Whose field is it?"),
        input=Input.CHOICE,
        choices=tuple(Choice(value=owner.value, label=label) for owner, label in OWNERS.items()),
    )
    label: str = ask(_("Name"), longest=100)
    type: FieldType = ask(_("Type"), input=Input.CHOICE, choices=_TYPES)
    help: str = ask(
        _("Help"), default="", help=_("Stands below the name, for whoever fills it in.")
    )
    choices: str = ask(
        _("Choices"),
        default="",
        input=Input.LONG_TEXT,
        longest=20_000,
        help=_("One a line. For the types with choices alone."),
    )
    required: bool = ask(_("Has to be filled in"), default=False, input=Input.YES_NO)


@frozen
class FieldForm:
    """A field as somebody wants it."""

    label: str = ask(_("Name"), longest=100)
    help: str = ask(
        _("Help"), default="", help=_("Stands below the name, for whoever fills it in.")
    )
    required: bool = ask(_("Has to be filled in"), default=False, input=Input.YES_NO)
    version: int = version_field(_("Version"))


def fields(ctx: Context) -> Page:
    """Both sets, each in the firm's order, and what is archived."""
    sets = [
        (owner, title, fields_of(ctx, owner), fields_of(ctx, owner, archived=True))
        for owner, title in SETS.items()
    ]
    return Page("settings/fields.html", _("Custom fields"), {"sets": sets, "kinds": KINDS})


def ask_for_field(ctx: Context, of: str, form: Form[NewFieldForm]) -> Page:
    """The page with the form for a new field."""
    owner = Owner.CONTACT if of == Owner.CONTACT else Owner.ACCOUNT
    filled = form.starting_from(owner=owner, type=FieldType.TEXT)
    values = {"form": filled, "save": _("Add field"), "lead": "", "danger": False}
    values["back"] = _SETTINGS
    return Page("settings/form.html", _("New field"), values)


def save_new_field(ctx: Context, of: str, value: NewFieldForm) -> Redirect:
    """Stores the new field."""
    new = NewField(
        owner=value.owner,
        type=value.type,
        label=value.label,
        help=value.help,
        required=value.required,
        choices=tuple(value.choices.split("\n")),
    )
    field = add_field(ctx, new)
    return Redirect(_SETTINGS, _("The field {label} is added.", label=field.label))


def field_form(ctx: Context, field: str) -> type[Any]:
    """The form of a field: one with choices has a line for each, and room for more."""
    found = field_named(ctx, field)
    if not found.type.has_choices:
        return FieldForm
    lines = {
        f"{_CHOICE}{place}": ask(
            _("Choice {number}", number=place + 1), default="", longest=LONGEST_LINE, group=_CHOICES
        )
        for place, _choice in enumerate(found.choices)
    }
    for line in lines.values():
        line.type = str
    more = ask(
        _("More choices"),
        default="",
        input=Input.LONG_TEXT,
        longest=20_000,
        help=_("One a line."),
        group=_CHOICES,
    )
    more.type = str
    return attrs.make_class(
        "FieldWithChoices", {**lines, "more": more}, bases=(FieldForm,), frozen=True
    )


def ask_for_change(ctx: Context, field: str, form: Form[Any]) -> Page:
    """The page with what a field asks."""
    found = field_named(ctx, field)
    filled = form.starting_from(version=found.version, **_typed(found))
    lead = _(
        "A choice that gets another name has it wherever it was chosen. One that you empty is "
        "offered no longer and stays where it was chosen."
    )
    if not found.type.has_choices:
        lead = KINDS[found.type].title
    values = {"form": filled, "field": found, "lead": lead}
    return Page("settings/field.html", found.label, values)


def save_change(ctx: Context, field: str, value: Any) -> Redirect:
    """Saves what a field asks."""
    found = field_named(ctx, field)
    if value.version != found.version:
        raise Stale(_typed(found), found.version)
    renamed = _renamed(found, value)
    more = value.more.split("\n") if found.type.has_choices else ()
    change = FieldChange(
        label=value.label,
        help=value.help,
        required=value.required,
        choices=(*renamed.values(), *more),
        renamed=renamed,
        version=value.version,
    )
    change_field(ctx, found, change)
    return Redirect(_SETTINGS, _("The field {label} is saved.", label=value.label))


def move_up(ctx: Context, field: str) -> Redirect:
    """Puts a field before the one above it."""
    move_field(ctx, field_named(ctx, field), up=True)
    return Redirect(_SETTINGS)


def move_down(ctx: Context, field: str) -> Redirect:
    """Puts a field after the one below it."""
    move_field(ctx, field_named(ctx, field), up=False)
    return Redirect(_SETTINGS)


def archive(ctx: Context, field: str) -> Redirect:
    """Asks and shows a field no longer."""
    found = field_named(ctx, field)
    archive_field(ctx, found)
    notice = _("{label} is archived. What stands in it is kept.", label=found.label)
    return Redirect(_SETTINGS, notice)


def bring_back(ctx: Context, field: str) -> Redirect:
    """Asks and shows an archived field again."""
    found = field_named(ctx, field)
    bring_field_back(ctx, found)
    return Redirect(_SETTINGS, _("{label} is back.", label=found.label))


def _typed(field: CustomField) -> Mapping[str, object]:
    """A field as its form shows it."""
    choices = {f"{_CHOICE}{place}": choice for place, choice in enumerate(field.choices)}
    named = {"label": field.label, "help": field.help, "required": field.required}
    return {**named, **choices} if field.type.has_choices else named


def _renamed(field: CustomField, value: Any) -> Mapping[str, str]:
    """The choices that stay, with the names that they shall have."""
    if not field.type.has_choices:
        return {}
    names = {c: getattr(value, f"{_CHOICE}{p}", c) for p, c in enumerate(field.choices)}
    return {choice: name for choice, name in names.items() if name}


ROUTES = (
    Route(
        name="settings_fields",
        path="settings/fields",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        view=fields,
    ),
    Route(
        name="settings_fields_add",
        path="settings/fields/new",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        view=ask_for_field,
        form=NewFieldForm,
        submit=save_new_field,
        query=("of",),
    ),
    Route(
        name="settings_fields_edit",
        path="settings/fields/<field>",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        view=ask_for_change,
        form=field_form,
        submit=save_change,
    ),
    Route(
        name="settings_fields_up",
        path="settings/fields/<field>/up",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        submit=move_up,
    ),
    Route(
        name="settings_fields_down",
        path="settings/fields/<field>/down",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        submit=move_down,
    ),
    Route(
        name="settings_fields_archive",
        path="settings/fields/<field>/archive",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        submit=archive,
    ),
    Route(
        name="settings_fields_back",
        path="settings/fields/<field>/bring-back",
        scope=Scope.FIRM,
        needs=MANAGE_FIELDS,
        submit=bring_back,
    ),
)
