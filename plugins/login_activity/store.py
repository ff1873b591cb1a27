"""Reading and writing the table of sign-ins; rows stay here, values go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from crm_core import Keys
from crm_core.portal_access import addresses_signing_in
from crm_core.store import ContactEmailRow, compiled
from plugins.login_activity.rows import SignInRow
from plugins.login_activity.values import Attempt, LastSignIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from crm_core import Context
    from crm_core.store import Scoped

COLUMNS = (
    SignInRow.account_id,
    SignInRow.name,
    SignInRow.address,
    SignInRow.at,
    SignInRow.remote,
    SignInRow.browser,
)


NEVER = 0
"""Before every moment."""


def add_clients_sign_ins(ctx: Context, accounts: Iterable[tuple[int, str]]) -> None:
    """Notes that the client who asks came in to these accounts, each with an address."""
    origin = ctx.origin
    SignInRow.insert_all(
        ctx,
        COLUMNS,
        (
            (key, ctx.viewer.name, address, ctx.now, origin.address[:50], origin.browser[:200])
            for key, address in accounts
        ),
    )


def add_members_sign_in(ctx: Context) -> None:
    """Notes that the member who asks came in to the firm's pages."""
    SignInRow.insert_into(
        ctx,
        member_id=ctx.viewer.member_id,
        name=ctx.viewer.name,
        at=ctx.now,
        remote=ctx.origin.address[:50],
        browser=ctx.origin.browser[:200],
    )


def add_sign_ins(ctx: Context, rows: Iterable[tuple[Any, ...]]) -> None:
    """Stores sign-ins of clients as they are: tuples of the values of `COLUMNS`."""
    SignInRow.insert_all(ctx, COLUMNS, rows)


def last_by_address(ctx: Context, account_id: int, most: int) -> Sequence[LastSignIn]:
    """The account's addresses that have LOGIN, those that came in latest first. One query."""
    return [
        LastSignIn(
            address=row.address,
            at=SignInRow.at.python_value(row.last) if row.last != NEVER else None,
            pending=bool(row.pending),
        )
        for row in _last_by_address(ctx, account_id, most)
    ]


@compiled
def _last_by_address(asked: Scoped, account_id: Any, most: Any) -> Any:
    came_in = SignInRow.of(asked, fn.MAX(SignInRow.at)).where(
        (SignInRow.account_id == account_id) & (SignInRow.address == ContactEmailRow.address)
    )
    last: Any = fn.COALESCE(came_in, NEVER).alias("last")
    rows = addresses_signing_in(asked, account_id, last)
    return rows.order_by(last.desc(), ContactEmailRow.address, ContactEmailRow.id).limit(most)


def last_of_accounts(ctx: Context, account_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When somebody last came in to each of these accounts. One query."""
    rows = SignInRow.of(ctx, SignInRow.account_id, _last()).where(
        SignInRow.account_id.in_(account_ids)
    )
    return {row.account_id: row.last for row in rows.group_by(SignInRow.account_id)}


def accounts_never_visited(ctx: Context) -> Keys:
    """The accounts to which nobody ever came in."""
    visited = SignInRow.of(ctx, SignInRow.account_id).where(SignInRow.account_id.is_null(False))
    return Keys(query=visited, others=True)


def sign_ins_of_account(ctx: Context, account_id: int, most: int) -> Sequence[Attempt]:
    """The latest sign-ins to the account."""
    rows = SignInRow.of(ctx).where(SignInRow.account_id == account_id)
    latest = rows.order_by(SignInRow.at.desc(), SignInRow.id.desc()).limit(most)
    return [_attempt(row) for row in latest]


def sign_ins_of_team(ctx: Context, most: int) -> Sequence[Attempt]:
    """The latest sign-ins of the firm's members."""
    rows = SignInRow.of(ctx).where(SignInRow.member_id.is_null(False))
    latest = rows.order_by(SignInRow.at.desc(), SignInRow.id.desc()).limit(most)
    return [_attempt(row) for row in latest]


def _last() -> Any:
    return fn.MAX(SignInRow.at).converter(SignInRow.at.python_value).alias("last")


def _attempt(row: Any) -> Attempt:
    return Attempt(
        name=row.name, address=row.address, at=row.at, remote=row.remote, browser=row.browser
    )
