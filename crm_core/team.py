"""The team: which persons are members of a firm, and with which role and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.permissions import MANAGE_TEAM, VIEW_ALL_ACCOUNTS, Role, demand
from crm_core.refusals import NotFound
from crm_core.store.database import FirmScope
from crm_core.store.statements import compiled
from crm_core.store.tables import AssignmentRow, MemberRightRow, MemberRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from crm_core.context import Context
    from crm_core.firms import Firm
    from crm_core.store.database import Scoped, Store


@frozen(kw_only=True)
class Viewer:
    """Who asks. `rights` are the names of the rights that a member was given one by one.

    A client is no member: `member_id` is 0, which no member has. Whoever acts by a link of a mail
    has no person; `email_id` is then the address that the mail went to, or as which staff look.
    """

    person_id: int
    member_id: int
    name: str
    role: Role
    rights: frozenset[str]
    email_id: int = 0


@frozen(kw_only=True)
class Member:
    """A member of the team, as owner and admins see them.

    With `joins_new_accounts` they get access to each account from the moment it is made.
    """

    id: int
    public_id: str
    person_id: int
    name: str
    address: str
    role: Role
    active: bool
    joins_new_accounts: bool
    rights: frozenset[str]
    created: datetime
    version: int


def viewer_of(store: Store, firm: Firm, person_id: int) -> Viewer | None:
    """The active member that this person is in the firm, or None; two queries at most."""
    scope = FirmScope(store, firm)
    row = next(iter(_active_member(scope, person_id)), None)
    if row is None:
        return None
    role = Role(row.role)
    rights = _rights_of(scope, [row.id])[row.id] if role is Role.EMPLOYEE else frozenset()
    return Viewer(person_id=person_id, member_id=row.id, name=row.name, role=role, rights=rights)


def viewer_with_id(ctx: Context, member_id: int) -> Viewer | None:
    """The active member with this key as who asks, or None."""
    row = MemberRow.of(ctx, MemberRow.person_id).where(MemberRow.id == member_id).first()
    return None if row is None else viewer_of(ctx.store, ctx.firm, row.person_id)


@compiled
def _active_member(asked: Scoped, person_id: Any) -> Any:
    return MemberRow.of(asked, MemberRow.id, MemberRow.name, MemberRow.role).where(
        (MemberRow.person_id == person_id) & MemberRow.active
    )


def owner_of(store: Store, firm: Firm) -> Viewer:
    """The firm's owner, on whose behalf the command line acts. Within a firm transaction."""
    owner = MemberRow.of(FirmScope(store, firm), MemberRow.person_id).where(
        MemberRow.role == Role.OWNER
    )
    viewer = viewer_of(store, firm, owner.get().person_id)
    assert viewer is not None, "the database holds that a firm has an owner"
    return viewer


def list_members(ctx: Context) -> Sequence[Member]:
    """The whole team with its rights, former members last; owner and admins may see it."""
    demand(ctx, MANAGE_TEAM)
    rows = list(MemberRow.of(ctx).order_by(MemberRow.active.desc(), MemberRow.name, MemberRow.id))
    rights = _rights_of(ctx, [row.id for row in rows])
    return [_member(row, rights[row.id]) for row in rows]


def member_of(ctx: Context, public_id: str) -> Member:
    """The member with this public id, active or not; owner and admins may see them."""
    demand(ctx, MANAGE_TEAM)
    row = MemberRow.of(ctx).where(MemberRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return _member(row, _rights_of(ctx, [row.id])[row.id])


def team_of_firm(ctx: Context) -> Mapping[int, str]:
    """The names of the firm's active members by their keys, in the order in which they joined."""
    rows = MemberRow.of(ctx, MemberRow.id, MemberRow.name).where(MemberRow.active)
    return {row.id: row.name for row in rows.order_by(MemberRow.id)}


def admins_of_firm(ctx: Context) -> Collection[int]:
    """The keys of the active members who run the firm: its owner and admins."""
    rows = MemberRow.of(ctx, MemberRow.id).where(MemberRow.active)
    found = rows.where(MemberRow.role.in_([Role.OWNER, Role.ADMIN])).tuples()
    return {member_id for (member_id,) in found}


def team_of_account(ctx: Context, account_id: int) -> Mapping[int, str]:
    """The names of the active members who are assigned to an account by their keys, by name."""
    return teams_of_accounts(ctx, [account_id])[account_id]


def colleagues_who_see(ctx: Context, account_id: int | None) -> Mapping[int, str]:
    """The names of the active members who may see an account by their keys, by name (R4).

    Without an account it is the whole team.
    """
    query = MemberRow.of(ctx, MemberRow.id, MemberRow.name).where(MemberRow.active)
    if account_id is not None:
        assigned = AssignmentRow.of(ctx, AssignmentRow.member_id).where(
            AssignmentRow.account_id == account_id
        )
        given = MemberRightRow.of(ctx, MemberRightRow.member_id).where(
            MemberRightRow.permission == VIEW_ALL_ACCOUNTS.name
        )
        sees_all = MemberRow.role.in_([Role.OWNER, Role.ADMIN]) | MemberRow.id.in_(given)
        query = query.where(sees_all | MemberRow.id.in_(assigned))
    return {row.id: row.name for row in query.order_by(MemberRow.name, MemberRow.id)}


def teams_of_accounts(
    ctx: Context, account_ids: Collection[int]
) -> Mapping[int, Mapping[int, str]]:
    """The same for many accounts at once, with one query."""
    found: dict[int, dict[int, str]] = {account_id: {} for account_id in account_ids}
    for row in _teams(ctx, list(account_ids)):
        found[row.account_id][row.id] = row.name
    return found


@compiled
def _teams(asked: Scoped, account_ids: Any) -> Any:
    return (
        MemberRow.of(asked, MemberRow.id, MemberRow.name, AssignmentRow.account_id)
        .join(
            AssignmentRow,
            on=(AssignmentRow.firm_id == MemberRow.firm_id)
            & (AssignmentRow.member_id == MemberRow.id),
        )
        .where(AssignmentRow.account_id.in_(account_ids) & MemberRow.active)
        .order_by(MemberRow.name, MemberRow.id)
    )


@compiled
def _rights(asked: Scoped, member_ids: Any) -> Any:
    return MemberRightRow.of(asked, MemberRightRow.member_id, MemberRightRow.permission).where(
        MemberRightRow.member_id.in_(member_ids)
    )


def _rights_of(scope: Scoped, member_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {member_id: set() for member_id in member_ids}
    for row in _rights(scope, member_ids):
        found[row.member_id].add(row.permission)
    return {member_id: frozenset(names) for member_id, names in found.items()}


def _member(row: Any, rights: frozenset[str]) -> Member:
    return Member(
        id=row.id,
        public_id=row.public_id,
        person_id=row.person_id,
        name=row.name,
        address=row.address,
        role=Role(row.role),
        active=row.active,
        joins_new_accounts=row.joins_new_accounts,
        rights=rights,
        created=row.created,
        version=row.version,
    )
