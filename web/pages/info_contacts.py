"""An account's contacts from its Info tab: add, link, edit, describe, unlink (C1 to C4, C12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.contact_book import accounts_of_contact, contact_of
from crm_core.contact_changes import change_contact, create_contact
from crm_core.context import Page, Redirect
from crm_core.contributions import Route, Scope
from crm_core.finding import find_contacts
from crm_core.forms import ask, version_field
from crm_core.links import (
    describe_link,
    link_contact,
    linked_contact,
    linked_contacts,
    unlink_contact,
)
from crm_core.permissions import MANAGE_ACCOUNTS
from crm_core.refusals import Refused
from web.pages.confirming import Sure, demand_sure
from web.pages.contact_form import (
    EditedContact,
    NewLinkedContact,
    contact_change,
    contact_form,
    form_of,
    new_contact,
)
from web.pages.info_form import info_form, to_info
from web.portal.inviting import send_all
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.forms import Form

MOST_FOUND = 20
"""Contacts that are offered to choose from."""

_ROLE = _("What this person is for the account")


@frozen
class LinkForm:
    """A contact of the firm that is to be linked, and what it is for the account."""

    contact: str = ask(_("Contact"), longest=32)
    description: str = ask(
        _ROLE, default="", help=_("For instance: director, partner, bookkeeper.")
    )


@frozen
class Description:
    """What a contact is for this account alone."""

    description: str = ask(_ROLE, default="")
    version: int = version_field(_("Version"))


def new_contact_form(ctx: Context, account: Account) -> type[Any]:
    """The form of a new contact, with the firm's own fields."""
    return contact_form(NewLinkedContact, ctx)


def ask_for_contact(ctx: Context, account: Account, form: Form[NewLinkedContact]) -> Page:
    """The page with a blank contact."""
    return info_form(account, form, _("New contact"), _("Add contact"))


def add_contact(ctx: Context, account: Account, value: NewLinkedContact) -> Redirect:
    """Stores a contact and links it to the account."""
    new = new_contact(value)
    if not new.name:
        raise Refused(_("The contact needs a name or an e-mail address."), at="first_name")
    link_contact(ctx, account, create_contact(ctx, new), value.description)
    return Redirect(to_info(account), _("{name} is added.", name=new.name))


def ask_for_link(ctx: Context, account: Account, q: str, form: Form[LinkForm]) -> Page:
    """The page on which a contact of the firm is looked for and chosen."""
    linked = {contact.public_id for contact in linked_contacts(ctx, account)}
    found = [hit for hit in find_contacts(ctx, q, MOST_FOUND) if hit.public_id not in linked]
    values = {"form": form, "q": q, "found": found, "back": to_info(account)}
    return Page("pages/info_link.html", _("Link a contact"), values)


def link(ctx: Context, account: Account, q: str, value: LinkForm) -> Redirect:
    """Links a contact that the viewer may see to the account."""
    contact = contact_of(ctx, value.contact)
    link_contact(ctx, account, contact.id, value.description)
    return Redirect(to_info(account), _("{name} is linked.", name=contact.name))


def changes_form(ctx: Context, account: Account, contact: str) -> type[Any]:
    """The form of a linked contact, with the firm's own fields."""
    return contact_form(EditedContact, ctx, linked_contact(ctx, account, contact).id)


def ask_for_changes(
    ctx: Context, account: Account, contact: str, form: Form[EditedContact]
) -> Page:
    """The page with a linked contact as it is; it says whom else a change concerns."""
    found = linked_contact(ctx, account, contact)
    others = [
        link.account.name
        for link in accounts_of_contact(ctx, found.id)
        if link.account.id != account.id
    ]
    lead = (
        _(
            "The same contact belongs to {names}: what you change holds there too.",
            names=", ".join(others),
        )
        if others
        else ""
    )
    title = _("Edit {name}", name=found.name)
    return info_form(account, form_of(ctx, found, form), title, _("Save"), lead)


def save_changes(ctx: Context, account: Account, contact: str, value: EditedContact) -> Redirect:
    """Saves a linked contact."""
    found = linked_contact(ctx, account, contact)
    change = contact_change(found, value)
    send_all(ctx, change_contact(ctx, found, change))
    return Redirect(to_info(account), _("{name} is saved.", name=change.name))


def ask_for_description(
    ctx: Context, account: Account, contact: str, form: Form[Description]
) -> Page:
    """The page with what the contact is for this account."""
    found = linked_contact(ctx, account, contact)
    filled = form.starting_from(description=found.description, version=found.link_version)
    lead = _("It belongs to {account} alone.", account=account.name)
    return info_form(account, filled, _("Describe {name}", name=found.name), _("Save"), lead)


def save_description(ctx: Context, account: Account, contact: str, value: Description) -> Redirect:
    """Saves what the contact is for this account."""
    found = linked_contact(ctx, account, contact)
    describe_link(ctx, account, found, value.description, value.version)
    return Redirect(to_info(account), _("The description is saved."))


def ask_to_unlink(ctx: Context, account: Account, contact: str, form: Form[Sure]) -> Page:
    """The page that says what unlinking does, before it is done."""
    found = linked_contact(ctx, account, contact)
    lead = _(
        "{name} no longer belongs to {account}: its description and the settings of its e-mail "
        "addresses there are gone, and so is portal access to it. The contact itself stays.",
        name=found.name,
        account=account.name,
    )
    title = _("Unlink {name}?", name=found.name)
    return info_form(account, form, title, _("Unlink"), lead, danger=True)


def unlink(ctx: Context, account: Account, contact: str, value: Sure) -> Redirect:
    """Takes the contact off the account."""
    demand_sure(value)
    found = linked_contact(ctx, account, contact)
    unlink_contact(ctx, account, found.id)
    return Redirect(to_info(account), _("{name} is unlinked.", name=found.name))


ROUTES = (
    Route(
        name="info_contact_new",
        path="info/contacts/new",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_contact,
        form=new_contact_form,
        submit=add_contact,
    ),
    Route(
        name="info_contact_link",
        path="info/contacts/link",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_link,
        form=LinkForm,
        submit=link,
        query=("q",),
    ),
    Route(
        name="info_contact",
        path="info/contacts/<contact>",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_changes,
        form=changes_form,
        submit=save_changes,
    ),
    Route(
        name="info_description",
        path="info/contacts/<contact>/description",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_for_description,
        form=Description,
        submit=save_description,
    ),
    Route(
        name="info_unlink",
        path="info/contacts/<contact>/unlink",
        scope=Scope.ACCOUNT,
        needs=MANAGE_ACCOUNTS,
        view=ask_to_unlink,
        form=Sure,
        submit=unlink,
    ),
)
