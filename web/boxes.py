"""The shell's own cards on home page and portal, contributed as everybody's are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.account_roles import team_with_roles
from crm_core.accounts import account_of_row, visible_accounts
from crm_core.catalog import Contributed
from crm_core.context import Item, To, item_list
from crm_core.contributions import Place, Section
from crm_core.permissions import MANAGE_ACCOUNTS, SEE_ACCOUNTS, USE_PORTAL, may
from crm_core.store.tables import AccountRow
from web.settling import SHELL
from web.words import _

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context, Fragment

SHOWN = 5


def newest_clients(ctx: Context) -> Fragment:
    """The clients that the viewer sees and that were added last."""
    active = visible_accounts(ctx).where(AccountRow.archived.is_null())
    found = [account_of_row(row) for row in active.order_by(AccountRow.id.desc()).limit(SHOWN)]
    items = [
        Item(
            what=account.name,
            to=To("shell.overview", {"account": account.public_id}),
            who=account.number,
            when=account.created,
        )
        for account in found
    ]
    start = (To("shell.new_client"), _("Add the first client"))
    if not may(ctx, MANAGE_ACCOUNTS):
        return item_list(items, empty=_("You do not see a client yet."))
    return item_list(items, empty=_("The firm has no client yet."), start=start)


def team_for_client(ctx: Context, account: Account) -> Fragment:
    """Who works for the client, for themselves to see: names, and what each does for them."""
    team = team_with_roles(ctx, account)
    items = [Item(what=name, who=", ".join(roles)) for name, roles in team]
    return item_list(items, empty=_("Your accountant has not said yet who works for you."))


SHELL_SECTIONS = (
    Contributed(
        SHELL,
        Section(
            name="portal_team",
            title=_("Who works for you"),
            place=Place.PORTAL,
            load=team_for_client,
            needs=USE_PORTAL,
            order=900,
        ),
    ),
    Contributed(
        SHELL,
        Section(
            name="newest_clients",
            title=_("New clients"),
            place=Place.HOME,
            load=newest_clients,
            needs=SEE_ACCOUNTS,
            all_route="clients",
            order=900,
        ),
    ),
)
