"""The form of a contact, which several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.addresses import clean_address
from crm_core.contact_changes import ContactChange, told
from crm_core.contacts import NewContact
from crm_core.fields.asking import entered_in, typed_values, with_fields
from crm_core.fields.values import Owner
from crm_core.forms import Choice, Input, ask, version_field
from crm_core.refusals import Refused
from web.pages.postal_form import postal_address
from web.words import _

if TYPE_CHECKING:
    from crm_core.contact_book import Contact
    from crm_core.context import Context
    from crm_core.forms import Form

_NAME = _("Name")
_REACHED = _("How they are reached")
_ADDRESS = _("Postal address")
_CUSTOM = _("Custom fields")

MOST_ADDRESSES = 20
"""E-mail addresses of one contact."""


@frozen
class ContactForm:
    """What is known of a contact."""

    first_name: str = ask(_("First name"), default="", group=_NAME)
    middle_name: str = ask(_("Middle name"), default="", group=_NAME)
    last_name: str = ask(_("Last name"), default="", group=_NAME)
    company: str = ask(_("Company"), default="", group=_NAME)
    emails: str = ask(
        _("E-mail addresses"),
        default="",
        input=Input.LONG_TEXT,
        longest=6_000,
        help=_("One on each line; the first is the primary one."),
        group=_REACHED,
    )
    phone: str = ask(_("Phone"), default="", input=Input.PHONE, longest=50, group=_REACHED)
    street: str = ask(_("Street and number"), default="", group=_ADDRESS)
    postcode: str = ask(_("Postcode"), default="", longest=20, group=_ADDRESS)
    city: str = ask(_("City"), default="", group=_ADDRESS)
    region: str = ask(_("Region"), default="", group=_ADDRESS)
    country: str = ask(_("Country"), default="", group=_ADDRESS)


@frozen
class NewLinkedContact(ContactForm):
    """A new contact, and what they are for the account."""

    description: str = ask(
        _("What this person is for the account"),
        default="",
        help=_("For instance: director, partner, bookkeeper."),
    )


@frozen
class EditedContact(ContactForm):
    """A contact that stands already."""

    dropped: tuple[str, ...] = ask(
        _("Remove these details"), default=(), input=Input.SEVERAL, longest=100_000
    )
    version: int = version_field(_("Version"))


def contact_form(of: type[Any], ctx: Context, contact_id: int | None = None) -> type[Any]:
    """The form with the firm's own fields after it: those of this contact, or of a new one."""
    return with_fields(of, ctx, Owner.CONTACT, contact_id, _CUSTOM)


def new_contact(value: ContactForm) -> NewContact:
    """The contact that the form describes."""
    return NewContact(**_fields(value))


def contact_change(contact: Contact, value: EditedContact) -> ContactChange:
    """The contact as the form wants it."""
    kept = tuple(
        detail for place, detail in enumerate(contact.details) if str(place) not in value.dropped
    )
    return ContactChange(**_fields(value), details=kept, version=value.version)


def form_of(ctx: Context, contact: Contact, form: Form[EditedContact]) -> Form[EditedContact]:
    """The form with what the contact says now."""
    details = [
        Choice(value=str(place), label=f"{detail.label}: {detail.value}")
        for place, detail in enumerate(contact.details)
    ]
    return form.offering(dropped=details).starting_from(
        **told(contact),
        **typed_values(ctx, Owner.CONTACT, contact.id),
        dropped=(),
        version=contact.version,
    )


def _fields(value: ContactForm) -> dict[str, Any]:
    return {
        "first_name": value.first_name,
        "middle_name": value.middle_name,
        "last_name": value.last_name,
        "company": value.company,
        "phone": value.phone,
        "emails": _addresses(value.emails),
        "address": postal_address(value),
        "fields": entered_in(value, Owner.CONTACT),
    }


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses that stand one on each line; refuses one that is none."""
    lines = [line.strip() for line in text.replace(",", "\n").replace(";", "\n").splitlines()]
    typed = [line for line in lines if line]
    if len(typed) > MOST_ADDRESSES:
        raise Refused(_("At most {count} addresses.", count=MOST_ADDRESSES), at="emails")
    try:
        return tuple(clean_address(line) for line in typed)
    except Refused as refused:
        raise Refused(refused.sentence, at="emails") from refused
