"""Who comes into a firm's pages and into its portal, and whom signing in failed (2.10).

Coming in is a fact of the firm, told to its modules once for each session: a firm learns of nobody
what they do elsewhere. A failed attempt belongs to no firm; each reads those that concern the
addresses of its own clients.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import bus
from crm_core.addresses import address_key
from crm_core.clients import accounts_with_addresses
from crm_core.events import CLIENT_CAME_IN, MEMBER_CAME_IN
from crm_core.permissions import Role
from crm_core.store.portal_rows import ClientRow
from crm_core.store.sign_in_rows import FailedSignInRow
from crm_core.store.tables import AddressSettingRow, ContactEmailRow
from crm_core.work import Happened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_core.accounts import Account
    from crm_core.context import Context, Origin
    from crm_core.store.database import Store

ARE_KEPT = timedelta(days=365)
"""For how long a failed attempt can be seen."""


@frozen(kw_only=True)
class FailedSignIn:
    """An attempt that failed: for which address of the account's contacts, and how it ended."""

    address: str
    at: datetime
    remote: str
    browser: str
    result: str


def tell_of_coming_in(ctx: Context) -> None:
    """Tells the firm's modules that the viewer has come in: a member, or a client with accounts.

    `after["accounts"]` says for a client to which accounts, and with which address to each.
    """
    if ctx.viewer.role is not Role.CLIENT:
        happened = Happened(event=MEMBER_CAME_IN.name, member_id=ctx.viewer.member_id)
        bus.tell(ctx, MEMBER_CAME_IN, happened)
        return
    accounts = [[key, address] for key, address in accounts_with_addresses(ctx)]
    bus.tell(
        ctx,
        CLIENT_CAME_IN,
        Happened(event=CLIENT_CAME_IN.name, after={"accounts": accounts}),
    )


def note_failure(
    store: Store, person_id: int | None, address: str, result: str, origin: Origin, now: datetime
) -> None:
    """Keeps an attempt that failed. Opens its own transaction; as long for whoever it was."""
    with store.deployment_transaction(write=True):
        FailedSignInRow.remove(store).where(FailedSignInRow.at < now - ARE_KEPT).execute()
        FailedSignInRow.insert_into(
            store,
            address_hash=_hash(address_key(address)),
            person_id=person_id,
            at=now,
            remote=origin.address[:50],
            browser=origin.browser[:200],
            result=result,
        )


def failures_of_account(ctx: Context, account: Account, most: int) -> Sequence[FailedSignIn]:
    """The failed attempts with addresses that have LOGIN on the account, the latest first.

    Those of the persons behind these addresses are among them, whatever address they typed.
    """
    rows = (
        ContactEmailRow.of(ctx, ContactEmailRow.address, ContactEmailRow.address_key)
        .join(
            AddressSettingRow,
            on=(AddressSettingRow.firm_id == ContactEmailRow.firm_id)
            & (AddressSettingRow.email_id == ContactEmailRow.id),
        )
        .where((AddressSettingRow.account_id == account.id) & AddressSettingRow.login)
    )
    addresses = {row.address_key: row.address for row in rows}
    clients = ClientRow.of(ctx).where(ClientRow.address_key.in_(list(addresses)))
    people = {row.person_id: addresses[row.address_key] for row in clients}
    hashes = {_hash(key): address for key, address in addresses.items()}
    concern: Any = FailedSignInRow.address_hash.in_(list(hashes)) | FailedSignInRow.person_id.in_(
        list(people)
    )
    found = FailedSignInRow.of(ctx.store).where(concern).order_by(FailedSignInRow.at.desc())
    return [
        FailedSignIn(
            address=hashes.get(row.address_hash) or people[row.person_id],
            at=row.at,
            remote=row.remote,
            browser=row.browser,
            result=row.result,
        )
        for row in found.limit(most)
    ]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
