"""Contacts: the persons, and the addresses that receive mail, that a firm talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import search_index
from crm_core.addresses import address_key
from crm_core.fields.saving import write_values
from crm_core.fields.values import Owner
from crm_core.folding import folded
from crm_core.postal import NO_ADDRESS, PostalAddress
from crm_core.refusals import Refused
from crm_core.store.rows import new_public_id
from crm_core.store.tables import ContactDetailRow, ContactEmailRow, ContactRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from crm_core.context import Context
    from crm_core.fields.values import Entered


@frozen(kw_only=True)
class Detail:
    """One more thing that is known of a contact, under the label that it came with."""

    label: str
    value: str


@frozen(kw_only=True)
class NewContact:
    """What is known of a contact before it is stored. Needs a name, a company or an address.

    `emails` are cleaned addresses, the primary one first; `details` keeps what has no field of
    its own (a second phone number, a birthday, a web address) in the order in which it came.
    `fields` are what was entered into the custom fields of contacts.
    """

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    address: PostalAddress = NO_ADDRESS
    emails: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    fields: tuple[Entered, ...] = ()

    @property
    def name(self) -> str:
        """The name that is shown: the person's, else the company's, else the primary address."""
        person = " ".join(
            part.strip() for part in (self.first_name, self.middle_name, self.last_name) if part
        )
        return person.strip() or self.company.strip() or (self.emails[0] if self.emails else "")


def add_contact(ctx: Context, new: NewContact) -> int:
    """Stores a contact and answers its key; see `add_contacts`."""
    return add_contacts(ctx, [new])[0]


def add_contacts(ctx: Context, contacts: Sequence[NewContact]) -> Sequence[int]:
    """Stores contacts with all that is known of them, and answers their keys in this order.

    Refuses one that has neither name nor company nor e-mail address. They are linked to nothing
    yet. It asks for no right: the use case that needs a contact does.
    """
    if not all(new.name for new in contacts):
        raise Refused(_("A contact needs a name, a company or an e-mail address."))
    named = {new_public_id(): new for new in contacts}
    keys = ContactRow.insert_all_named(
        ctx,
        _CONTACT_FIELDS,
        ((public_id, *_contact_values(new), ctx.now) for public_id, new in named.items()),
    )
    ContactEmailRow.insert_all(
        ctx,
        _EMAIL_FIELDS,
        (
            (keys[public_id], email, key, place)
            for public_id, new in named.items()
            for place, (key, email) in enumerate(by_key(new.emails).items())
        ),
    )
    ContactDetailRow.insert_all(
        ctx,
        _DETAIL_FIELDS,
        (
            (keys[public_id], detail.label, detail.value, place)
            for public_id, new in named.items()
            for place, detail in enumerate(new.details)
        ),
    )
    for public_id, new in named.items():
        write_values(ctx, Owner.CONTACT, keys[public_id], new.fields)
    search_index.contact_changed(ctx, keys.values())
    return [keys[public_id] for public_id in named]


def contact_names(ctx: Context, contact_ids: Collection[int]) -> Mapping[int, str]:
    """The names of those of these contacts that the firm has, by their keys."""
    rows = ContactRow.of(ctx, ContactRow.id, ContactRow.name)
    return {row.id: row.name for row in rows.where(ContactRow.id.in_(sorted(contact_ids)))}


_CONTACT_FIELDS = (
    ContactRow.public_id,
    ContactRow.name,
    ContactRow.sort_name,
    ContactRow.first_name,
    ContactRow.middle_name,
    ContactRow.last_name,
    ContactRow.company,
    ContactRow.phone,
    ContactRow.street,
    ContactRow.postcode,
    ContactRow.city,
    ContactRow.region,
    ContactRow.country,
    ContactRow.created,
)
_EMAIL_FIELDS = (
    ContactEmailRow.contact_id,
    ContactEmailRow.address,
    ContactEmailRow.address_key,
    ContactEmailRow.position,
)
_DETAIL_FIELDS = (
    ContactDetailRow.contact_id,
    ContactDetailRow.label,
    ContactDetailRow.value,
    ContactDetailRow.position,
)


def _contact_values(new: NewContact) -> tuple[str, ...]:
    address = new.address
    return (
        new.name,
        folded(new.name),
        new.first_name.strip(),
        new.middle_name.strip(),
        new.last_name.strip(),
        new.company.strip(),
        new.phone.strip(),
        address.street,
        address.postcode,
        address.city,
        address.region,
        address.country,
    )


def by_key(emails: Sequence[str]) -> dict[str, str]:
    """The addresses by what they are compared by; of two spellings the first stays."""
    found: dict[str, str] = {}
    for email in emails:
        found.setdefault(address_key(email), email)
    return found
