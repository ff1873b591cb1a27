"""Contacts as they are read: everything that is known of one, and who may see which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.accounts import account_of_row, visible_accounts
from crm_core.contacts import Detail
from crm_core.permissions import VIEW_ALL_CONTACTS, may
from crm_core.postal import PostalAddress
from crm_core.refusals import NotFound
from crm_core.store.tables import (
    AccountRow,
    ContactDetailRow,
    ContactEmailRow,
    ContactRow,
    CustomFieldRow,
    CustomValueRow,
    LinkRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    import peewee

    from crm_core.accounts import Account
    from crm_core.context import Context


@frozen(kw_only=True)
class EmailAddress:
    """One e-mail address of a contact; `id` stands for it in forms.

    One that stands in a custom field has its `label`, and is changed in that field alone.
    """

    id: int
    address: str
    label: str = ""

    @property
    def in_field(self) -> bool:
        """Whether it stands in a custom field."""
        return bool(self.label)


@frozen(kw_only=True)
class Contact:
    """A contact with all that is known of it. `public_id` names it in URLs.

    `addresses` has the primary one first.
    """

    id: int
    public_id: str
    name: str
    first_name: str
    middle_name: str
    last_name: str
    company: str
    phone: str
    address: PostalAddress
    addresses: tuple[EmailAddress, ...]
    details: tuple[Detail, ...]
    created: datetime
    version: int

    @property
    def emails(self) -> tuple[str, ...]:
        """The e-mail addresses, the primary one first."""
        return tuple(email.address for email in self.addresses)

    @property
    def own_emails(self) -> tuple[str, ...]:
        """Those that stand in no custom field."""
        return tuple(email.address for email in self.addresses if not email.in_field)


@frozen(kw_only=True)
class LinkOfContact:
    """An account that a contact is linked to, and what the contact is for it."""

    account: Account
    description: str


def contact_of(ctx: Context, public_id: str) -> Contact:
    """The contact with this public id, if the viewer may see it; otherwise `NotFound`.

    One may see the contacts of the accounts that one may see, or with *view all contacts* all.
    """
    row = visible_contacts(ctx).where(ContactRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return contacts_of_rows(ctx, [row])[0]


def visible_contacts(ctx: Context, *columns: Any) -> peewee.ModelSelect[Any]:
    """The rows of the contacts that the viewer may see: the start of every list and look-up."""
    query = ContactRow.of(ctx, *columns)
    if may(ctx, VIEW_ALL_CONTACTS):
        return query
    accounts = visible_accounts(ctx, AccountRow.id)
    linked = LinkRow.of(ctx, LinkRow.contact_id).where(LinkRow.account_id.in_(accounts))
    return query.where(ContactRow.id.in_(linked))


def accounts_of_contact(ctx: Context, contact_id: int) -> Sequence[LinkOfContact]:
    """The accounts that a contact is linked to and that the viewer may see, by name (ACC-2)."""
    return accounts_of_contacts(ctx, [contact_id])[contact_id]


def accounts_of_contacts(
    ctx: Context, contact_ids: Collection[int]
) -> Mapping[int, Sequence[LinkOfContact]]:
    """The same for many contacts, by their keys; one query."""
    about_link = (LinkRow.contact_id, LinkRow.description.alias("link_description"))
    rows = (
        visible_accounts(ctx, AccountRow, *about_link)
        .switch(AccountRow)
        .join(
            LinkRow,
            on=(LinkRow.firm_id == AccountRow.firm_id) & (LinkRow.account_id == AccountRow.id),
        )
        .where(LinkRow.contact_id.in_(list(contact_ids)))
        .order_by(AccountRow.sort_name, AccountRow.id)
        .objects()
    )
    found: dict[int, list[LinkOfContact]] = {key: [] for key in contact_ids}
    for row in rows:
        link = LinkOfContact(account=account_of_row(row), description=row.link_description)
        found[row.contact_id].append(link)
    return found


def contacts_of_rows(ctx: Context, rows: Sequence[Any]) -> Sequence[Contact]:
    """The contacts that these rows stand for; two queries, however many they are."""
    return [Contact(**fields) for fields in fields_of_rows(ctx, rows)]


def fields_of_rows(ctx: Context, rows: Sequence[Any]) -> Sequence[dict[str, Any]]:
    """The same as the fields of `Contact`, for values that add to them."""
    keys = [row.id for row in rows]
    emails = _by_contact(
        _emails(ctx),
        ContactEmailRow,
        keys,
        lambda row: EmailAddress(id=row.id, address=row.address, label=row.label or ""),
    )
    details = _by_contact(
        ContactDetailRow.of(ctx),
        ContactDetailRow,
        keys,
        lambda row: Detail(label=row.label, value=row.value),
    )
    return [
        {
            "id": row.id,
            "public_id": row.public_id,
            "name": row.name,
            "first_name": row.first_name,
            "middle_name": row.middle_name,
            "last_name": row.last_name,
            "company": row.company,
            "phone": row.phone,
            "address": PostalAddress(
                street=row.street,
                postcode=row.postcode,
                city=row.city,
                region=row.region,
                country=row.country,
            ),
            "addresses": tuple(emails[row.id]),
            "details": tuple(details[row.id]),
            "created": row.created,
            "version": row.version,
        }
        for row in rows
    ]


def _emails(ctx: Context) -> Any:
    in_field = (CustomValueRow.firm_id == ContactEmailRow.firm_id) & (
        CustomValueRow.email_id == ContactEmailRow.id
    )
    which = (CustomFieldRow.firm_id == CustomValueRow.firm_id) & (
        CustomFieldRow.id == CustomValueRow.field_id
    )
    return (
        ContactEmailRow.of(ctx, ContactEmailRow, CustomFieldRow.label)
        .left_outer_join(CustomValueRow, on=in_field)
        .left_outer_join(CustomFieldRow, on=which)
        .objects()
    )


def _by_contact(
    query: Any, table: Any, keys: Collection[int], value_of: Callable[[Any], Any]
) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in query.where(table.contact_id.in_(list(keys))).order_by(table.position):
        found[row.contact_id].append(value_of(row))
    return found
