"""What clients change themselves: their own contact data and nobody else's (POR-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.clients import contacts_of_client
from crm_core.contact_changes import ContactChange, save_contact
from crm_core.context import To
from crm_core.links import linked_contact
from crm_core.notification_types import CONTACT_CHANGED_BY_CLIENT
from crm_core.notify import tell_staff
from crm_core.permissions import USE_PORTAL, demand
from crm_core.refusals import NotFound
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.links import LinkedContact
    from crm_core.postal import PostalAddress


@frozen(kw_only=True)
class OwnDetails:
    """A client's own data as they want them; `version` is that of the contact they saw.

    E-mail addresses are not among them: whoever reads mail to one signs in, so the firm sets them.
    """

    first_name: str
    middle_name: str
    last_name: str
    phone: str
    address: PostalAddress
    version: int


def own_contacts(ctx: Context, account: Account) -> Sequence[LinkedContact]:
    """The account's contacts as whom the client signs in to it: one, but for shared addresses."""
    demand(ctx, USE_PORTAL)
    return [linked_contact(ctx, account, name) for name in contacts_of_client(ctx, account)]


def own_contact(ctx: Context, account: Account, public_id: str) -> LinkedContact:
    """The client's own contact with this public id; `NotFound` for anybody else's."""
    found = next((c for c in own_contacts(ctx, account) if c.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def change_own_details(
    ctx: Context, account: Account, contact: LinkedContact, wanted: OwnDetails
) -> None:
    """Saves a client's own data and tells those who follow the account (POR-5).

    `Stale` where the firm or they themselves saved first (ACC-15).
    """
    mine = own_contact(ctx, account, contact.public_id)
    save_contact(
        ctx,
        mine,
        ContactChange(
            first_name=wanted.first_name,
            middle_name=wanted.middle_name,
            last_name=wanted.last_name,
            company=mine.company,
            phone=wanted.phone,
            address=wanted.address,
            emails=mine.own_emails,
            details=mine.details,
            version=wanted.version,
        ),
    )
    tell_staff(
        ctx,
        CONTACT_CHANGED_BY_CLIENT,
        account,
        _("{name} changed their own details.", name=ctx.viewer.name),
        To("shell.info", {"account": account.public_id}),
        f"contact:{mine.id}",
    )
