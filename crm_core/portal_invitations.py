"""Invitations to the portal: an address is asked, and whoever holds the link signs in (POR-1)."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import audit, events
from crm_core.accounts import account_of_row
from crm_core.invitations import VALID
from crm_core.permissions import MANAGE_ACCOUNTS, demand
from crm_core.portal_access import AccessState, access_of_account
from crm_core.refusals import NotFound, Refused
from crm_core.store.database import FirmScope
from crm_core.store.portal_rows import ClientRow, PortalInvitationRow
from crm_core.store.rows import new_public_id
from crm_core.store.tables import AccountRow, AddressSettingRow, ContactEmailRow, ContactRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Scoped, Store

ACCEPTED, WITHDRAWN, REPLACED = "accepted", "withdrawn", "replaced"


@frozen(kw_only=True)
class PortalInvitation:
    """An address of a contact that was asked to sign in to an account; `outcome` is "" until then.

    Outcomes are accepted, withdrawn, and replaced: by another invitation, or since the address was
    changed.
    """

    public_id: str
    account: Account
    contact: str
    address: str
    address_key: str
    created: datetime
    expires: datetime
    ended: datetime | None
    outcome: str


def invite_client(ctx: Context, account: Account, email_id: int) -> tuple[PortalInvitation, str]:
    """Stores an invitation and answers it with the token of its link, which is kept nowhere else.

    An earlier one of the same address on the account ends. Refuses an address without LOGIN, one
    that signs in already, and an archived account. `NotFound` for an address of nobody's there.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    return invite_address(ctx, account, email_id)


def invite_address(ctx: Context, account: Account, email_id: int) -> tuple[PortalInvitation, str]:
    """The same for somebody who changed the address: that asked for its own right."""
    email = ContactEmailRow.of(ctx).where(ContactEmailRow.id == email_id).first()
    access = access_of_account(ctx, account).get(email_id)
    if email is None:
        raise NotFound
    if account.archived is not None:
        raise Refused(_("{name} is archived. Bring it back first.", name=account.name))
    if access is None:
        raise Refused(_("{address} has no LOGIN here. Switch it on first.", address=email.address))
    if access.state is AccessState.ACTIVE:
        raise Refused(_("{address} signs in already.", address=email.address))
    end_invitations(ctx, REPLACED, _of_address(account, email_id))
    token, public_id = secrets.token_urlsafe(32), new_public_id()
    PortalInvitationRow.insert_into(
        ctx,
        public_id=public_id,
        account_id=account.id,
        contact_id=email.contact_id,
        email_id=email_id,
        address=email.address,
        address_key=email.address_key,
        token_hash=_hash(token),
        invited_by=ctx.viewer.member_id,
        created=ctx.now,
        expires=ctx.now + VALID,
    )
    audit.record(
        ctx,
        events.CLIENT_INVITED,
        account_id=account.id,
        contact_id=email.contact_id,
        after={"address": email.address},
    )
    made = _all(ctx).where(PortalInvitationRow.public_id == public_id).objects().get()
    return _invitation(made), token


def withdraw_client_invitation(ctx: Context, account: Account, email_id: int) -> str:
    """Ends the open invitation of an address and answers the address; LOGIN stays as it is."""
    demand(ctx, MANAGE_ACCOUNTS)
    row = (
        PortalInvitationRow.of(ctx)
        .where(_of_address(account, email_id) & PortalInvitationRow.ended.is_null())
        .first()
    )
    if row is None:
        raise NotFound
    end_invitations(ctx, WITHDRAWN, _of_address(account, email_id))
    audit.record(
        ctx,
        events.CLIENT_INVITATION_WITHDRAWN,
        account_id=account.id,
        contact_id=row.contact_id,
        after={"address": row.address},
    )
    return str(row.address)


def invitations_of_account(ctx: Context, account: Account, most: int) -> Sequence[PortalInvitation]:
    """The account's invitations with what became of them, the latest first."""
    rows = _all(ctx).where(PortalInvitationRow.account_id == account.id)
    latest = rows.order_by(PortalInvitationRow.id.desc()).limit(most)
    return [_invitation(row) for row in latest.objects()]


def find_client_invitation(
    store: Store, firm: Firm, token: str, now: datetime
) -> PortalInvitation | None:
    """The invitation that this link's token opens, or None. Within a firm transaction.

    It opens nothing where the address lost LOGIN, was changed, or the account is archived.
    """
    row = (
        _all(FirmScope(store, firm))
        .join_from(
            PortalInvitationRow,
            AddressSettingRow,
            on=(AddressSettingRow.firm_id == PortalInvitationRow.firm_id)
            & (AddressSettingRow.account_id == PortalInvitationRow.account_id)
            & (AddressSettingRow.email_id == PortalInvitationRow.email_id),
        )
        .join_from(
            PortalInvitationRow,
            ContactEmailRow,
            on=(ContactEmailRow.firm_id == PortalInvitationRow.firm_id)
            & (ContactEmailRow.id == PortalInvitationRow.email_id)
            & (ContactEmailRow.address_key == PortalInvitationRow.address_key),
        )
        .where(
            (PortalInvitationRow.token_hash == _hash(token))
            & PortalInvitationRow.ended.is_null()
            & (PortalInvitationRow.expires > now)
            & AddressSettingRow.login
            & AccountRow.archived.is_null()
        )
        .objects()
        .first()
    )
    return None if row is None else _invitation(row)


def accept_client_invitation(ctx: Context, invitation: PortalInvitation, person_id: int) -> None:
    """Makes the person the client behind the address; every open invitation of it ends.

    `ctx` is that of the firm's owner, on whose behalf the invitation was made. Of two who hold the
    link one is first; the other is refused.
    """
    if not end_invitations(ctx, ACCEPTED, PortalInvitationRow.public_id == invitation.public_id):
        raise Refused(_("This invitation was used or withdrawn already."))
    end_invitations(ctx, ACCEPTED, PortalInvitationRow.address_key == invitation.address_key)
    ClientRow.adding(
        ctx,
        person_id=person_id,
        address=invitation.address,
        address_key=invitation.address_key,
        created=ctx.now,
    ).on_conflict(
        conflict_target=[ClientRow.firm_id, ClientRow.address_key],
        update={ClientRow.person_id: person_id, ClientRow.created: ctx.now},
    ).execute()
    audit.record(
        ctx,
        events.CLIENT_JOINED,
        account_id=invitation.account.id,
        after={"address": invitation.address},
    )


def _of_address(account: Account, email_id: int) -> Any:
    return (PortalInvitationRow.account_id == account.id) & (
        PortalInvitationRow.email_id == email_id
    )


def end_invitations(ctx: Context, outcome: str, which: Any) -> int:
    """Ends the open invitations that fit, and answers how many those were."""
    query = PortalInvitationRow.change(ctx, ended=ctx.now, outcome=outcome)
    return int(query.where(which & PortalInvitationRow.ended.is_null()).execute())


def _all(scope: Scoped, *columns: Any) -> Any:
    """Invitations with their account and the name of the contact, to be narrowed."""
    about = (
        PortalInvitationRow.public_id.alias("invitation"),
        PortalInvitationRow.address,
        PortalInvitationRow.address_key,
        PortalInvitationRow.created.alias("invited"),
        PortalInvitationRow.expires,
        PortalInvitationRow.ended,
        PortalInvitationRow.outcome,
        ContactRow.name.alias("contact"),
    )
    return (
        PortalInvitationRow.of(scope, AccountRow, *about, *columns)
        .join(
            AccountRow,
            on=(AccountRow.firm_id == PortalInvitationRow.firm_id)
            & (AccountRow.id == PortalInvitationRow.account_id),
        )
        .join_from(
            PortalInvitationRow,
            ContactRow,
            on=(ContactRow.firm_id == PortalInvitationRow.firm_id)
            & (ContactRow.id == PortalInvitationRow.contact_id),
        )
    )


def _invitation(row: Any) -> PortalInvitation:
    return PortalInvitation(
        public_id=row.invitation,
        account=account_of_row(row),
        contact=row.contact,
        address=row.address,
        address_key=row.address_key,
        created=row.invited,
        expires=row.expires,
        ended=row.ended,
        outcome=row.outcome,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
