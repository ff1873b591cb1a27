"""Contacts: their list, and the page of one with the accounts that it belongs to (LST-2, ACC-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from crm_core.contact_book import accounts_of_contact, accounts_of_contacts, contact_of
from crm_core.contact_changes import change_contact
from crm_core.context import Page, Redirect, To
from crm_core.contributions import Route, Scope
from crm_core.fields.reading import facts_of_contacts
from crm_core.listing.contacts import ContactFilter, ContactOrder, list_contacts
from crm_core.permissions import MANAGE_CONTACTS, SEE_ACCOUNTS
from crm_core.search_and_lists import ListOf
from web.lists.columns import Column
from web.lists.pages import OwnParts, asked_list
from web.lists.wishes import ON_OR_OFF, order_of
from web.pages.contact_form import EditedContact, contact_change, contact_form, form_of
from web.portal.inviting import send_all
from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.forms import Form

PAGE = 50

PARTS = OwnParts(
    of=ListOf.CONTACTS,
    filters=("email", "login"),
    columns=(
        Column(name="email", title=_("E-mail")),
        Column(name="phone", title=_("Phone")),
        Column(name="clients", title=_("Clients")),
        Column(name="created", title=_("Contact since"), orders=("created", "-created")),
    ),
    usual=("email", "phone"),
)


def contacts(ctx: Context, after: str, before: str, **asked: str) -> Page:
    """One page of contacts; `after` and `before` are the public ids of the neighbouring ones."""
    wanted = ContactFilter(email=ON_OR_OFF.get(asked["email"]), login=ON_OR_OFF.get(asked["login"]))
    order = order_of(ContactOrder, asked["sort"], ContactOrder.NAME)
    own = {name: asked[name] if asked[name] in ON_OR_OFF else "" for name in PARTS.filters}
    the_list = asked_list(ctx, PARTS, asked, own, order)
    page = list_contacts(
        ctx,
        evolve(wanted, others=the_list.narrowed.narrowings),
        order=order,
        size=PAGE,
        after=after,
        before=before,
    )
    keys = [contact.id for contact in page.contacts]
    with_clients = any(column.name == "clients" for column in the_list.wish.columns)
    values = {
        **the_list.values(page, keys),
        "contacts": page.contacts,
        "wanted": wanted,
        "clients_of": accounts_of_contacts(ctx, keys) if with_clients else {},
    }
    return Page("pages/contacts.html", _("Contacts"), values)


def contact(ctx: Context, contact: str) -> Page:
    """The contact with its addresses, and the accounts that the viewer may see (ACC-2)."""
    found = contact_of(ctx, contact)
    values = {
        "contact": found,
        "links": accounts_of_contact(ctx, found.id),
        "own_facts": facts_of_contacts(ctx, [found.id]).get(found.id, ()),
    }
    return Page("pages/contact.html", found.name, values)


def changes_form(ctx: Context, contact: str) -> type[Any]:
    """The form of a contact, with the firm's own fields."""
    return contact_form(EditedContact, ctx, contact_of(ctx, contact).id)


def ask_for_changes(ctx: Context, contact: str, form: Form[EditedContact]) -> Page:
    """The page with the contact as it is."""
    found = contact_of(ctx, contact)
    values = {"form": form_of(ctx, found, form), "contact": found}
    return Page("pages/contact_edit.html", _("Edit {name}", name=found.name), values)


def save_changes(ctx: Context, contact: str, value: EditedContact) -> Redirect:
    """Saves the contact."""
    found = contact_of(ctx, contact)
    change = contact_change(found, value)
    send_all(ctx, change_contact(ctx, found, change))
    to = To("shell.contact", {"contact": found.public_id})
    return Redirect(to, _("{name} is saved.", name=change.name))


ROUTES = (
    Route(
        name="contacts",
        path="contacts",
        scope=Scope.FIRM,
        needs=SEE_ACCOUNTS,
        view=contacts,
        query=PARTS.query,
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
        form=changes_form,
        submit=save_changes,
    ),
)
