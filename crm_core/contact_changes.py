"""What becomes of a contact: a new one, and changes of one that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from crm_core import audit, events, search_index
from crm_core.account_changes import contact_renamed
from crm_core.addresses import address_key
from crm_core.changed_addresses import invite_anew, reached_addresses
from crm_core.contacts import NewContact, add_contact, by_key
from crm_core.fields.asking import typed_values
from crm_core.fields.saving import write_values
from crm_core.fields.values import Owner
from crm_core.folding import folded
from crm_core.permissions import MANAGE_ACCOUNTS, MANAGE_CONTACTS, may
from crm_core.refusals import NotAllowed, Refused, Stale
from crm_core.store.tables import ContactDetailRow, ContactEmailRow, ContactRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.contact_book import Contact
    from crm_core.context import Context
    from crm_core.portal_invitations import PortalInvitation


@frozen(kw_only=True)
class ContactChange(NewContact):
    """A contact as somebody wants it: names, phone, address, every e-mail address, every detail.

    `version` is that of the contact they saw. Custom fields that are not named in `fields` stay.
    """

    version: int


def create_contact(ctx: Context, new: NewContact) -> int:
    """Stores a contact that is linked to nothing yet, and answers its key."""
    demand_to_manage(ctx)
    contact_id = add_contact(ctx, new)
    audit.record(ctx, events.CONTACT_CREATED, contact_id=contact_id, after={"name": new.name})
    return contact_id


def change_contact(
    ctx: Context, contact: Contact, change: ContactChange
) -> Sequence[tuple[PortalInvitation, str]]:
    """Saves a contact; `Stale` where somebody saved it first (ACC-15).

    An e-mail address that stays, or has another in its place, keeps its settings on every account;
    one that is gone loses them. Accounts whose names are generated from the contact's are renamed
    with it. Answers the invitations of addresses that were changed (POR-2), for the caller to send.
    """
    demand_to_manage(ctx)
    return save_contact(ctx, contact, change)


def save_contact(
    ctx: Context, contact: Contact, change: ContactChange
) -> Sequence[tuple[PortalInvitation, str]]:
    """The same for somebody whose right to it is settled: clients change their own data."""
    reached = reached_addresses(ctx, contact.id)
    if not change.name:
        raise Refused(_("A contact needs a name, a company or an e-mail address."), at="first_name")
    address = change.address
    changed = (
        ContactRow.change(
            ctx,
            name=change.name,
            sort_name=folded(change.name),
            first_name=change.first_name.strip(),
            middle_name=change.middle_name.strip(),
            last_name=change.last_name.strip(),
            company=change.company.strip(),
            phone=change.phone.strip(),
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            region=address.region,
            country=address.country,
            version=ContactRow.version + 1,
        )
        .where((ContactRow.id == contact.id) & (ContactRow.version == change.version))
        .execute()
    )
    if not changed:
        now = {**told(contact), **typed_values(ctx, Owner.CONTACT, contact.id)}
        raise Stale(now, contact.version)
    _save_emails(ctx, contact, change.emails)
    write_values(ctx, Owner.CONTACT, contact.id, change.fields)
    if change.details != contact.details:
        _save_details(ctx, contact, change)
    if change.name != contact.name:
        contact_renamed(ctx, contact.id, change.name)
    search_index.contact_changed(ctx, [contact.id])
    audit.record_change(
        ctx, events.CONTACT_CHANGED, told(contact), told(change), contact_id=contact.id
    )
    return invite_anew(ctx, contact.id, reached)


def told(contact: Contact | ContactChange) -> dict[str, Any]:
    """What a contact says, by the names of a form's fields; addresses in custom fields aside."""
    emails = contact.emails if isinstance(contact, ContactChange) else contact.own_emails
    return {
        "first_name": contact.first_name,
        "middle_name": contact.middle_name,
        "last_name": contact.last_name,
        "company": contact.company,
        "phone": contact.phone,
        **asdict(contact.address),
        "emails": "\n".join(emails),
    }


def demand_to_manage(ctx: Context) -> None:
    """Refuses whoever may manage neither contacts nor accounts."""
    if not (may(ctx, MANAGE_CONTACTS) or may(ctx, MANAGE_ACCOUNTS)):
        raise NotAllowed


def _save_emails(ctx: Context, contact: Contact, emails: Sequence[str]) -> None:
    """Makes the contact's own addresses these, in this order; rows of those that stay are kept.

    So is the row of one in whose place another stands. Those in custom fields come after them.
    """
    in_fields = [email for email in contact.addresses if email.in_field]
    stored = {address_key(e.address): e.id for e in contact.addresses if not e.in_field}
    wanted = by_key(emails)
    for email in in_fields:
        if address_key(email.address) in wanted:
            raise Refused(
                _("{address} stands in a field of this contact already.", address=email.address),
                at="emails",
            )
    mine = ContactEmailRow.contact_id == contact.id
    for old, new in zip(list(stored), wanted, strict=False):
        if old not in wanted and new not in stored:
            stored[new] = stored.pop(old)
    gone = [key for address, key in stored.items() if address not in wanted]
    if gone:
        ContactEmailRow.remove(ctx).where(mine & ContactEmailRow.id.in_(gone)).execute()
    # Places are unique: all move out of the way before each gets its own.
    ContactEmailRow.change(ctx, position=-1 - ContactEmailRow.position).where(mine).execute()
    for place, (key, address) in enumerate(wanted.items()):
        if key in stored:
            ContactEmailRow.change(ctx, address=address, address_key=key, position=place).where(
                ContactEmailRow.id == stored[key]
            ).execute()
        else:
            ContactEmailRow.insert_into(
                ctx, contact_id=contact.id, address=address, address_key=key, position=place
            )
    for place, stays in enumerate(in_fields, start=max(len(wanted), 1)):
        ContactEmailRow.change(ctx, position=place).where(ContactEmailRow.id == stays.id).execute()


def _save_details(ctx: Context, contact: Contact, change: ContactChange) -> None:
    ContactDetailRow.remove(ctx).where(ContactDetailRow.contact_id == contact.id).execute()
    ContactDetailRow.insert_all(
        ctx,
        (
            ContactDetailRow.contact_id,
            ContactDetailRow.label,
            ContactDetailRow.value,
            ContactDetailRow.position,
        ),
        (
            (contact.id, detail.label, detail.value, place)
            for place, detail in enumerate(change.details)
        ),
    )
