"""Invitations to the team: an address is asked, and whoever holds the link joins once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import audit, events
from crm_core.addresses import address_key, clean_address
from crm_core.membership import store_member
from crm_core.permissions import CHANGE_ROLES, MANAGE_TEAM, Role, demand
from crm_core.refusals import NotFound, Refused
from crm_core.store.database import FirmScope
from crm_core.store.rows import new_public_id
from crm_core.store.tables import MemberRow
from crm_core.store.team_rows import InvitationRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Store

VALID = timedelta(days=30)
"""How long an invitation's link works (POR-1 says the same of clients')."""


@frozen(kw_only=True)
class Invitation:
    """Somebody who was asked to join the team and has not yet."""

    public_id: str
    address: str
    name: str
    role: Role
    created: datetime
    expires: datetime


def invite_member(ctx: Context, address: str, name: str, role: Role) -> tuple[Invitation, str]:
    """Stores an invitation and answers it with the token of its link, which is kept nowhere else.

    An earlier invitation of the same address ends. Refuses an address that is in the team.
    """
    demand(ctx, MANAGE_TEAM if role is Role.EMPLOYEE else CHANGE_ROLES)
    if role is Role.OWNER:
        raise Refused(_("A firm has exactly one owner."), at="role")
    clean = clean_address(address)
    if _in_team(ctx, clean):
        raise Refused(_("{address} is in the team already.", address=clean), at="address")
    _end(ctx, InvitationRow.address_key == address_key(clean))
    token, public_id = secrets.token_urlsafe(32), new_public_id()
    InvitationRow.insert_into(
        ctx,
        public_id=public_id,
        address=clean,
        address_key=address_key(clean),
        name=name.strip(),
        role=role,
        token_hash=_hash(token),
        invited_by=ctx.viewer.member_id,
        created=ctx.now,
        expires=ctx.now + VALID,
    )
    audit.record(ctx, events.MEMBER_INVITED, after={"address": clean, "role": role})
    return invitation_of(ctx, public_id), token


def open_invitations(ctx: Context) -> Sequence[Invitation]:
    """The invitations that were not accepted yet, expired ones too, the latest first."""
    demand(ctx, MANAGE_TEAM)
    rows = InvitationRow.of(ctx).where(InvitationRow.ended.is_null())
    return [_invitation(row) for row in rows.order_by(InvitationRow.id.desc())]


def invitation_of(ctx: Context, public_id: str) -> Invitation:
    """The open invitation with this public id, or `NotFound`."""
    demand(ctx, MANAGE_TEAM)
    row = (
        InvitationRow.of(ctx)
        .where((InvitationRow.public_id == public_id) & InvitationRow.ended.is_null())
        .first()
    )
    if row is None:
        raise NotFound
    return _invitation(row)


def withdraw_invitation(ctx: Context, public_id: str) -> Invitation:
    """Ends an invitation: its link is worth nothing from now on."""
    invitation = invitation_of(ctx, public_id)
    _end(ctx, InvitationRow.public_id == public_id)
    audit.record(ctx, events.INVITATION_WITHDRAWN, after={"address": invitation.address})
    return invitation


def find_invitation(store: Store, firm: Firm, token: str, now: datetime) -> Invitation | None:
    """The invitation that this link's token opens, or None. Within a firm transaction."""
    row = (
        InvitationRow.of(FirmScope(store, firm))
        .where(
            (InvitationRow.token_hash == _hash(token))
            & InvitationRow.ended.is_null()
            & (InvitationRow.expires > now)
        )
        .first()
    )
    return None if row is None else _invitation(row)


def accept_invitation(ctx: Context, invitation: Invitation, person_id: int, name: str) -> int:
    """Makes the person a member with the invitation's role and ends it; answers the member's key.

    `ctx` is that of the firm's owner, on whose behalf the invitation was made.
    """
    ended = _end(ctx, InvitationRow.public_id == invitation.public_id)
    if not ended:
        raise Refused(_("This invitation was used or withdrawn already."))
    return store_member(ctx, person_id, name.strip(), invitation.address, invitation.role)


def _in_team(ctx: Context, address: str) -> bool:
    members = MemberRow.of(ctx, MemberRow.address).where(MemberRow.active)
    return address_key(address) in {address_key(row.address) for row in members}


def _end(ctx: Context, which: Any) -> int:
    query = InvitationRow.change(ctx, ended=ctx.now).where(which & InvitationRow.ended.is_null())
    return int(query.execute())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _invitation(row: Any) -> Invitation:
    return Invitation(
        public_id=row.public_id,
        address=row.address,
        name=row.name,
        role=Role(row.role),
        created=row.created,
        expires=row.expires,
    )
