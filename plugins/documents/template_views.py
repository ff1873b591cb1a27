"""The pages of folder templates: among the firm's settings, and on an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Choice, Form, Page, Redirect, Refused, To
from plugins.documents import template_store, template_use
from plugins.documents.framing import form_page, place
from plugins.documents.rules import demand_management
from plugins.documents.values import Access
from plugins.documents.words import _, _n

if TYPE_CHECKING:
    from crm_core import Context, Words
    from crm_core.accounts import Account
    from plugins.documents.forms import ChosenTemplate, Confirm, EditedTemplate, NewTemplate

ALL = To("documents.templates")


def templates(ctx: Context) -> Page:
    """The firm's folder templates."""
    values = {"templates": template_store.templates_of(ctx)}
    return Page("documents/templates.html", _("Folder templates"), values)


def ask_for_template(ctx: Context, form: Form[NewTemplate]) -> Page:
    """The page with a blank template."""
    return _form_page(form, _("New template"), _("Add template"))


def add_template(ctx: Context, value: NewTemplate) -> Redirect:
    """Keeps the template."""
    template_use.add_template(ctx, value)
    return Redirect(ALL, _("The template is saved."))


def ask_for_changes(ctx: Context, template: str, form: Form[EditedTemplate]) -> Page:
    """The page with the template as it is."""
    found = template_store.template_of(ctx, template)
    filled = form.starting_from(
        name=found.name,
        edits=found.written(Access.EDITS),
        sees=found.written(Access.SEES),
        private=found.written(Access.PRIVATE),
        for_new=found.for_new,
        version=found.version,
    )
    return _form_page(filled, _("Edit {name}", name=found.name), _("Save"), found.public_id)


def save_template(ctx: Context, template: str, value: EditedTemplate) -> Redirect:
    """Changes the template."""
    template_use.change_template(ctx, template_store.template_of(ctx, template), value)
    return Redirect(ALL, _("The template is saved."))


def confirm_deletion(ctx: Context, template: str, form: Form[Confirm]) -> Page:
    """The page that asks before a template is deleted."""
    found = template_store.template_of(ctx, template)
    filled = form.starting_from(version=found.version)
    title = _("Delete the template {name}?", name=found.name)
    lead = _("Clients keep the folders that they have of it.")
    return _form_page(filled, title, _("Delete"), lead=lead, danger=True)


def delete_template(ctx: Context, template: str, value: Confirm) -> Redirect:
    """Deletes the template."""
    found = template_store.template_of(ctx, template)
    template_use.delete_template(ctx, found, value.version)
    return Redirect(ALL, _("The template is deleted."))


def ask_which(ctx: Context, account: Account, form: Form[ChosenTemplate]) -> Page:
    """The page on which a template is chosen for an account."""
    demand_management(ctx)
    known = template_store.templates_of(ctx)
    choices = [Choice(value=one.public_id, label=one.name) for one in known]
    lead = (
        _("Folders that this client has already stay as they are, with all that is in them.")
        if known
        else _("There is no folder template yet; make one under Settings, Folder templates.")
    )
    return form_page(
        ctx,
        form.offering(template=choices),
        _("Apply a folder template"),
        _("Make the folders"),
        place(ctx, "all", account),
        lead=lead,
    )


def apply_template(ctx: Context, account: Account, value: ChosenTemplate) -> Redirect:
    """Makes the folders of the template that the account lacks."""
    known = {one.public_id: one for one in template_store.templates_of(ctx)}
    if value.template not in known:
        raise Refused(_("Choose a template."), at="template")
    made = template_use.apply_template(ctx, account, known[value.template])
    notice = (
        _n("{count} folder is made.", "{count} folders are made.", count=made)
        if made
        else _("This client has all folders of this template already.")
    )
    return Redirect(place(ctx, "all", account), notice)


def _form_page(
    form: Form[NewTemplate] | Form[EditedTemplate] | Form[Confirm],
    title: Words,
    save: Words,
    template: str = "",
    *,
    lead: Words | None = None,
    danger: bool = False,
) -> Page:
    values = {"form": form, "save": save, "template": template, "lead": lead, "danger": danger}
    return Page("documents/template.html", title, values)
