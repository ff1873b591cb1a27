"""Life-like sign-ins for the demonstration firm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core.portal_access import access_of_account
from plugins.login_activity import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from crm_core import Context, DemoAccount

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/131.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Chrome/129.0 Safari/537.36",
)


def make_sign_ins(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Sign-ins of the last months to those accounts on which an address has LOGIN."""
    store.add_sign_ins(ctx, _rows(ctx, accounts, random))


def _rows(
    ctx: Context, accounts: Sequence[DemoAccount], random: Random
) -> Iterator[tuple[object, ...]]:
    for one in accounts:
        for access in access_of_account(ctx, one.account).values():
            for _time in range(random.randint(0, 4)):
                at = ctx.now - timedelta(days=random.uniform(0, 90))
                remote = f"203.0.113.{random.randint(1, 250)}"
                name, address = one.account.name, access.address
                if at > one.account.created:
                    yield (one.account.id, name, address, at, remote, random.choice(BROWSERS))
