"""Links: which contacts belong to which account, and what each of them is for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from attrs import frozen
from peewee import IntegrityError

from crm_core import audit, events, search_index
from crm_core.accounts import visible_accounts
from crm_core.contacts import Detail, PostalAddress
from crm_core.permissions import MANAGE_ACCOUNTS, VIEW_ALL_CONTACTS, demand, may
from crm_core.refusals import NotFound, Refused
from crm_core.store.tables import AccountRow, ContactDetailRow, ContactEmailRow, ContactRow, LinkRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context


@frozen(kw_only=True)
class Contact:
    """A contact by itself. `public_id` names it in URLs."""

    id: int
    public_id: str
    name: str


@frozen(kw_only=True)
class LinkedContact:
    """A contact as one account sees it: `description` belongs to this link alone (ACC-5)."""

    id: int
    public_id: str
    name: str
    description: str
    company: str
    phone: str
    address: PostalAddress
    emails: tuple[str, ...]
    details: tuple[Detail, ...]


def linked_contacts(ctx: Context, account: Account) -> Sequence[LinkedContact]:
    """The contacts of an account, alphabetical by name; three queries, however many they are."""
    rows = list(
        ContactRow.of(ctx, ContactRow, LinkRow.description)
        .join(
            LinkRow,
            on=(LinkRow.firm_id == ContactRow.firm_id) & (LinkRow.contact_id == ContactRow.id),
        )
        .where(LinkRow.account_id == account.id)
        .order_by(ContactRow.sort_name, ContactRow.id)
        .objects()
    )
    keys = [row.id for row in rows]
    emails = _by_contact(ctx, ContactEmailRow, keys, lambda row: str(row.address))
    details = _by_contact(
        ctx, ContactDetailRow, keys, lambda row: Detail(label=row.label, value=row.value)
    )
    return [
        LinkedContact(
            id=row.id,
            public_id=row.public_id,
            name=row.name,
            description=row.description,
            company=row.company,
            phone=row.phone,
            address=PostalAddress(
                street=row.street,
                postcode=row.postcode,
                city=row.city,
                region=row.region,
                country=row.country,
            ),
            emails=tuple(emails[row.id]),
            details=tuple(details[row.id]),
        )
        for row in rows
    ]


def contact_of(ctx: Context, public_id: str) -> Contact:
    """The contact with this public id, if the viewer may see it; otherwise `NotFound`.

    One may see the contacts of the accounts that one may see, or with *view all contacts* all.
    """
    row = ContactRow.of(ctx).where(ContactRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    if not may(ctx, VIEW_ALL_CONTACTS):
        linked = LinkRow.of(ctx, LinkRow.account_id).where(LinkRow.contact_id == row.id)
        if not visible_accounts(ctx, AccountRow.id).where(AccountRow.id.in_(linked)).exists():
            raise NotFound
    return Contact(id=row.id, public_id=row.public_id, name=row.name)


def link_contact(ctx: Context, account: Account, contact_id: int, description: str = "") -> None:
    """Links a contact of the firm to an account; refuses one that is linked already (ACC-2)."""
    demand(ctx, MANAGE_ACCOUNTS)
    if not ContactRow.of(ctx, ContactRow.id).where(ContactRow.id == contact_id).exists():
        raise NotFound
    try:
        with ctx.store.savepoint():
            LinkRow.insert_into(
                ctx, account_id=account.id, contact_id=contact_id, description=description.strip()
            )
    except IntegrityError as error:
        raise Refused(_("This contact is linked to the account already.")) from error
    search_index.account_changed(ctx, [account.id])
    audit.record(ctx, events.CONTACT_LINKED, account_id=account.id, contact_id=contact_id)


def unlink_contact(ctx: Context, account: Account, contact_id: int) -> None:
    """Takes a contact off an account; refuses the last one (ACC-3).

    The account's row is locked first, so of two who unlink at once the second sees what the first
    left; were it not, the database would refuse the second all the same.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    _lock(ctx, account.id)
    linked = LinkRow.of(ctx, LinkRow.contact_id).where(LinkRow.account_id == account.id)
    others = [row.contact_id for row in linked.order_by(LinkRow.id)]
    if contact_id not in others:
        raise NotFound
    others.remove(contact_id)
    if not others:
        raise Refused(
            _(
                "An account always keeps at least one contact; this is the last one of {account}. "
                "Link another contact first.",
                account=account.name,
            )
        )
    AccountRow.change(ctx, anchor_contact_id=others[0]).where(
        (AccountRow.id == account.id) & (AccountRow.anchor_contact_id == contact_id)
    ).execute()
    LinkRow.remove(ctx).where(
        (LinkRow.account_id == account.id) & (LinkRow.contact_id == contact_id)
    ).execute()
    search_index.account_changed(ctx, [account.id])
    audit.record(ctx, events.CONTACT_UNLINKED, account_id=account.id, contact_id=contact_id)


def _lock(ctx: Context, account_id: int) -> None:
    query = AccountRow.of(ctx, AccountRow.id).where(AccountRow.id == account_id)
    if ctx.store.locking(query).first() is None:
        raise NotFound


def _by_contact(
    ctx: Context, table: Any, keys: Iterable[int], value_of: Callable[[Any], Any]
) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    rows = table.of(ctx).where(table.contact_id.in_(list(keys))).order_by(table.position)
    for row in rows:
        found[row.contact_id].append(value_of(row))
    return found
