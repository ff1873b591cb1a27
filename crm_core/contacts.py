"""Contacts: the persons, and the addresses that receive mail, that a firm talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.addresses import address_key
from crm_core.folding import folded
from crm_core.refusals import Refused
from crm_core.store.rows import new_public_id
from crm_core.store.tables import ContactDetailRow, ContactEmailRow, ContactRow
from crm_core.words import _

if TYPE_CHECKING:
    from crm_core.context import Context


@frozen(kw_only=True)
class PostalAddress:
    """A postal address as its parts; a part that is not known is empty."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def lines(self) -> tuple[str, ...]:
        """The parts that are filled, as the lines of an envelope."""
        place = " ".join(part for part in (self.postcode, self.city) if part)
        return tuple(part for part in (self.street, place, self.region, self.country) if part)


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
    """

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    address: PostalAddress = PostalAddress()
    emails: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def name(self) -> str:
        """The name that is shown: the person's, else the company's, else the primary address."""
        person = " ".join(
            part.strip() for part in (self.first_name, self.middle_name, self.last_name) if part
        )
        return person.strip() or self.company.strip() or (self.emails[0] if self.emails else "")


def add_contact(ctx: Context, new: NewContact) -> int:
    """Stores a contact with its addresses and details, and answers its key.

    Refuses one that has neither name nor company nor e-mail address. It is linked to nothing yet,
    and asks for no right: the use case that needs a contact does.
    """
    if not new.name:
        raise Refused(_("A contact needs a name, a company or an e-mail address."))
    contact_id = ContactRow.insert_into(
        ctx,
        public_id=new_public_id(),
        name=new.name,
        sort_name=folded(new.name),
        first_name=new.first_name.strip(),
        middle_name=new.middle_name.strip(),
        last_name=new.last_name.strip(),
        company=new.company.strip(),
        phone=new.phone.strip(),
        street=new.address.street,
        postcode=new.address.postcode,
        city=new.address.city,
        region=new.address.region,
        country=new.address.country,
        created=ctx.now,
    )
    emails = {address_key(email): email for email in new.emails}
    ContactEmailRow.insert_all(
        ctx,
        (
            ContactEmailRow.contact_id,
            ContactEmailRow.address,
            ContactEmailRow.address_key,
            ContactEmailRow.position,
        ),
        ((contact_id, email, key, place) for place, (key, email) in enumerate(emails.items())),
    )
    ContactDetailRow.insert_all(
        ctx,
        (
            ContactDetailRow.contact_id,
            ContactDetailRow.label,
            ContactDetailRow.value,
            ContactDetailRow.position,
        ),
        ((contact_id, d.label, d.value, place) for place, d in enumerate(new.details)),
    )
    return contact_id
