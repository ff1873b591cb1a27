"""Links: which contacts belong to which account, and what each of them is for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import audit, events, search_index
from crm_core.accounts import account_of_row, lock_account, visible_accounts
from crm_core.clients import end_clients
from crm_core.contact_book import Contact, fields_of_rows
from crm_core.permissions import MANAGE_ACCOUNTS, demand
from crm_core.refusals import NotFound, Refused, Stale
from crm_core.store.doubles import refusing_doubles
from crm_core.store.tables import AccountRow, ContactEmailRow, ContactRow, LinkRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context


MOST_SHARING = 100
"""Accounts that share a contact are listed up to this many."""


@frozen(kw_only=True)
class LinkedContact(Contact):
    """A contact as one account sees it: `description` belongs to this link alone (ACC-5)."""

    description: str
    link_version: int


def linked_contacts(ctx: Context, account: Account) -> Sequence[LinkedContact]:
    """The contacts of an account, alphabetical by name; three queries, however many they are."""
    rows = list(_linked(ctx, account).order_by(ContactRow.sort_name, ContactRow.id).objects())
    return _values(ctx, rows)


def linked_contact(ctx: Context, account: Account, public_id: str) -> LinkedContact:
    """The contact of the account with this public id; otherwise `NotFound`."""
    row = _linked(ctx, account).where(ContactRow.public_id == public_id).objects().first()
    if row is None:
        raise NotFound
    return _values(ctx, [row])[0]


def accounts_sharing_contacts(ctx: Context, account: Account) -> Mapping[str, Sequence[Account]]:
    """The other accounts that the viewer may see, by the contact that they share (ACC-2)."""
    mine = LinkRow.of(ctx, LinkRow.contact_id).where(LinkRow.account_id == account.id)
    rows = (
        visible_accounts(ctx, AccountRow, ContactRow.public_id.alias("contact"))
        .switch(AccountRow)
        .join(
            LinkRow,
            on=(LinkRow.firm_id == AccountRow.firm_id) & (LinkRow.account_id == AccountRow.id),
        )
        .join(
            ContactRow,
            on=(ContactRow.firm_id == LinkRow.firm_id) & (ContactRow.id == LinkRow.contact_id),
        )
        .where(LinkRow.contact_id.in_(mine) & (AccountRow.id != account.id))
        .order_by(AccountRow.sort_name, AccountRow.id)
        .limit(MOST_SHARING)
        .objects()
    )
    found: dict[str, list[Account]] = {}
    for row in rows:
        found.setdefault(row.contact, []).append(account_of_row(row))
    return found


def link_contact(ctx: Context, account: Account, contact_id: int, description: str = "") -> None:
    """Links a contact of the firm to an account; refuses one that is linked already (ACC-2)."""
    demand(ctx, MANAGE_ACCOUNTS)
    if not ContactRow.of(ctx, ContactRow.id).where(ContactRow.id == contact_id).exists():
        raise NotFound
    with refusing_doubles(ctx, _linked_already):
        LinkRow.insert_into(
            ctx, account_id=account.id, contact_id=contact_id, description=description.strip()
        )
    search_index.account_changed(ctx, [account.id])
    audit.record(ctx, events.CONTACT_LINKED, account_id=account.id, contact_id=contact_id)


def describe_link(
    ctx: Context, account: Account, contact: LinkedContact, description: str, version: int
) -> None:
    """Says what a contact is for this account alone (C3); `Stale` where somebody was first."""
    demand(ctx, MANAGE_ACCOUNTS)
    mine = (LinkRow.account_id == account.id) & (LinkRow.contact_id == contact.id)
    changed = (
        LinkRow.change(ctx, description=description.strip(), version=LinkRow.version + 1)
        .where(mine & (LinkRow.version == version))
        .execute()
    )
    if not changed:
        raise Stale({"description": contact.description}, contact.link_version)
    audit.record(
        ctx,
        events.LINK_DESCRIBED,
        account_id=account.id,
        contact_id=contact.id,
        before={"description": contact.description},
        after={"description": description.strip()},
    )


def unlink_contact(ctx: Context, account: Account, contact_id: int) -> None:
    """Takes a contact off an account; refuses the last one (ACC-3).

    Its addresses can sign in to the account no longer, from this moment on (ACC-8).

    The account's row is locked first, so of two who unlink at once the second sees what the first
    left; were it not, the database would refuse the second all the same.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    lock_account(ctx, account)
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
    emails = ContactEmailRow.of(ctx, ContactEmailRow.address_key)
    mine = ContactEmailRow.contact_id == contact_id
    end_clients(ctx, {row.address_key for row in emails.where(mine)})
    search_index.account_changed(ctx, [account.id])
    audit.record(ctx, events.CONTACT_UNLINKED, account_id=account.id, contact_id=contact_id)


def _linked_already() -> Refused:
    return Refused(_("This contact is linked to the account already."))


def _linked(ctx: Context, account: Account) -> Any:
    columns = (LinkRow.description, LinkRow.version.alias("link_version"))
    return (
        ContactRow.of(ctx, ContactRow, *columns)
        .join(
            LinkRow,
            on=(LinkRow.firm_id == ContactRow.firm_id) & (LinkRow.contact_id == ContactRow.id),
        )
        .where(LinkRow.account_id == account.id)
    )


def _values(ctx: Context, rows: Sequence[Any]) -> Sequence[LinkedContact]:
    return [
        LinkedContact(**fields, description=row.description, link_version=row.link_version)
        for row, fields in zip(rows, fields_of_rows(ctx, rows), strict=True)
    ]
