"""The team: which persons are members of a firm, and with which role and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core.permissions import Role
from crm_core.refusals import NotAllowed, Refused
from crm_core.store.database import FirmScope
from crm_core.store.rows import new_public_id
from crm_core.store.tables import AssignmentRow, MemberRightRow, MemberRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.permissions import Permission
    from crm_core.store.database import Store


@frozen(kw_only=True)
class Viewer:
    """The member who asks. `rights` are the names of the rights that were given one by one."""

    person_id: int
    member_id: int
    name: str
    role: Role
    rights: frozenset[str]


def viewer_of(store: Store, firm: Firm, person_id: int) -> Viewer | None:
    """The active member that this person is in the firm, or None. Within a firm transaction."""
    scope = FirmScope(store, firm)
    row = MemberRow.of(scope).where((MemberRow.person_id == person_id) & MemberRow.active).first()
    if row is None:
        return None
    rights = MemberRightRow.of(scope, MemberRightRow.permission).where(
        MemberRightRow.member_id == row.id
    )
    return Viewer(
        person_id=person_id,
        member_id=row.id,
        name=row.name,
        role=Role(row.role),
        rights=frozenset(right.permission for right in rights),
    )


def owner_of(store: Store, firm: Firm) -> Viewer:
    """The firm's owner, on whose behalf the command line acts. Within a firm transaction."""
    owner = MemberRow.of(FirmScope(store, firm), MemberRow.person_id).where(
        MemberRow.role == Role.OWNER
    )
    viewer = viewer_of(store, firm, owner.get().person_id)
    assert viewer is not None, "the database holds that a firm has an owner"
    return viewer


def add_member(ctx: Context, person_id: int, name: str, address: str, role: Role) -> int:
    """Makes a person a member of the firm and answers the member's key; owner and admins may.

    Refuses a second owner, and a person who is in the team already.
    """
    if ctx.viewer.role not in (Role.OWNER, Role.ADMIN):
        raise NotAllowed
    if role is Role.OWNER:
        raise Refused(_("A firm has exactly one owner."))
    if MemberRow.of(ctx, MemberRow.id).where(MemberRow.person_id == person_id).exists():
        raise Refused(_("{name} is in the team already.", name=name))
    return MemberRow.insert_into(
        ctx,
        public_id=new_public_id(),
        person_id=person_id,
        name=name,
        address=address,
        role=role,
        created=ctx.now,
    )


def give_right(ctx: Context, member_id: int, permission: Permission) -> None:
    """Gives a member one right; only the owner may."""
    if ctx.viewer.role is not Role.OWNER:
        raise NotAllowed
    MemberRightRow.adding(
        ctx, member_id=member_id, permission=permission.name
    ).on_conflict_ignore().execute()


def team_of_firm(ctx: Context) -> Mapping[int, str]:
    """The names of the firm's active members by their keys, in the order in which they joined."""
    rows = MemberRow.of(ctx, MemberRow.id, MemberRow.name).where(MemberRow.active)
    return {row.id: row.name for row in rows.order_by(MemberRow.id)}


def team_of_account(ctx: Context, account_id: int) -> Sequence[str]:
    """The names of the members who are assigned to an account, by name."""
    rows = (
        MemberRow.of(ctx, MemberRow.name)
        .join(
            AssignmentRow,
            on=(AssignmentRow.firm_id == MemberRow.firm_id)
            & (AssignmentRow.member_id == MemberRow.id),
        )
        .where((AssignmentRow.account_id == account_id) & MemberRow.active)
        .order_by(MemberRow.name)
    )
    return [row.name for row in rows]


def assign(ctx: Context, account_id: int, member_id: int) -> None:
    """Gives a member access to an account; does nothing where they have it."""
    AssignmentRow.adding(
        ctx, account_id=account_id, member_id=member_id
    ).on_conflict_ignore().execute()
