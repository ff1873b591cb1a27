"""Contacts: their list, and the page of one with the accounts that it belongs to (LST-2, ACC-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.contact_book import accounts_of_contact, contact_of
from crm_core.contact_changes import change_contact
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.defining import fields_of
from crm_core.fields.reading import facts_of_contacts
from crm_core.fields.values import Owner
from crm_core.listing.contacts import list_contacts
from crm_core.listing.paging import is_capped
from crm_core.permissions import MANAGE_CONTACTS, SEE_ACCOUNTS
from web.pages.contact_form import EditedContact, contact_change, form_of
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form


PAGE = 50


def contacts(ctx: Context, after: str, before: str) -> Page:
    """One page of contacts by name; `after` and `before` are those of the neighbouring ones."""
    page = list_contacts(ctx, size=PAGE, after=after, before=before)
    values = {
        "contacts": page.contacts,
        "count": page.count,
        "more": is_capped(page.count),
        "before": page.before,
        "after": page.after,
    }
    return Page("pages/contacts.html", _("Contacts"), values)


def contact(ctx: Context, contact: str) -> Page:
    """The contact with its addresses, and the accounts that the viewer may see (ACC-2)."""
    found = contact_of(ctx, contact)
    values = {
        "contact": found,
        "links": accounts_of_contact(ctx, found.id),
        "own_facts": facts_of_contacts(ctx, [found.id]).get(found.id, ()),
        "has_own_fields": bool(fields_of(ctx, Owner.CONTACT)),
    }
    return Page("pages/contact.html", found.name, values)


def ask_for_changes(ctx: Context, contact: str, form: Form[EditedContact]) -> Page:
    """The page with the contact as it is."""
    found = contact_of(ctx, contact)
    values = {"form": form_of(found, form), "contact": found}
    return Page("pages/contact_edit.html", _("Edit {name}", name=found.name), values)


def save_changes(ctx: Context, contact: str, value: EditedContact) -> Redirect:
    """Saves the contact."""
    found = contact_of(ctx, contact)
    change = contact_change(found, value)
    change_contact(ctx, found, change)
    to = To("shell.contact", {"contact": found.public_id})
    return Redirect(to, _("{name} is saved.", name=change.name))


ROUTES = (
    Route(
        name="contacts",
        path="contacts",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=contacts,
        query=("after", "before"),
    ),
    Route(
        name="contact",
        path="contacts/<contact>",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=contact,
    ),
    Route(
        name="contact_edit",
        path="contacts/<contact>/edit",
        scope=Scope.FIRM,
        needs=MANAGE_CONTACTS,
        view=ask_for_changes,
        form=EditedContact,
        submit=save_changes,
    ),
)
