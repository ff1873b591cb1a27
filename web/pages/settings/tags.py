"""The firm's tags: make, rename, colour, merge and delete them (features.md 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.permissions import MANAGE_TAGS, demand
from crm_core.refusals import Refused
from crm_core.tags import (
    Colour,
    TagChange,
    add_tag,
    change_tag,
    delete_tag,
    list_tags,
    merge_tags,
    tag_of,
    uses_of_tags,
)
from web.pages.confirming import Sure, demand_sure
from web.words import _, _n

if TYPE_CHECKING:
    from typing import Any

    from crm_core.context import Context
    from crm_core.forms import Form
    from crm_core.words import Words

COLOURS = {
    Colour.GREY: _("Grey"),
    Colour.RED: _("Red"),
    Colour.ORANGE: _("Orange"),
    Colour.YELLOW: _("Yellow"),
    Colour.GREEN: _("Green"),
    Colour.TEAL: _("Teal"),
    Colour.BLUE: _("Blue"),
    Colour.PURPLE: _("Purple"),
}
_CHOICES = tuple(Choice(value=colour.value, label=name) for colour, name in COLOURS.items())


@frozen
class NewTag:
    """What a new tag needs."""

    name: str = ask(_("Name"), longest=50)
    colour: Colour = ask(_("Colour"), input=Input.CHOICE, choices=_CHOICES)


@frozen
class EditedTag(NewTag):
    """A tag as somebody wants it."""

    version: int = version_field(_("Version"))


@frozen
class Merging(Sure):
    """The tag that takes the place of another."""

    into: str = ask(_("Merge into"), input=Input.CHOICE)


def tags(ctx: Context) -> Page:
    """The tags, and how many clients carry each."""
    values = {"tags": list_tags(ctx), "uses": uses_of_tags(ctx)}
    return Page("settings/tags.html", _("Tags"), values)


def ask_for_tag(ctx: Context, form: Form[NewTag]) -> Page:
    """The page with a blank tag."""
    return _form_page(form.starting_from(colour=Colour.GREY), _("New tag"), _("Add tag"))


def add(ctx: Context, value: NewTag) -> Redirect:
    """Makes a tag."""
    made = add_tag(ctx, TagChange(name=value.name, colour=value.colour))
    return Redirect(To("shell.settings_tags"), _("{name} is added.", name=made.name))


def ask_for_changes(ctx: Context, tag: str, form: Form[EditedTag]) -> Page:
    """The page with the tag as it is."""
    demand(ctx, MANAGE_TAGS)
    found = tag_of(ctx, tag)
    filled = form.starting_from(name=found.name, colour=found.colour, version=found.version)
    page = _form_page(filled, _("Edit {name}", name=found.name), _("Save"))
    others = len(list_tags(ctx)) > 1
    return Page("settings/tag.html", page.title, {**page.values, "tag": found, "others": others})


def save(ctx: Context, tag: str, value: EditedTag) -> Redirect:
    """Renames or recolours a tag, on every client at once."""
    change = TagChange(name=value.name, colour=value.colour, version=value.version)
    change_tag(ctx, tag_of(ctx, tag), change)
    return Redirect(To("shell.settings_tags"), _("{name} is saved.", name=value.name))


def ask_to_merge(ctx: Context, tag: str, form: Form[Merging]) -> Page:
    """The page on which another tag is chosen to take this one's place."""
    found = tag_of(ctx, tag)
    others = [other for other in list_tags(ctx) if other.id != found.id]
    lead = _n(
        "Every client with {name} gets the tag that you choose instead, and {name} is deleted. "
        "{count} client carries it.",
        "Every client with {name} gets the tag that you choose instead, and {name} is deleted. "
        "{count} clients carry it.",
        count=uses_of_tags(ctx).get(found.id, 0),
        name=found.name,
    )
    filled = form.offering(
        into=[Choice(value=other.public_id, label=other.name) for other in others]
    )
    return _form_page(filled, _("Merge {name}", name=found.name), _("Merge"), lead, danger=True)


def merge(ctx: Context, tag: str, value: Merging) -> Redirect:
    """Merges a tag into another."""
    demand_sure(value)
    found = tag_of(ctx, tag)
    into = next((other for other in list_tags(ctx) if other.public_id == value.into), None)
    if into is None:
        raise Refused(_("This tag was deleted."), at="into")
    merge_tags(ctx, found, into)
    notice = _("{name} is now {into}.", name=found.name, into=into.name)
    return Redirect(To("shell.settings_tags"), notice)


def ask_to_delete(ctx: Context, tag: str, form: Form[Sure]) -> Page:
    """The page that says what deleting does."""
    found = tag_of(ctx, tag)
    lead = _n(
        "{count} client carries it; it loses the tag, and nothing else.",
        "{count} clients carry it; they lose the tag, and nothing else.",
        count=uses_of_tags(ctx).get(found.id, 0),
    )
    return _form_page(form, _("Delete {name}?", name=found.name), _("Delete"), lead, danger=True)


def delete(ctx: Context, tag: str, value: Sure) -> Redirect:
    """Deletes a tag."""
    demand_sure(value)
    found = tag_of(ctx, tag)
    delete_tag(ctx, found)
    return Redirect(To("shell.settings_tags"), _("{name} is deleted.", name=found.name))


def _form_page(
    form: Form[Any], title: Words, save: Words, lead: Words | str = "", *, danger: bool = False
) -> Page:
    values = {"form": form, "save": save, "lead": lead, "danger": danger}
    return Page("settings/form.html", title, {**values, "back": To("shell.settings_tags")})


ROUTES = (
    Route(
        name="settings_tags",
        path="settings/tags",
        scope=Scope.FIRM,
        needs=MANAGE_TAGS,
        view=tags,
    ),
    Route(
        name="settings_tags_new",
        path="settings/tags/new",
        scope=Scope.FIRM,
        needs=MANAGE_TAGS,
        view=ask_for_tag,
        form=NewTag,
        submit=add,
    ),
    Route(
        name="settings_tags_tag",
        path="settings/tags/<tag>",
        scope=Scope.FIRM,
        needs=MANAGE_TAGS,
        view=ask_for_changes,
        form=EditedTag,
        submit=save,
    ),
    Route(
        name="settings_tags_merge",
        path="settings/tags/<tag>/merge",
        scope=Scope.FIRM,
        needs=MANAGE_TAGS,
        view=ask_to_merge,
        form=Merging,
        submit=merge,
    ),
    Route(
        name="settings_tags_delete",
        path="settings/tags/<tag>/delete",
        scope=Scope.FIRM,
        needs=MANAGE_TAGS,
        view=ask_to_delete,
        form=Sure,
        submit=delete,
    ),
)
