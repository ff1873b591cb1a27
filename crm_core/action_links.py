"""Links in mails that do one thing without signing in (POR-7): approve, answer, download, pay.

A link belongs to an address of an account's contact, to one page of the portal, and to what stands
in that page's path. The page opens for it alone, as if the contact had signed in; it may be used
once, a number of times, or until it expires. What takes the address from the account ends it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import audit, events
from crm_core.accounts import account_of_row
from crm_core.permissions import Role
from crm_core.refusals import NotFound, Refused
from crm_core.store.portal_rows import ActionLinkRow
from crm_core.store.tables import (
    AccountRow,
    AddressSettingRow,
    ContactEmailRow,
    ContactRow,
    LinkRow,
)
from crm_core.team import Viewer
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crm_core.accounts import Account
    from crm_core.context import Context, To
    from crm_core.store.database import Scoped

LASTS = timedelta(days=14)


@frozen(kw_only=True)
class ActionLink:
    """A link that works: which page it opens, for whom, and on which account."""

    id: int
    route: str
    parameters: Mapping[str, str]
    account: Account
    viewer: Viewer
    address: str


def make_action_link(
    ctx: Context,
    account: Account,
    email_id: int,
    to: To,
    *,
    lasts: timedelta = LASTS,
    uses: int | None = 1,
) -> str:
    """Stores a link for an address of the account and answers its token, kept nowhere else.

    `to` is a page of the portal that says `by_link`, with what stands in its path but the account.
    `uses` None: as often as wanted; otherwise an older link of the address to the same place ends.
    """
    email = (
        ContactEmailRow.of(ctx)
        .join(LinkRow, on=_link_of_email())
        .where((ContactEmailRow.id == email_id) & (LinkRow.account_id == account.id))
        .first()
    )
    if email is None:
        raise NotFound
    text = json.dumps(dict(to.parameters), sort_keys=True)
    if uses is not None:
        same = (ActionLinkRow.email_id == email_id) & (ActionLinkRow.parameters == text)
        here = (ActionLinkRow.account_id == account.id) & (ActionLinkRow.route == to.route)
        _end(ctx, same & here)
    token = secrets.token_urlsafe(32)
    ActionLinkRow.insert_into(
        ctx,
        account_id=account.id,
        contact_id=email.contact_id,
        email_id=email_id,
        address_key=email.address_key,
        route=to.route,
        parameters=text,
        token_hash=_hash(token),
        created=ctx.now,
        expires=ctx.now + lasts,
        uses_left=uses,
    )
    return token


def revoke_action_links(ctx: Context, account: Account, to: To) -> int:
    """Ends every link of the account to this place, whoever has it; answers how many those were."""
    text = json.dumps(dict(to.parameters), sort_keys=True)
    place = (ActionLinkRow.route == to.route) & (ActionLinkRow.parameters == text)
    return _end(ctx, place & (ActionLinkRow.account_id == account.id))


def find_action_link(scope: Scoped, token: str, now: datetime) -> ActionLink:
    """The link with this token; `NotFound` for one that does not work, whatever the reason.

    It does not where it expired, was used up or revoked, where the contact is unlinked, the address
    is another or has neither LOGIN nor NOTIFY any more, and where the account is archived.
    """
    columns = (
        ActionLinkRow.id.alias("link_id"),
        ActionLinkRow.route,
        ActionLinkRow.parameters,
        ActionLinkRow.email_id.alias("link_email_id"),
        ContactEmailRow.address,
        ContactRow.name.alias("contact"),
    )
    row = (
        ActionLinkRow.of(scope, AccountRow, *columns)
        .join(
            ContactEmailRow,
            on=(ContactEmailRow.firm_id == ActionLinkRow.firm_id)
            & (ContactEmailRow.id == ActionLinkRow.email_id)
            & (ContactEmailRow.address_key == ActionLinkRow.address_key),
        )
        .join_from(
            ContactEmailRow,
            ContactRow,
            on=(ContactRow.firm_id == ContactEmailRow.firm_id)
            & (ContactRow.id == ContactEmailRow.contact_id),
        )
        .join_from(
            ActionLinkRow,
            AddressSettingRow,
            on=(AddressSettingRow.firm_id == ActionLinkRow.firm_id)
            & (AddressSettingRow.account_id == ActionLinkRow.account_id)
            & (AddressSettingRow.email_id == ActionLinkRow.email_id),
        )
        .join_from(
            ActionLinkRow,
            AccountRow,
            on=(AccountRow.firm_id == ActionLinkRow.firm_id)
            & (AccountRow.id == ActionLinkRow.account_id),
        )
        .where(
            (ActionLinkRow.token_hash == _hash(token))
            & _works(now)
            & (AddressSettingRow.login | AddressSettingRow.notify)
            & AccountRow.archived.is_null()
        )
        .objects()
        .first()
    )
    if row is None:
        raise NotFound
    return ActionLink(
        id=row.link_id,
        route=row.route,
        parameters=json.loads(row.parameters),
        account=account_of_row(row),
        viewer=Viewer(
            person_id=0,
            member_id=0,
            name=row.contact,
            role=Role.CLIENT,
            rights=frozenset(),
            email_id=row.link_email_id,
        ),
        address=row.address,
    )


def use_action_link(ctx: Context, link: ActionLink) -> None:
    """Takes one of its uses, within the transaction of what is done; of two at once one is refused.

    The history tells who did it.
    """
    taken = (
        ActionLinkRow.change(ctx, uses_left=ActionLinkRow.uses_left - 1)
        .where((ActionLinkRow.id == link.id) & _works(ctx.now))
        .execute()
    )
    if not taken:
        raise Refused(_("This link was used already."))
    audit.record(
        ctx,
        events.ACTION_LINK_USED,
        account_id=link.account.id,
        after={"address": link.address, "action": link.route},
    )


def _works(now: datetime) -> Any:
    return (
        ActionLinkRow.ended.is_null()
        & (ActionLinkRow.expires > now)
        & (ActionLinkRow.uses_left.is_null() | (ActionLinkRow.uses_left > 0))
    )


def _end(ctx: Context, which: Any) -> int:
    query = ActionLinkRow.change(ctx, ended=ctx.now)
    return int(query.where(which & ActionLinkRow.ended.is_null()).execute())


def _link_of_email() -> Any:
    return (LinkRow.firm_id == ContactEmailRow.firm_id) & (
        LinkRow.contact_id == ContactEmailRow.contact_id
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
