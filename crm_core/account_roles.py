"""Roles on accounts: names that the firm defines, each held by one of an account's team (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from attrs import frozen

from crm_core import audit, events
from crm_core.folding import folded
from crm_core.permissions import ASSIGN_TEAM, MANAGE_FIRM, demand
from crm_core.refusals import NotFound, Refused, Stale
from crm_core.store.doubles import refusing_doubles
from crm_core.store.role_rows import AccountRoleRow, RoleHolderRow
from crm_core.store.rows import new_public_id
from crm_core.store.statements import compiled
from crm_core.team import team_of_account
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.store.database import Scoped

LONGEST_NAME = 50
"""Characters of a role's name."""

MOST_ROLES = 50
"""Roles that a firm may define."""


@frozen(kw_only=True)
class AccountRole:
    """A role on accounts, such as preparer or reviewer."""

    id: int
    public_id: str
    name: str
    version: int


def list_account_roles(ctx: Context) -> Sequence[AccountRole]:
    """The firm's roles in the order in which they were made."""
    return [_role(row) for row in AccountRoleRow.of(ctx).order_by(AccountRoleRow.id)]


def account_role_of(ctx: Context, public_id: str) -> AccountRole:
    """The role with this public id."""
    row = AccountRoleRow.of(ctx).where(AccountRoleRow.public_id == public_id).first()
    if row is None:
        raise NotFound
    return _role(row)


def add_account_role(ctx: Context, name: str) -> AccountRole:
    """Defines a role; refuses a name that another one has, however it is spelled."""
    demand(ctx, MANAGE_FIRM)
    if len(list_account_roles(ctx)) >= MOST_ROLES:
        raise Refused(_("A firm has at most {count} roles.", count=MOST_ROLES), at="name")
    public_id = new_public_id()
    _save(ctx, name, lambda values: AccountRoleRow.insert_into(ctx, public_id=public_id, **values))
    audit.record(ctx, events.ACCOUNT_ROLE_ADDED, after={"role": name.strip()})
    return account_role_of(ctx, public_id)


def rename_account_role(ctx: Context, role: AccountRole, name: str, version: int) -> None:
    """Renames a role on every account at once; `Stale` where somebody was first."""
    demand(ctx, MANAGE_FIRM)
    mine = (AccountRoleRow.id == role.id) & (AccountRoleRow.version == version)

    def change(values: dict[str, str]) -> Any:
        query = AccountRoleRow.change(ctx, version=AccountRoleRow.version + 1, **values)
        return query.where(mine).execute()

    if not _save(ctx, name, change):
        raise Stale({"name": role.name}, role.version)
    audit.record(
        ctx, events.ACCOUNT_ROLE_CHANGED, before={"role": role.name}, after={"role": name.strip()}
    )


def remove_account_role(ctx: Context, role: AccountRole) -> None:
    """Removes a role; whoever held it stays in the team of the account."""
    demand(ctx, MANAGE_FIRM)
    AccountRoleRow.remove(ctx).where(AccountRoleRow.id == role.id).execute()
    audit.record(ctx, events.ACCOUNT_ROLE_REMOVED, before={"role": role.name})


def role_holders(ctx: Context, account: Account) -> Mapping[int, int]:
    """Who has which role on an account: members by roles, both by their keys."""
    rows = RoleHolderRow.of(ctx).where(RoleHolderRow.account_id == account.id)
    return {row.role_id: row.member_id for row in rows}


def team_with_roles(ctx: Context, account: Account) -> Sequence[tuple[str, Sequence[str]]]:
    """The names of the account's team, each with those of their roles on it; two queries."""
    roles: dict[int, list[str]] = {}
    for row in _roles_held(ctx, account.id):
        roles.setdefault(row.member_id, []).append(row.name)
    team = team_of_account(ctx, account.id)
    return [(name, roles.get(member_id, ())) for member_id, name in team.items()]


@compiled
def _roles_held(asked: Scoped, account_id: Any) -> Any:
    return (
        RoleHolderRow.of(asked, RoleHolderRow.member_id, AccountRoleRow.name)
        .join(
            AccountRoleRow,
            on=(AccountRoleRow.firm_id == RoleHolderRow.firm_id)
            & (AccountRoleRow.id == RoleHolderRow.role_id),
        )
        .where(RoleHolderRow.account_id == account_id)
        .order_by(AccountRoleRow.id)
        .objects()
    )


def team_version(ctx: Context, account: Account) -> int:
    """A number that another team, or other roles in it, change: for a form, beside what it says.

    However they came to be: saved here, given on request, or taken with a colleague.
    """
    team = sorted(team_of_account(ctx, account.id))
    holders = sorted(role_holders(ctx, account).items())
    return crc32(repr((team, holders)).encode()) + 1


def set_role_holders(ctx: Context, account: Account, wanted: Mapping[int, int]) -> None:
    """Gives the roles of an account to exactly these; refuses one who is not in its team."""
    demand(ctx, ASSIGN_TEAM)
    names = {role.id: role.name for role in list_account_roles(ctx)}
    team = team_of_account(ctx, account.id)
    if not set(wanted) <= set(names) or not set(wanted.values()) <= set(team):
        raise Refused(_("Only somebody in the team of this client can have a role on it."))
    before = role_holders(ctx, account)
    if dict(before) == dict(wanted):
        return
    RoleHolderRow.remove(ctx).where(RoleHolderRow.account_id == account.id).execute()
    RoleHolderRow.insert_all(
        ctx,
        (RoleHolderRow.account_id, RoleHolderRow.role_id, RoleHolderRow.member_id),
        ((account.id, role_id, member_id) for role_id, member_id in wanted.items()),
    )
    audit.record(
        ctx,
        events.ROLE_HOLDERS_CHANGED,
        account_id=account.id,
        before=_told(before, names, team),
        after=_told(wanted, names, team),
    )


def _told(
    holders: Mapping[int, int], names: Mapping[int, str], team: Mapping[int, str]
) -> dict[str, list[str]]:
    return {"roles": [f"{names[r]}: {team.get(m, m)}" for r, m in holders.items() if r in names]}


def _save(ctx: Context, name: str, save: Any) -> Any:
    name = name.strip()
    if not name:
        raise Refused(_("A role needs a name."), at="name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("At most {longest} characters.", longest=LONGEST_NAME), at="name")
    with refusing_doubles(ctx, lambda: _taken(name)):
        return save({"name": name, "name_key": folded(name) or name})


def _taken(name: str) -> Refused:
    return Refused(_("There is a role {name} already.", name=name), at="name")


def _role(row: Any) -> AccountRole:
    return AccountRole(id=row.id, public_id=row.public_id, name=row.name, version=row.version)
