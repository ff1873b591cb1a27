"""Access to accounts: who is assigned to which, and requests of those who are not (PER-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import audit, events
from crm_core.permissions import ASSIGN_TEAM, VIEW_ALL_ACCOUNTS, demand, may
from crm_core.refusals import NotFound, Refused
from crm_core.store.rows import new_public_id
from crm_core.store.tables import AccountRow, AssignmentRow, MemberRow
from crm_core.store.team_rows import AccessRequestRow
from crm_core.team import team_of_account, team_of_firm
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from typing import Any

    from crm_core.accounts import Account
    from crm_core.context import Context


@frozen(kw_only=True)
class AccessRequest:
    """A member's wish to see an account, as those who may grant it see it."""

    public_id: str
    member_id: int
    member: str
    account_id: int
    account: str
    created: datetime


def assign_team(ctx: Context, account: Account, member_ids: Collection[int]) -> None:
    """Gives exactly these members access to the account; needs the right to assign the team.

    Members who see all accounts anyway may be assigned too: they then follow the account.
    """
    demand(ctx, ASSIGN_TEAM)
    names = team_of_firm(ctx)
    unknown = set(member_ids) - set(names)
    if unknown:
        raise Refused(_("Somebody of these is no longer in the team."), at="members")
    before = team_of_account(ctx, account.id)
    given, taken = set(member_ids) - set(before), set(before) - set(member_ids)
    if taken:
        AssignmentRow.remove(ctx).where(
            (AssignmentRow.account_id == account.id) & AssignmentRow.member_id.in_(sorted(taken))
        ).execute()
    for member_id in sorted(given):
        assign(ctx, account.id, member_id)
    if given or taken:
        audit.record(
            ctx,
            events.ACCESS_CHANGED,
            account_id=account.id,
            before={"team": sorted(before.values())},
            after={"team": sorted(names[member_id] for member_id in member_ids)},
        )


def assign(ctx: Context, account_id: int, member_id: int) -> None:
    """Gives a member access to an account; does nothing where they have it. Asks for no right."""
    AssignmentRow.adding(
        ctx, account_id=account_id, member_id=member_id
    ).on_conflict_ignore().execute()


def assign_new_accounts(ctx: Context, account_ids: Collection[int]) -> None:
    """Gives access to new accounts: to those who join them all, and to a maker who needs it."""
    joining = MemberRow.of(ctx, MemberRow.id).where(MemberRow.active & MemberRow.joins_new_accounts)
    members = {row.id for row in joining}
    if not may(ctx, VIEW_ALL_ACCOUNTS):
        members.add(ctx.viewer.member_id)
    AssignmentRow.insert_all(
        ctx,
        (AssignmentRow.account_id, AssignmentRow.member_id),
        ((account_id, member_id) for account_id in account_ids for member_id in sorted(members)),
    )


def request_access(ctx: Context, account_public_id: str) -> None:
    """Notes the viewer's wish to see an account.

    It says nothing and refuses nothing, whether there is such an account or not, so nobody learns
    from it what exists.
    """
    row = AccountRow.of(ctx, AccountRow.id).where(AccountRow.public_id == account_public_id).first()
    if row is None or may(ctx, VIEW_ALL_ACCOUNTS) or _assigned(ctx, row.id):
        return
    stored = (
        AccessRequestRow.adding(
            ctx,
            public_id=new_public_id(),
            member_id=ctx.viewer.member_id,
            account_id=row.id,
            created=ctx.now,
        )
        .on_conflict_ignore()
        .returning(AccessRequestRow.id)
        .tuples()
        .execute()
    )
    if list(stored):
        audit.record(ctx, events.ACCESS_REQUESTED, account_id=row.id)


def open_requests(ctx: Context) -> Sequence[AccessRequest]:
    """The requests that wait for an answer, the oldest first; needs the right to assign."""
    demand(ctx, ASSIGN_TEAM)
    return [_request(row) for row in _open(ctx).order_by(AccessRequestRow.id)]


def answer_request(ctx: Context, public_id: str, *, granted: bool) -> AccessRequest:
    """Grants or refuses a request that waits; `NotFound` where it was answered already."""
    demand(ctx, ASSIGN_TEAM)
    row = _open(ctx).where(AccessRequestRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    request = _request(row)
    AccessRequestRow.change(ctx, answered=ctx.now, granted=granted).where(
        AccessRequestRow.public_id == public_id
    ).execute()
    if granted:
        assign(ctx, request.account_id, request.member_id)
    event = events.ACCESS_GRANTED if granted else events.ACCESS_REFUSED
    audit.record(ctx, event, account_id=request.account_id, after={"member": request.member})
    return request


def _assigned(ctx: Context, account_id: int) -> bool:
    mine = (AssignmentRow.account_id == account_id) & (
        AssignmentRow.member_id == ctx.viewer.member_id
    )
    return bool(AssignmentRow.of(ctx, AssignmentRow.account_id).where(mine).exists())


def _open(ctx: Context) -> Any:
    return (
        AccessRequestRow.of(
            ctx,
            AccessRequestRow,
            MemberRow.name.alias("member"),
            AccountRow.name.alias("account"),
        )
        .join(
            MemberRow,
            on=(MemberRow.firm_id == AccessRequestRow.firm_id)
            & (MemberRow.id == AccessRequestRow.member_id),
        )
        .switch(AccessRequestRow)
        .join(
            AccountRow,
            on=(AccountRow.firm_id == AccessRequestRow.firm_id)
            & (AccountRow.id == AccessRequestRow.account_id),
        )
        .where(AccessRequestRow.answered.is_null() & MemberRow.active)
        .objects()
    )


def _request(row: Any) -> AccessRequest:
    return AccessRequest(
        public_id=row.public_id,
        member_id=row.member_id,
        member=row.member,
        account_id=row.account_id,
        account=row.account,
        created=row.created,
    )
