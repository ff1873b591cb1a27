"""Changes of the team: who joins, with which role and rights, and who leaves.

The owner alone changes roles; owner and admins do the rest. Every change is in the history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import audit, events
from crm_core.permissions import CHANGE_ROLES, MANAGE_TEAM, Role, demand
from crm_core.refusals import NotAllowed, Refused, Stale
from crm_core.store.rows import new_public_id
from crm_core.store.tables import FirmRecord, MemberRightRow, MemberRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from crm_core.context import Context
    from crm_core.team import Member


@frozen(kw_only=True)
class MemberChange:
    """A member's details as somebody wants them; `version` is that of the member they opened."""

    name: str
    role: Role
    rights: frozenset[str]
    joins_new_accounts: bool
    version: int


def add_member(ctx: Context, person_id: int, name: str, address: str, role: Role) -> int:
    """Makes a person a member of the firm and answers the member's key.

    Refuses a second owner, and a person who is in the team already.
    """
    demand(ctx, MANAGE_TEAM if role is Role.EMPLOYEE else CHANGE_ROLES)
    return store_member(ctx, person_id, name, address, role)


def store_member(ctx: Context, person_id: int, name: str, address: str, role: Role) -> int:
    """Stores the member without asking for a right: for somebody who accepts an invitation."""
    if role is Role.OWNER:
        raise Refused(_("A firm has exactly one owner."))
    if MemberRow.of(ctx, MemberRow.id).where(MemberRow.person_id == person_id).exists():
        raise Refused(_("{name} is in the team already.", name=name))
    member_id = MemberRow.insert_into(
        ctx,
        public_id=new_public_id(),
        person_id=person_id,
        name=name,
        address=address,
        role=role,
        created=ctx.now,
    )
    audit.record(
        ctx, events.MEMBER_JOINED, after={"member": name, "address": address, "role": role}
    )
    return member_id


def change_member(ctx: Context, member: Member, change: MemberChange) -> None:
    """Saves a member's name, role, rights and default access; `Stale` where somebody was first.

    Refuses a change of role by anybody but the owner, the owner's own role, and rights that the
    firm's modules do not have. An admin has every right: theirs are not kept one by one.
    """
    demand(ctx, MANAGE_TEAM)
    _demand_rank(ctx, member)
    if change.role is not member.role:
        demand(ctx, CHANGE_ROLES)
        if Role.OWNER in (change.role, member.role):
            raise Refused(_("The owner changes by handing the firm over."), at="role")
    if not change.name.strip():
        raise Refused(_("A colleague needs a name."), at="name")
    rights = change.rights if change.role is Role.EMPLOYEE else frozenset()
    _refuse_unknown_rights(ctx, rights - member.rights)
    changed = (
        MemberRow.change(
            ctx,
            name=change.name.strip(),
            role=change.role,
            joins_new_accounts=change.joins_new_accounts,
            version=MemberRow.version + 1,
        )
        .where((MemberRow.id == member.id) & (MemberRow.version == change.version))
        .execute()
    )
    if not changed:
        raise Stale(_told(member), member.version)
    _save_rights(ctx, member, rights)
    _record_change(ctx, member, change, rights)


def set_rights(ctx: Context, member: Member, rights: Collection[str]) -> None:
    """Gives an employee exactly these rights."""
    change = MemberChange(
        name=member.name,
        role=member.role,
        rights=frozenset(rights),
        joins_new_accounts=member.joins_new_accounts,
        version=member.version,
    )
    change_member(ctx, member, change)


def deactivate(ctx: Context, member: Member) -> None:
    """Takes a member out of the team at once; what they did and wrote stays."""
    _set_active(ctx, member, active=False)


def reactivate(ctx: Context, member: Member) -> None:
    """Lets a former member in again, with the role and rights that they had."""
    _set_active(ctx, member, active=True)


def hand_over(ctx: Context, member: Member) -> None:
    """Makes this member the firm's owner, and the owner an admin. Only the owner may."""
    demand(ctx, CHANGE_ROLES)
    if member.role is Role.OWNER:
        raise Refused(_("{name} is the owner already.", name=member.name))
    if not member.active:
        raise Refused(_("{name} is no longer in the team.", name=member.name))
    # The index that allows one owner is checked at once: the old one steps down first.
    for member_id, role in ((ctx.viewer.member_id, Role.ADMIN), (member.id, Role.OWNER)):
        MemberRow.change(ctx, role=role, version=MemberRow.version + 1).where(
            MemberRow.id == member_id
        ).execute()
    FirmRecord.change(ctx.store, owner_member_id=member.id).where(
        FirmRecord.id == ctx.firm.id
    ).execute()
    MemberRightRow.remove(ctx).where(MemberRightRow.member_id == member.id).execute()
    audit.record(
        ctx,
        events.OWNERSHIP_HANDED_OVER,
        before={"owner": ctx.viewer.name},
        after={"owner": member.name},
    )


def _set_active(ctx: Context, member: Member, *, active: bool) -> None:
    demand(ctx, MANAGE_TEAM)
    _demand_rank(ctx, member)
    if member.role is Role.OWNER:
        raise Refused(_("The owner stays: hand the firm over first."))
    if member.id == ctx.viewer.member_id:
        raise Refused(_("You cannot do this to yourself; ask the owner."))
    if member.active is active:
        return
    MemberRow.change(ctx, active=active, version=MemberRow.version + 1).where(
        MemberRow.id == member.id
    ).execute()
    event = events.MEMBER_REACTIVATED if active else events.MEMBER_DEACTIVATED
    audit.record(ctx, event, after={"member": member.name})


def _demand_rank(ctx: Context, member: Member) -> None:
    """An admin manages employees, and their own details; the owner everybody."""
    own = member.id == ctx.viewer.member_id
    if ctx.viewer.role is not Role.OWNER and member.role is not Role.EMPLOYEE and not own:
        raise NotAllowed(_("Only the owner may change the owner and the admins."))


def _refuse_unknown_rights(ctx: Context, names: Collection[str]) -> None:
    can_be_given = {right.name for right in ctx.modules.permissions if right.can_be_given}
    unknown = sorted(set(names) - can_be_given)
    if unknown:
        raise Refused(_("There is no right {name}.", name=unknown[0]), at="rights")


def _save_rights(ctx: Context, member: Member, rights: frozenset[str]) -> None:
    taken, given = member.rights - rights, rights - member.rights
    if taken:
        MemberRightRow.remove(ctx).where(
            (MemberRightRow.member_id == member.id) & MemberRightRow.permission.in_(sorted(taken))
        ).execute()
    MemberRightRow.insert_all(
        ctx,
        (MemberRightRow.member_id, MemberRightRow.permission),
        ((member.id, name) for name in sorted(given)),
    )


def _told(member: Member) -> Mapping[str, Any]:
    return {
        "name": member.name,
        "role": member.role,
        "rights": sorted(member.rights),
        "joins_new_accounts": member.joins_new_accounts,
    }


def _record_change(
    ctx: Context, member: Member, change: MemberChange, rights: frozenset[str]
) -> None:
    facts = (
        (events.ROLE_CHANGED, "role", member.role, change.role),
        (events.RIGHTS_CHANGED, "rights", sorted(member.rights), sorted(rights)),
        (events.MEMBER_CHANGED, "name", member.name, change.name.strip()),
        (
            events.MEMBER_CHANGED,
            "joins_new_accounts",
            member.joins_new_accounts,
            change.joins_new_accounts,
        ),
    )
    for event, field, before, after in facts:
        if before != after:
            told = {"member": member.name}
            audit.record(ctx, event, before={**told, field: before}, after={**told, field: after})
