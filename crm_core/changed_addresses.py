"""What a change of a contact's e-mail addresses means for the portal (POR-2, ACC-8).

An address that is changed keeps its settings, and its access falls: the link that went to the old
one is worth nothing, and who signed in with it is out. The new one is invited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.accounts import account_of_row
from crm_core.clients import end_clients
from crm_core.portal_access import addresses_with_login
from crm_core.portal_invitations import REPLACED, end_invitations, invite_address
from crm_core.store.portal_rows import ClientRow, PortalInvitationRow
from crm_core.store.tables import AccountRow, AddressSettingRow, ContactEmailRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.portal_invitations import PortalInvitation


@frozen(kw_only=True)
class Reached:
    """An address of a contact as it was: on which account it was invited or signs in, if any."""

    email_id: int
    address_key: str
    account: Account | None


def reached_addresses(ctx: Context, contact_id: int) -> Sequence[Reached]:
    """What is known of a contact's addresses before they change, for `invite_anew`."""
    mine = ContactEmailRow.contact_id == contact_id
    plain = ContactEmailRow.of(ctx, ContactEmailRow.id, ContactEmailRow.address_key).where(mine)
    found = [Reached(email_id=row.id, address_key=row.address_key, account=None) for row in plain]
    rows: Any = (
        addresses_with_login(
            ctx, AccountRow, ContactEmailRow.id.alias("email_id"), ContactEmailRow.address_key
        )
        .join_from(
            AddressSettingRow,
            AccountRow,
            on=(AccountRow.firm_id == AddressSettingRow.firm_id)
            & (AccountRow.id == AddressSettingRow.account_id),
        )
        .where(
            mine
            & AccountRow.archived.is_null()
            & (ClientRow.id.is_null(False) | PortalInvitationRow.id.is_null(False))
        )
    )
    found += [
        Reached(email_id=row.email_id, address_key=row.address_key, account=account_of_row(row))
        for row in rows.objects()
    ]
    return found


def invite_anew(
    ctx: Context, contact_id: int, before: Sequence[Reached]
) -> Sequence[tuple[PortalInvitation, str]]:
    """Ends what went to addresses that are others by now, and invites those in their place.

    Answers the new invitations, each with the token of its link: the caller sends them.
    """
    emails = ContactEmailRow.of(ctx, ContactEmailRow.id, ContactEmailRow.address_key)
    now = {
        row.id: row.address_key for row in emails.where(ContactEmailRow.contact_id == contact_id)
    }
    gone = {one.address_key for one in before} - set(now.values())
    if not gone:
        return []
    mine = PortalInvitationRow.contact_id == contact_id
    end_invitations(ctx, REPLACED, mine & PortalInvitationRow.address_key.in_(sorted(gone)))
    end_clients(ctx, gone)
    return [
        invite_address(ctx, one.account, one.email_id)
        for one in before
        if one.account is not None
        and one.address_key in gone
        and one.email_id in now
        and not _signs_in(ctx, now[one.email_id])
    ]


def _signs_in(ctx: Context, address_key: str) -> bool:
    """Whether somebody stands behind the address already: another contact may have it, too."""
    return bool(
        ClientRow.of(ctx, ClientRow.id).where(ClientRow.address_key == address_key).exists()
    )
